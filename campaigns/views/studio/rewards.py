"""One reward: add, edit, remove, reorder; after launch through what funding allows."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.forms.rewards import (
    KINDS,
    RewardForm,
    ShippingFormSet,
    VariantFormSet,
    read_shipping,
    read_variants,
    shipping_rows,
    variant_rows,
)
from campaigns.forms.steps import DeliveryForm, QuantityForm
from campaigns.models import RewardDraft
from campaigns.services import amending, delivering, rewarding, why_frozen
from campaigns.services.rewarding import RewardInput
from campaigns.states import CampaignState
from campaigns.views.rewards import shipping_text
from campaigns.views.studio.frame import CampaignView
from campaigns.views.studio.terms import show, why_locked
from cms.core.errors import Refusal
from cms.core.moments import month_text, time_text
from funding.models import Reward
from funding.money import format_money


class RewardView(CampaignView):
    """The form of a reward."""

    template_name = "studio/reward.html"
    header_icon = "tag"

    @cached_property
    def reward(self) -> RewardDraft | None:
        """The reward of the address; None for a new one."""
        if "reward" not in self.kwargs:
            return None
        found = self.campaign.reward_drafts.filter(key=self.kwargs["reward"]).prefetch_related("variants").first()
        if found is None:
            raise Http404
        return found

    @property
    def launched(self) -> bool:
        """Whether funding decides what may change."""
        return self.campaign.state == CampaignState.LAUNCHED

    @property
    def locked(self) -> str:
        """Why it can't be edited, or nothing."""
        if self.launched:
            live = self._live()
            return _("Somebody has chosen this reward: you may only offer more of it.") if live and live.claimed else ""
        return "" if self.campaign.terms_editable else why_locked(self.campaign)

    def get_page_title(self) -> str:
        """Which one."""
        return str(self.reward) if self.reward else _("Add a reward")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Form, variants, shipping."""
        if "form" not in kwargs:
            kwargs.update(self._forms())
        # The address names the reward's key under the same word.
        shown: dict[str, Any] = {"reward": self.reward, "locked": self.locked, "launched": self.launched}
        if self.locked and self.launched:
            shown["frozen"] = frozen_rows(kwargs["form"], self.reward)
        return super().get_context_data(**{**kwargs, **shown})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save through the service that this state asks for."""
        forms = self._forms(request.POST)
        valid = [part.is_valid() for part in forms.values()]
        if all(valid):
            fees = read_shipping(forms["shipping"], self.campaign.currency)
            data = forms["form"].reward(fees, read_variants(forms["variants"]))
            if data is not None and not any(part.errors for part in forms["shipping"].forms):
                try:
                    self._save(data, forms["form"].cleaned_data)
                except Refusal as refusal:
                    show(forms["form"], refusal, self)
                else:
                    self.done(_("The reward is saved."))
                    return self.back("studio:terms")
        return self.render_to_response(self.get_context_data(**forms), status=422)

    def _save(self, data: RewardInput, cleaned: dict[str, Any]) -> None:
        user, reward, revision, why = self.me, self.reward, cleaned["revision"], cleaned["reason"]
        if self.launched and reward is None:
            amending.add_reward(campaign=self.campaign, actor=user, reward=data, reason=why)
        elif self.launched and reward is not None:
            amending.change_unclaimed(campaign=self.campaign, actor=user, key=reward.key, data=data, reason=why)
        elif reward is None:
            rewarding.add_reward_draft(campaign=self.campaign, actor=user, reward=data, revision=revision)
        else:
            rewarding.revise_reward(reward=reward, actor=user, data=data, revision=revision)

    def _forms(self, data: Any = None) -> dict[str, Any]:
        return {
            "form": RewardForm(data, campaign=self.campaign, user=self.me, reward=self.reward),
            "variants": VariantFormSet(data, initial=variant_rows(self.reward), prefix="variants"),
            "shipping": ShippingFormSet(data, initial=shipping_rows(self.campaign, self.reward), prefix="shipping"),
        }

    def _live(self) -> Any:
        return Reward.objects.filter(escrow=self.campaign.escrow_id, key=self.kwargs.get("reward", "")).first()


def frozen_rows(form: RewardForm, reward: RewardDraft | None) -> list[dict[str, str]]:
    """Each locked field of a claimed reward with its value and the reason."""
    rows = []
    for name, why in why_frozen.REASONS.items():
        value = getattr(reward, name)
        if name == "shipping":
            value = shipping_text(value, form.campaign.currency)
        elif name == "price":
            value = format_money(value, form.campaign.currency)
        elif name == "kind":
            value = dict(KINDS)[value]
        elif name == "delivery_month":
            value = month_text(value) if value else ""
        elif isinstance(value, bool):
            value = _("Yes") if value else _("No")
        elif isinstance(value, datetime):
            value = time_text(value, zone=form.campaign.timezone)
        label = form.fields[name].label if name in form.fields else _("Shipping")
        rows.append({"name": str(label), "value": str(value or "—"), "why": str(why)})
    return rows


class RewardRemove(RewardView):
    """Ask, then remove."""

    template_name = "studio/confirm.html"
    page_title = gettext_lazy("Remove the reward")

    def get_page_title(self) -> str:
        """What is about to happen."""
        return str(self.page_title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The question."""
        question = _("“%(title)s” is removed from the draft terms.") % {"title": self.reward}
        return CampaignView.get_context_data(
            self, question=question, label=_("Remove it"), serious=True, back="studio:terms", **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Remove it."""
        try:
            if self.reward is not None:
                rewarding.remove_reward_draft(reward=self.reward, actor=self.me, revision=None)
        except Refusal as refusal:
            self.refuse(refusal)
        else:
            self.done(_("The reward is removed."))
        return self.back("studio:terms")


class DeliveryView(RewardView):
    """Move the month in which a launched reward is expected."""

    template_name = "studio/delivery.html"
    page_title = gettext_lazy("Move the delivery")

    def get_page_title(self) -> str:
        """What is about to happen."""
        return str(self.page_title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, with what was promised and what follows from moving it far."""
        live = self._live()
        kwargs.setdefault(
            "form", DeliveryForm(initial={"month": live and (live.expected_month or live.delivery_month)})
        )
        return CampaignView.get_context_data(
            self, live=live, after=settings.DELIVERY_LEAVE_AFTER_DAYS, window=settings.DELIVERY_LEAVE_WINDOW_DAYS,
            **kwargs,
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Move it and tell the backers."""
        form = DeliveryForm(request.POST)
        if form.is_valid():
            try:
                delivering.move_delivery(
                    campaign=self.campaign, actor=self.me, key=self.kwargs["reward"], **form.cleaned_data
                )
            except Refusal as refusal:
                show(form, refusal, self)
            else:
                self.done(_("The delivery is moved, and the backers are told."))
                return self.back("studio:terms")
        return self.render_to_response(self.get_context_data(form=form), status=422)


class SecretRenew(RewardView):
    """Another link for a secret reward: asked first, since the one before opens nothing afterwards."""

    template_name = "studio/confirm.html"
    page_title = gettext_lazy("Renew the secret link")

    def get_page_title(self) -> str:
        """What is about to happen."""
        return str(self.page_title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The question."""
        question = _("“%(title)s” gets another link. Whoever has the one before can't choose it any more.")
        return CampaignView.get_context_data(
            self, question=question % {"title": self.reward}, label=_("Renew the link"), serious=True,
            back="studio:terms", **kwargs,
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Renew it."""
        try:
            if self.reward is not None:
                rewarding.renew_secret(reward=self.reward, actor=self.me)
        except Refusal as refusal:
            self.refuse(refusal)
        else:
            self.done(_("The reward has another link; the one before opens nothing."))
        return self.back("studio:terms")


class RewardMove(RewardView):
    """One place up or down."""

    http_method_names = ["post"]  # noqa: RUF012

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Swap with its neighbour."""
        keys = list(self.campaign.reward_drafts.values_list("key", flat=True))
        here = keys.index(self.reward.key if self.reward else "")
        there = here + (-1 if request.POST.get("direction") == "up" else 1)
        if 0 <= there < len(keys):
            keys[here], keys[there] = keys[there], keys[here]
            try:
                rewarding.reorder_rewards(campaign=self.campaign, actor=self.me, keys=keys, revision=None)
            except Refusal as refusal:
                self.refuse(refusal)
        return self.back("studio:terms")


class RewardQuantity(RewardView):
    """Offer more of a launched reward."""

    http_method_names = ["post"]  # noqa: RUF012

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Raise it."""
        form = QuantityForm(request.POST)
        if not form.is_valid():
            self.refuse(Refusal(_("Enter a whole number, or leave it empty for as many as wanted.")))
            return self.back("studio:terms")
        try:
            amending.raise_quantity(
                campaign=self.campaign, actor=self.me, key=self.kwargs["reward"],
                quantity=form.cleaned_data["quantity"], variant_key=form.cleaned_data["variant"] or None,
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except Refusal as refusal:
            self.refuse(refusal)
        else:
            self.done(_("The quantity is raised."))
        return self.back("studio:terms")
