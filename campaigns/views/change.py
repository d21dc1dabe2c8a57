"""Change my pledge: the form of back-this, filled with the pledge; the difference is shown before anything moves."""

import uuid
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from campaigns import selectors
from campaigns.exceptions import StaleVersion
from campaigns.models import Campaign
from campaigns.services.changing import change_pledge, quote_change
from campaigns.views import back_form
from campaigns.views.back_form import BackForm
from campaigns.views.choices import choice
from campaigns.views.pledge_access import PledgeAccess, pledge_access, private
from campaigns.views.pledge_sheets import lines_text
from campaigns.views.pledge_words import change_refusal
from cms.core import clock
from cms.core.errors import Refusal
from cms.users.models import User
from funding import selectors as funding_selectors
from funding.exceptions import IdempotencyConflict, PledgeNotChangeable, ProviderUnavailable
from funding.models import Pledge, Reward
from funding.money import format_money, major
from funding.services import amending
from funding.services.amending import Quote
from funding.services.pledging import LineInput

# What people decide anew; who backs, and what they said, stays.
KEPT_OUT = ("email", "anonymous", "message")


@dataclass
class _Visit:
    """What one request to the form is about."""

    access: PledgeAccess
    campaign: Campaign
    rewards: list[Reward]
    lines: list[LineInput]
    held: dict[str, int]
    secret: str = ""
    line_errors: dict[str, list[str]] = field(default_factory=dict)
    changed: dict[str, str] | None = None

    @property
    def pledge(self) -> Pledge:
        return self.access.pledge


@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pledge_id: str) -> HttpResponse:
    """Show the form; on POST say what the change costs, or make it and go on to the checkout of the difference."""
    visit = _visit(request, pledge_id)
    code = funding_selectors.why_not(visit.pledge).get("change")
    if code and not _is_repeated(request, visit.pledge):
        return _render(request, visit, _form(visit), closed=change_refusal(code), status=409)
    if request.method == "GET":
        return _render(request, visit, _form(visit))
    form = _form(visit, data=request.POST)
    visit.lines, visit.line_errors = back_form.read_lines(request.POST, visit.rewards)
    form.full_clean()
    if not visit.line_errors:
        back_form.check_choice(form, visit.lines, visit.rewards)
    if form.errors or visit.line_errors:
        return _render(request, visit, form, status=400)
    confirmed = request.POST.get("action") == "confirm"
    return _make(request, visit, form) if confirmed else _review(request, visit, form)


def _is_repeated(request: HttpRequest, pledge: Pledge) -> bool:
    """A second click: it gets the answer of the first."""
    key = request.POST.get("idempotency_key", "")
    return bool(key) and pledge.amendments.filter(idempotency_key=key).exists()


@never_cache
@require_POST
def drop_change(request: HttpRequest, pledge_id: str) -> HttpResponse:
    """Give an open change up."""
    access = pledge_access(request, pledge_id)
    # It may have been paid or ended meanwhile: the pledge's page says so.
    with suppress(PledgeNotChangeable):
        amending.drop_amendment(pledge_id=access.pledge.pk, actor=_actor(request, access))
    return private(redirect(access.url("pledge")))


def _actor(request: HttpRequest, access: PledgeAccess) -> User | None:
    # The token is the pledge's own, whoever carries it: a guest may have signed in since.
    return request.user if isinstance(request.user, User) and not access.token else None


def _review(request: HttpRequest, visit: _Visit, form: BackForm) -> HttpResponse:
    data = form.cleaned_data
    try:
        quote = quote_change(
            pledge=visit.pledge, lines=visit.lines, extra=data["extra"], country=data.get("country", ""),
            version=data["version"], locale=get_language() or "en", secret=visit.secret,
        )  # fmt: skip
    except Refusal as refusal:
        return _refused(request, visit, form, refusal)
    return _render(request, visit, form, quote=quote)


def _make(request: HttpRequest, visit: _Visit, form: BackForm) -> HttpResponse:
    data = form.cleaned_data
    try:
        result = change_pledge(
            pledge=visit.pledge, actor=_actor(request, visit.access), lines=visit.lines, extra=data["extra"],
            country=data.get("country", ""), version=data["version"], locale=get_language() or "en",
            idempotency_key=data["idempotency_key"], secret=visit.secret,
        )  # fmt: skip
    except Refusal as refusal:
        return _refused(request, visit, form, refusal)
    if result.payment and result.payment.checkout_url and result.amendment.is_open:
        return private(redirect(result.payment.checkout_url))
    return private(redirect(visit.access.url("pledge")))


def _refused(request: HttpRequest, visit: _Visit, form: BackForm, refusal: Refusal) -> HttpResponse:
    """A refusal beside the field it is about."""
    reward = refusal.extra.get("reward")
    if isinstance(refusal, PledgeNotChangeable):
        return _render(request, visit, form, closed=change_refusal(refusal.extra["reason"]), status=409)
    if isinstance(refusal, StaleVersion):
        page = selectors.campaign_page(visit.campaign.key, get_language() or "en")
        visit.changed = {"text": str(refusal), "url": f"{page.url}#history" if page else ""}
        form.data = {**form.data.dict(), "version": refusal.extra["version"]}  # type: ignore[attr-defined]
    elif isinstance(refusal, IdempotencyConflict):
        form.data = {**form.data.dict(), "idempotency_key": str(uuid.uuid4())}  # type: ignore[attr-defined]
        form.add_error(None, gettext("Your choice changed since the last try. Check it once more, then confirm."))
    elif isinstance(refusal, ProviderUnavailable):
        text = gettext("The payment service can't be reached right now. Nothing was charged. Please try again shortly.")
        form.add_error(None, text)
    elif reward and any(reward == known.key for known in visit.rewards):
        visit.line_errors.setdefault(reward, []).append(str(refusal))
    else:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return _render(request, visit, form, status=refusal.status)


def _visit(request: HttpRequest, pledge_id: str) -> _Visit:
    access = pledge_access(request, pledge_id)
    lines = [
        LineInput(line.reward.key, line.quantity, line.variant.key if line.variant else None)
        for line in access.pledge.lines.select_related("reward", "variant")
    ]
    held: Counter[str] = Counter()
    for line in lines:
        held[line.reward] += line.quantity
    escrow = access.pledge.escrow
    secret = request.GET.get("secret", "")
    opened = selectors.opened_rewards(escrow.key, secret)
    # What one holds stays to be seen, whether its link was renewed meanwhile or not.
    rewards = selectors.rewards_of(escrow, opened=opened | set(held))
    return _Visit(access, escrow.campaign, rewards, lines, held, secret if opened else "")


def _form(visit: _Visit, *, data: Any = None) -> BackForm:
    pledge = visit.pledge
    version = selectors.latest_version(visit.campaign, get_language() or "en")
    initial = {
        "version": version.hash if version else "", "country": pledge.country,
        "extra": major(pledge.extra_amount, pledge.currency) if pledge.extra_amount else "",
    }  # fmt: skip
    form = BackForm(data, escrow=pledge.escrow, rewards=visit.rewards, signed_in=True, initial=initial)
    for name in KEPT_OUT:
        form.fields.pop(name, None)
    return form


def _render(
    request: HttpRequest,
    visit: _Visit,
    form: BackForm,
    *,
    closed: str = "",
    quote: Quote | None = None,
    status: int = 200,
) -> HttpResponse:
    pledge, access = visit.pledge, visit.access
    currency, now, language = pledge.currency, clock.now(), get_language() or "en"
    choices = [_choice(reward, visit, language, now) for reward in visit.rewards]
    context = {
        "title": pledge.escrow.name(language),
        "pledge_url": access.url("pledge"),
        "action": _action(visit),
        "now_text": lines_text(pledge, language),
        "now_total": format_money(pledge.total, currency, exact=True),
        "paid_minor": pledge.total,
        "currency": currency,
        "form": form,
        "rewards": [one for one in choices if not one["is_addon"]],
        "add_ons": [one for one in choices if one["is_addon"]],
        "extra_prefix": format_money(0, currency).removesuffix("0"),
        "total": format_money(quote.order.total if quote else pledge.total, currency, exact=True),
        "quote": _quote_text(quote, currency) if quote else None,
        "closed": closed,
        "changed": visit.changed,
        "wrong_choice": bool(visit.line_errors),
    }
    return private(render(request, "pages/pledge_change.html", {"change": context}, status=status))


def _action(visit: _Visit) -> str:
    url = visit.access.url("pledge_change")
    return f"{url}{'&' if '?' in url else '?'}{urlencode({'secret': visit.secret})}" if visit.secret else url


def _choice(reward: Reward, visit: _Visit, language: str, now: Any) -> dict[str, Any]:
    """What one holds already stays choosable, whatever is left for others."""
    line = next((line for line in visit.lines if line.reward == reward.key), None)
    held = visit.held.get(reward.key, 0)
    made = choice(
        reward, line, errors=visit.line_errors.get(reward.key, []), locale=language, zone=visit.campaign.timezone,
        now=now, campaign_key=visit.campaign.key,
    )  # fmt: skip
    if not held:
        return made
    most = (reward.remaining or 0) + held if reward.remaining is not None else made["max"]
    return {**made, "available": True, "max": max(held, min(most, reward.per_person_limit or most))}


def _quote_text(quote: Quote, currency: str) -> dict[str, str]:
    """The difference in words, and the button that confirms it."""
    amount = format_money(abs(quote.difference), currency, exact=True)
    if quote.difference > 0:
        text = gettext("You pay a difference of %(amount)s. Your pledge changes as soon as it is paid.")
        button = gettext("Confirm and pay %(amount)s")
    elif quote.difference < 0:
        text = gettext("You get %(amount)s back. Your pledge changes when the money is on its way.")
        button = gettext("Confirm the change")
    else:
        text, button = gettext("It costs the same: your pledge changes at once."), gettext("Confirm the change")
    return {"text": text % {"amount": amount}, "button": button % {"amount": amount}}
