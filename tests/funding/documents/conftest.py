"""Documents' tests stand on the settlement's: a scripted provider and people of the desk."""

from tests.funding.settling.conftest import creator, escrow, finance, gateway, later, second_finance, sweep

__all__ = ["creator", "escrow", "finance", "gateway", "later", "second_finance", "sweep"]
