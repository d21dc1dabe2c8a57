"""Verifying creators: the queue, and one creator's papers on one reviewer's table."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.forms.creators import VerdictForm
from campaigns.views.studio.frame import StudioView
from cms.core.errors import Refusal
from cms.users import roles
from cms.users.models import CreatorDocument, CreatorProfile, DocumentDecision
from cms.users.selectors import documents_asked, has_claim, verification_queue
from cms.users.services import verifying

PER_PAGE = 25
RECENT = 10


class VerificationsView(StudioView):
    """Who waits, longest first, on whose table it is, and what was decided last."""

    template_name = "studio/verifications.html"
    page_title = gettext_lazy("Creators' documents")
    header_icon = "clipboard-list"

    def allowed(self) -> bool:
        """Reviewers."""
        return roles.has_role(self.me, roles.REVIEWER)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Home › Creators' documents"""
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")}, {"url": "", "label": str(self.page_title)},
        ]  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Rows; their count doesn't change the number of queries."""
        page = Paginator(verification_queue(), PER_PAGE).get_page(self.request.GET.get("p"))
        recent = DocumentDecision.objects.filter(role=verifying.ROLE).exclude(verdict="replaced")
        recent = recent.select_related("document__profile__user", "decided_by").order_by("-pk")[:RECENT]
        return super().get_context_data(page=page, recent=recent, real_now=timezone.now(), **kwargs)


class VerificationView(VerificationsView):
    """One creator's papers."""

    template_name = "studio/verification.html"

    @cached_property
    def profile(self) -> CreatorProfile:
        """The creator of the address."""
        found = CreatorProfile.objects.select_related("user", "claimed_by").filter(key=self.kwargs["key"]).first()
        if found is None:
            raise Http404
        return found

    def get_page_title(self) -> str:
        """Whose."""
        return self.profile.user.public_name

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Home › Creators' documents › the creator"""
        home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
        queue = {"url": reverse("studio:verifications"), "label": str(self.page_title)}
        return [home, queue, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What was asked, handed in and decided."""
        profile = self.profile
        log = DocumentDecision.objects.filter(document__profile=profile).select_related("document", "decided_by")
        held = profile.claimed_until is not None and profile.claimed_until > timezone.now()
        kwargs.setdefault("form", VerdictForm())
        return StudioView.get_context_data(
            self, profile=profile, asked=documents_asked(profile), log=log, mine=has_claim(profile, self.me),
            other=profile.claimed_by if held and profile.claimed_by_id != self.me.pk else None,
            impartial=verifying.impartial(self.me, profile.user), **kwargs,
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the papers, clear the table, or decide about one."""
        try:
            if "claim" in request.POST:
                verifying.claim(profile=self.profile, actor=self.me)
            elif "release" in request.POST:
                verifying.release(profile=self.profile, actor=self.me)
                return redirect("studio:verifications")
            else:
                self._decide(request)
        except Refusal as refusal:
            self.refuse(refusal)
        return redirect("studio:verification", self.profile.key)

    def _decide(self, request: HttpRequest) -> None:
        form = VerdictForm(request.POST)
        if not form.is_valid():
            raise Refusal(_("Choose what you decide."))
        data = form.cleaned_data
        document = CreatorDocument.objects.filter(profile=self.profile, pk=data["document"]).first()
        if document is None:
            raise Http404
        act = {"approve": verifying.approve, "reject": verifying.reject, "revoke": verifying.revoke}[data["decision"]]
        act(document=document, actor=self.me, reason=data["reason"])
        self.done(_("Your decision is recorded, and the creator gets a mail."))
