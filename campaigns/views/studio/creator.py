"""A creator's own page and papers: what is shown, what is asked, and what reviewers said."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.forms.creators import CreatorPageForm, LookForm, PaperForm
from campaigns.models import CampaignListing
from campaigns.views.studio.frame import StudioView
from campaigns.views.studio.terms import show
from cms.core.errors import InvalidInput, NotAllowed, Refusal
from cms.users import papers, roles
from cms.users.models import CreatorDocument, CreatorProfile, DocumentState, DocumentType
from cms.users.selectors import badges_of, documents_asked, is_verified
from cms.users.services import become_creator, documenting, edit_profile, presenting


class CreatorView(StudioView):
    """The public page's words, and the documents."""

    template_name = "studio/creator.html"
    page_title = gettext_lazy("Creator page")
    header_icon = "user"

    @cached_property
    def profile(self) -> CreatorProfile:
        """The reader's own."""
        return presenting.profile_of(self.me)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save what the page says."""
        form = CreatorPageForm(request.POST, request.FILES, profile=self.profile)
        if form.is_valid():
            try:
                self._save(form)
            except Refusal as refusal:
                show(form, refusal, self)
            else:
                self.done(_("Saved."))
                return redirect("studio:creator")
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _save(self, form: CreatorPageForm) -> None:
        data, me = form.cleaned_data, self.me
        links = presenting.clean_links(form.link_list())
        become_creator(
            user=me, display_name=data["display_name"], country=data["country"], payee_kind=data["payee_kind"]
        )
        if data["photo"]:
            edit_profile(
                user=me, display_name=me.display_name, bio=me.bio, locale=me.locale, timezone=me.timezone,
                photo=data["photo"],
            )  # fmt: skip
        texts = {name: data[name] for name in ("bio_en", "bio_zh", "place")}
        presenting.present(user=me, links=links, **texts)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Form, documents, badges, and whether the page is public yet."""
        kwargs.setdefault("form", CreatorPageForm(profile=self.profile))
        badges = badges_of([self.me.pk]).get(self.me.pk, [])
        public = CampaignListing.objects.filter(campaign__creator=self.me, visible=True).exists()
        return super().get_context_data(
            profile=self.profile, asked=documents_asked(self.profile), badges=badges, public=public,
            verified=is_verified(self.profile.kind, badges), **kwargs,
        )  # fmt: skip


class DocumentAdd(CreatorView):
    """Hand in one document."""

    template_name = "studio/document.html"
    header_icon = "upload"

    def get_page_title(self) -> str:
        """Which one."""
        return str(DocumentType(self.kwargs["type"]).label)

    def allowed(self) -> bool:
        """Only what is asked of this kind of creator."""
        if self.kwargs["type"] not in papers.asked_of(self.me.payee_kind):
            raise Http404
        return super().allowed()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form."""
        kwargs.setdefault("form", PaperForm(type_=self.kwargs["type"]))
        return StudioView.get_context_data(self, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take it."""
        form = PaperForm(request.POST, request.FILES, type_=self.kwargs["type"])
        if form.is_valid():
            try:
                documenting.hand_in(user=self.me, paper=form.paper(), file=form.cleaned_data["file"])
            except Refusal as refusal:
                show(form, refusal, self)
            else:
                self.done(_("Handed in. A reviewer looks at it, and you get a mail."))
                return redirect("studio:creator")
        return self.render_to_response(self.get_context_data(form=form), status=422)


class DocumentWithdraw(CreatorView):
    """Take a document back."""

    http_method_names = ["post"]  # noqa: RUF012

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One of one's own."""
        document = CreatorDocument.objects.filter(profile=self.profile, pk=self.kwargs["pk"]).first()
        if document is None:
            raise Http404
        try:
            documenting.withdraw(document=document, actor=self.me)
        except Refusal as refusal:
            self.refuse(refusal)
        else:
            self.done(_("The document is withdrawn."))
        return redirect("studio:creator")


class DocumentFile(StudioView):
    """The file itself, as a download; each look is written down with who, when and why."""

    template_name = "studio/look.html"
    page_title = gettext_lazy("Open a document")
    header_icon = "lock"

    @cached_property
    def document(self) -> CreatorDocument:
        """The document of the address. 404 for whoever has nothing to do with it."""
        found = CreatorDocument.objects.select_related("profile__user").filter(pk=self.kwargs["pk"]).first()
        concerned = found is not None and (
            found.profile.user_id == self.me.pk
            or roles.has_role(self.me, roles.REVIEWER)
            or roles.has_role(self.me, roles.ADMIN)
        )
        if found is None or not concerned:
            raise Http404
        return found

    def allowed(self) -> bool:
        """Its creator, reviewers, admins; the service decides."""
        return self.document is not None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Stream it, or ask an admin why."""
        return self._stream("")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """With a reason."""
        return self._stream(request.POST.get("reason", ""))

    def _stream(self, reason: str) -> Any:
        try:
            file = documenting.open_file(document=self.document, actor=self.me, reason=reason)
        except InvalidInput:
            return self.render_to_response(self.get_context_data(form=LookForm(), document=self.document))
        except NotAllowed as refusal:
            self.refuse(refusal)
            return redirect("studio:verification", self.document.profile.key)
        except Refusal as refusal:
            self.refuse(refusal)
            return redirect("wagtailadmin_home")
        return private_file(file, self.document)


def private_file(file: Any, document: CreatorDocument) -> FileResponse:
    """An attachment that no browser runs, keeps or guesses at."""
    response = FileResponse(
        file, as_attachment=True, filename=document.file_name or "document", content_type=document.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def withdrawable(document: CreatorDocument) -> bool:
    """Whether its creator may take it back."""
    if document.state == DocumentState.WAITING:
        return True
    lasting = document.state in (DocumentState.APPROVED, DocumentState.REVOKED)
    return lasting and document.type not in papers.REQUIRED[document.profile.kind]
