"""The desk's own pages: an escrow laid open, the platform's statement, and the demo's clock."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from django.views.generic.edit import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.core import clock, timetravel
from funding.desk import offers
from funding.desk.columns import instant, pill_html
from funding.desk.forms import PlatformStatementForm, StatementForm, TimeForm
from funding.desk.permissions import READERS, TIME_TRAVELLERS, require_any
from funding.desk.register import timeline
from funding.desk.steps import steps_of
from funding.documents.files import FORMS, statement_file
from funding.documents.statements import KINDS, label
from funding.models import Escrow, LedgerAccount, Release
from funding.money import format_money
from funding.services import claiming, settling
from funding.statements import Statement, StatementRow, escrow_statement, platform_statement

# Lines of a statement's page.
SHOWN_LINES = 100
# States in which nothing will be split any more.
GOING_BACK = ("failed", "cancelling", "refunding", "refund_blocked", "refunded")


class DeskPage(WagtailAdminTemplateMixin, TemplateView):
    """A page of the desk, for those who may read the registers."""

    readers: ClassVar[tuple[str, ...]] = READERS
    breadcrumbs_items: ClassVar[list[Any]] = []
    header_icon = "table"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Readers only."""
        require_any(request, self.readers)
        return super().dispatch(request, *args, **kwargs)


def shown(request: HttpRequest, statement: Statement) -> dict[str, Any]:
    """The lines of a page as people read them, and where the others are; the balance runs on across pages."""
    typed = request.GET.get("page", "1")
    number = int(typed) if typed.isascii() and typed.isdigit() and 0 < len(typed) < 7 else 1
    page = statement.page(number, SHOWN_LINES)

    def address(to: int) -> str:
        return "?" + urlencode({**request.GET.dict(), "page": to})

    return {
        "lines": [_line(row) for row in page.rows],
        "count": page.count,
        "previous_url": address(number - 1) if number > 1 else "",
        "next_url": address(number + 1) if number * SHOWN_LINES < page.count else "",
    }


def _file(request: HttpRequest, statement: Statement, name: str) -> HttpResponseBase | None:
    form = request.GET.get("export", "")
    if form not in FORMS:
        return None
    stamped = f"{name}-{clock.now():%Y%m%d}"
    return statement_file(statement, form=form, name=stamped, language=_language())


def _line(row: StatementRow) -> dict[str, Any]:
    def amount(value: int) -> str:
        return format_money(value, row.currency, exact=True) if value else ""

    return {
        "at": instant(row.at), "what": label(row), "name": row.name, "counterpart": row.counterpart,
        "incoming": amount(row.incoming), "outgoing": amount(row.outgoing), "journal": row.journal,
        "balance": format_money(row.balance, row.currency, exact=True),
    }  # fmt: skip


class EscrowPage(DeskPage):
    """One campaign's money: its totals, how it is or would be split, its statement and what happened when."""

    template_name = "funding/desk/escrow.html"
    header_icon = "lock"
    escrow: Escrow

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """The page, or the statement as a file."""
        self.escrow = get_object_or_404(Escrow.objects.select_related("creator"), pk=kwargs["pk"])
        self.form = StatementForm(request.GET)
        self.statement = escrow_statement(self.escrow, filters=self.form.filters())
        file = _file(request, self.statement, f"statement-{self.escrow.key}")
        return file or super().get(request, *args, **kwargs)

    def get_page_title(self) -> str:
        """The campaign's name."""
        return self.escrow.name(_language())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything of one escrow."""
        return super().get_context_data(
            **shown(self.request, self.statement), escrow=self.escrow, state=pill_html(self.escrow.state),
            facts=self._facts(), split=self._split(),
            form=self.form, timeline=timeline("escrow", self.escrow.pk),
            actions=offers.for_row(self.request.user, self.escrow), blocked=self._blocked(),
            steps=steps_of("escrow", self.escrow.state), **kwargs,
        )  # fmt: skip

    def _facts(self) -> list[tuple[str, Any]]:
        escrow, money = self.escrow, self._money
        return [
            (_("Goal"), money(escrow.goal)),
            (_("Captured"), money(escrow.captured)),
            (_("Refunded"), money(escrow.refunded)),
            (_("Released"), money(escrow.released)),
            (_("Held now"), money(escrow.held)),
            (_("Backers"), escrow.backers),
            (_("Creator"), escrow.creator),
            (_("Launched"), instant(escrow.launched_at)),
            (_("Deadline"), instant(escrow.deadline)),
            (_("Held until"), instant(escrow.hold_until)),
        ]

    def _split(self) -> dict[str, Any]:
        """The release as it was made, or as it would be made now."""
        escrow = self.escrow
        made = Release.objects.filter(escrow=escrow).first()
        held = escrow.held
        if made is None and (not held or escrow.state in GOING_BACK):
            return {}
        parts = made or settling.split_of(escrow, held)
        rows = [
            (_("Platform fee"), _percent(escrow.platform_fee_bps), parts.platform_fee),
            (_("Compensation fund"), _percent(escrow.compensation_fund_bps), parts.compensation_fund),
            (_("Tax withheld, of the creator's part"), _percent(escrow.tax_bps), parts.tax),
            (_("Creator"), "", parts.creator_amount),
            (_("Together"), "", parts.gross),
        ]
        return {"made": made, "rows": [(name, rate, self._money(amount)) for name, rate, amount in rows]}

    def _blocked(self) -> list[dict[str, Any]]:
        if self.escrow.state != "refund_blocked":
            return []
        return [
            {
                "url": reverse("funding_pledge_modeladmin_inspect", args=[item.pledge_id]), "pledge": item.pledge_id,
                "amount": self._money(item.amount), "why": item.why,
            }
            for item in claiming.unrefunded(escrow_id=self.escrow.pk)
        ]  # fmt: skip

    def _money(self, amount: int) -> str:
        return format_money(amount, self.escrow.currency, exact=True)


def _percent(bps: int) -> str:
    return f"{bps / 100:g} %"


def _language() -> str:
    return get_language() or "en"


class StatementPage(DeskPage):
    """One account of the platform, line by line."""

    template_name = "funding/desk/statement.html"
    page_title = gettext_lazy("Statement")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """The page, or the statement as a file."""
        self.form = PlatformStatementForm(request.GET)
        self.statement = platform_statement(filters=self.form.filters())
        file = _file(request, self.statement, "statement")
        return file or super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The lines of the chosen account, and the accounts to choose from."""
        accounts = LedgerAccount.objects.order_by("code").values_list("code", flat=True).distinct()
        return super().get_context_data(
            **shown(self.request, self.statement), form=self.form, kinds=KINDS, accounts=accounts[:200], **kwargs
        )


class TimePage(WagtailAdminTemplateMixin, FormView):
    """The demo's clock. There is no such page unless time can be moved."""

    template_name = "funding/desk/time.html"
    page_title = gettext_lazy("Move time")
    header_icon = "time"
    breadcrumbs_items: ClassVar[list[Any]] = []
    form_class = TimeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """In the demo, for finance and admins."""
        if not time_can_move():
            raise Http404
        require_any(request, TIME_TRAVELLERS)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: TimeForm) -> HttpResponse:
        """Move the local Stripe's clock, then ours, then do all that has become due."""
        try:
            journey = timetravel.advance(form.cleaned_data["duration"])
        except clock.ClockRefused as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        done = sum(count for count in journey.swept.values() if count > 0)
        sentence = _("It is now %(now)s. %(count)s things that had become due were done.")
        messages.success(self.request, sentence % {"now": instant(journey.now), "count": done})
        return redirect("funding_desk:time")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the clock says."""
        steps = [("1h", _("1 hour")), ("1d", _("1 day")), ("7d", _("1 week")), ("30d", _("30 days"))]
        return super().get_context_data(now=instant(clock.now()), offset=clock.offset(), steps=steps, **kwargs)


def time_can_move() -> bool:
    """Whether this is the demo, on the local Stripe."""
    return bool(settings.CLOCK_MOVABLE and settings.STRIPE_IS_LOCAL)
