"""Back this: one page, one form, then the hosted checkout."""

import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaigns import selectors
from campaigns.exceptions import StaleVersion
from campaigns.models import Campaign, CampaignPage
from campaigns.services.backing import back_campaign
from campaigns.views import back_form
from campaigns.views.back_form import BackForm
from campaigns.views.choices import choice
from campaigns.views.money_path import money_path
from cms.core import clock
from cms.core.errors import Refusal
from cms.users.models import User
from funding.exceptions import CampaignNotOpen, IdempotencyConflict, ProviderUnavailable
from funding.models import Escrow, Reward
from funding.money import format_money
from funding.services.pledging import LineInput
from funding.states import EscrowState


@dataclass
class _Visit:
    """What one request to the form is about."""

    campaign: Campaign
    escrow: Escrow
    page: CampaignPage
    rewards: list[Reward]
    user: User | None
    secret: str = ""
    lines: list[LineInput] = field(default_factory=list)
    line_errors: dict[str, list[str]] = field(default_factory=dict)
    changed: dict[str, str] | None = None

    @property
    def language(self) -> str:
        return get_language() or "en"

    @property
    def query(self) -> str:
        """What keeps a secret reward open from one page to the next."""
        return f"?{urlencode({'secret': self.secret})}" if self.secret else ""


@never_cache
@require_http_methods(["GET", "POST"])
def back(request: HttpRequest, key: str) -> HttpResponse:
    """Show the form; on POST place the pledge and send the backer to the checkout."""
    visit = _visit(request, key)
    if isinstance(visit, CampaignPage):
        return redirect(visit.url)
    if not (visit.escrow.state == EscrowState.OPEN and clock.now() < visit.escrow.deadline):
        return _render(request, visit, _form(visit), closed=gettext("This campaign takes no pledges now."), status=409)
    if request.method == "GET":
        return _render(request, visit, _form(visit, chosen=request.GET.get("reward", "")))
    form = _form(visit, data=request.POST)
    visit.lines, visit.line_errors = back_form.read_lines(request.POST, visit.rewards)
    form.full_clean()
    if not visit.line_errors:
        back_form.check_choice(form, visit.lines, visit.rewards)
    if form.errors or visit.line_errors:
        return _render(request, visit, form, status=400)
    if request.POST.get("action") == "review":
        return _render(request, visit, form, reviewed=True)
    return _place(request, visit, form)


def _place(request: HttpRequest, visit: _Visit, form: BackForm) -> HttpResponse:
    data = form.cleaned_data
    try:
        result = back_campaign(
            campaign_key=visit.campaign.key, user=visit.user, email=visit.user.email if visit.user else data["email"],
            locale=visit.language, lines=visit.lines, extra=data["extra"], country=data.get("country", ""),
            anonymous=data["anonymous"], message=data["message"], version=data["version"],
            idempotency_key=data["idempotency_key"], provider=data.get("provider", ""), handset=_on_phone(request),
            client_ip=get_adapter().get_client_ip(request), secret=visit.secret,
        )  # fmt: skip
    except StaleVersion as refusal:
        visit.changed = {"text": str(refusal), "url": f"{visit.page.url}#history"}
        form.data = {**form.data.dict(), "version": refusal.extra["version"]}  # type: ignore[attr-defined]
        return _render(request, visit, form, status=409)
    except IdempotencyConflict:
        # The choice changed after a checkout that could not be opened: it is another pledge, with a key of its own.
        form.data = {**form.data.dict(), "idempotency_key": str(uuid.uuid4())}  # type: ignore[attr-defined]
        note = gettext("Your choice changed since the last try. Check it once more, then go on to payment.")
        form.add_error(None, note)
        return _render(request, visit, form, status=409)
    except CampaignNotOpen as refusal:
        return _render(request, visit, form, closed=str(refusal), status=409)
    except Refusal as refusal:
        _show(refusal, visit, form)
        return _render(request, visit, form, status=refusal.status)
    if result.payment.checkout_url:
        return redirect(result.payment.checkout_url)
    query = urlencode({} if visit.user else {"token": result.access_token})
    return redirect(f"{reverse('pledge', kwargs={'pledge_id': result.pledge.pk})}{'?' + query if query else ''}")


def _on_phone(request: HttpRequest) -> bool:
    """Whether the browser is a phone's own. WeChat's has its own ways, and scans a code from the screen."""
    agent = request.headers.get("User-Agent", "")
    return "Mobi" in agent and "MicroMessenger" not in agent


def _show(refusal: Refusal, visit: _Visit, form: BackForm) -> None:
    """Put a refusal beside the field it is about."""
    reward = refusal.extra.get("reward")
    if isinstance(refusal, ProviderUnavailable):
        text = gettext("The payment service can't be reached right now. Nothing was charged. Please try again shortly.")
        form.add_error(None, text)
    elif reward and any(reward == known.key for known in visit.rewards):
        visit.line_errors.setdefault(reward, []).append(str(refusal))
    else:
        name = refusal.field if refusal.field in form.fields else None
        form.add_error(name, str(refusal))


def _visit(request: HttpRequest, key: str) -> _Visit | CampaignPage:
    """What the request is about; the page alone where the campaign was not launched: it says so itself."""
    page = selectors.campaign_page(key, get_language() or "en")
    if page is None:
        raise Http404
    if page.campaign.escrow is None:
        return page
    escrow = page.campaign.escrow
    user = request.user if request.user.is_authenticated else None
    secret = request.GET.get("secret", "")
    opened = selectors.opened_rewards(key, secret)
    rewards = selectors.rewards_of(escrow, opened=opened)
    return _Visit(page.campaign, escrow, page, rewards, user, secret if opened else "")


def _form(visit: _Visit, *, data: Any = None, chosen: str = "") -> BackForm:
    if chosen:
        visit.lines = [LineInput(chosen, 1) for reward in visit.rewards if reward.key == chosen]
    version = selectors.latest_version(visit.campaign, visit.language)
    initial = {"version": version.hash if version else "", "country": (visit.user.country if visit.user else "")}
    return BackForm(data, escrow=visit.escrow, rewards=visit.rewards, signed_in=visit.user is not None, initial=initial)


def _render(
    request: HttpRequest,
    visit: _Visit,
    form: BackForm,
    *,
    closed: str = "",
    reviewed: bool = False,
    status: int = 200,
) -> HttpResponse:
    currency, now = visit.escrow.currency, clock.now()
    choices = [_choice(reward, visit, now=now) for reward in visit.rewards]
    sign_in = f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
    context = {
        "title": visit.page.title,
        "campaign_url": f"{visit.page.url}{visit.query}",
        "action": f"{request.path}{visit.query}",
        "currency": currency,
        "form": form,
        "rewards": [choice for choice in choices if not choice["is_addon"]],
        "add_ons": [choice for choice in choices if choice["is_addon"]],
        "total": format_money(_total(visit, form), currency),
        "extra_prefix": format_money(0, currency).removesuffix("0"),
        "signed_in_as": visit.user.email if visit.user else "",
        "sign_in_url": sign_in,
        "path": money_path(visit.escrow, zone=visit.campaign.timezone),
        "closed": closed,
        "changed": visit.changed,
        "wrong_choice": bool(visit.line_errors),
        "reviewed": reviewed,
    }
    return render(request, "pages/back.html", {"back": context}, status=status)


def _choice(reward: Reward, visit: _Visit, *, now: Any) -> dict[str, Any]:
    line = next((line for line in visit.lines if line.reward == reward.key), None)
    return choice(
        reward, line, errors=visit.line_errors.get(reward.key, []), locale=visit.language, zone=visit.campaign.timezone,
        now=now, campaign_key=visit.campaign.key,
    )  # fmt: skip


def _total(visit: _Visit, form: BackForm) -> int:
    """What the lines cost so far, shipping included where the country is known. For show: the service decides."""
    by_key = {reward.key: reward for reward in visit.rewards}
    data = getattr(form, "cleaned_data", {})
    country = data.get("country", "")
    total = data.get("extra", 0)
    for line in visit.lines:
        reward = by_key[line.reward]
        fee = reward.shipping.get(country, reward.shipping.get(back_form.ANYWHERE, 0)) if country else 0
        total += line.quantity * (reward.price + fee)
    return int(total)
