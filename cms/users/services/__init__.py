"""What people do with their accounts, and what is decided about them."""

from cms.users.services.accounts import (
    PAYOUT_COUNTRIES,
    PHOTO_BYTES,
    become_creator,
    edit_profile,
    hold_payouts,
    register_verified,
)
from cms.users.services.announcing import announce_renamed

__all__ = [
    "PAYOUT_COUNTRIES", "PHOTO_BYTES", "announce_renamed", "become_creator", "edit_profile", "hold_payouts",
    "register_verified",
]  # fmt: skip
