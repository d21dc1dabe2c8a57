"""The desk in the admin's menu."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail_modeladmin.options import ModelAdminGroup

from funding.desk.pages import time_can_move
from funding.desk.permissions import ACTORS, READERS, TIME_TRAVELLERS, holds_any
from funding.desk.registers import REGISTERS
from funding.models.payees import BANK
from funding.services.channels import payout_rail


class DeskMenuItem(MenuItem):
    """A page of the desk that is no register."""

    def __init__(self, label: Any, route: str, *, allowed: Callable[[Any], bool], **kwargs: Any) -> None:
        super().__init__(label, reverse(route), **kwargs)
        self.allowed = allowed

    def is_shown(self, request: HttpRequest) -> bool:
        """For those who may open it."""
        return self.allowed(request.user)


class FinanceDesk(ModelAdminGroup):
    """All registers and pages under one menu item; whoever may open none sees none."""

    menu_label = _("Finance desk")
    menu_item_name = "finance-desk"
    menu_icon = "decimal"
    menu_order = 350
    items = REGISTERS

    def get_submenu_items(self) -> list[MenuItem]:
        """The registers, then the pages."""

        def reads(user: Any) -> bool:
            return holds_any(user, READERS)

        def pays(user: Any) -> bool:
            return holds_any(user, ACTORS) and payout_rail() == BANK

        def travels(user: Any) -> bool:
            return time_can_move() and holds_any(user, TIME_TRAVELLERS)

        return [
            *super().get_submenu_items(),
            DeskMenuItem(_("Statement"), "funding_desk:statement", allowed=reads, icon_name="table", order=100),
            DeskMenuItem(_("Tax withheld"), "funding_desk:tax", allowed=reads, icon_name="decimal", order=100),
            DeskMenuItem(
                _("Pay creators by bank transfer"),
                "funding_desk:make_batch",
                allowed=pays,
                icon_name="upload",
                order=100,
            ),
            DeskMenuItem(_("Today"), "funding_desk:today", allowed=reads, icon_name="decimal", order=-1),
            DeskMenuItem(_("Audit"), "funding_desk:audit", allowed=reads, icon_name="glasses", order=101),
            DeskMenuItem(_("Reconciliation"), "funding_desk:reconcile", allowed=reads, icon_name="link", order=101),
            DeskMenuItem(_("Balances"), "funding_desk:rebuild", allowed=reads, icon_name="resubmit", order=101),
            DeskMenuItem(_("Move time"), "funding_desk:time", allowed=travels, icon_name="time", order=102),
        ]
