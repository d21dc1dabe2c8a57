"""Pages that end at the checkout speak to the local Stripe."""

from tests.funding.conftest import sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]
