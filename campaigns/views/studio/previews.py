"""Links to a campaign's drafts, and what their readers said."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import policies
from campaigns.forms.previews import ShareForm
from campaigns.models import PreviewLink
from campaigns.selectors import story_pages
from campaigns.services import sharing_drafts
from campaigns.views.studio.frame import CampaignView
from campaigns.views.studio.terms import show
from cms.core.api import instant
from cms.core.errors import Refusal
from funding.documents.statements import csv_lines


class PreviewsView(CampaignView):
    """All links, newest first, with their comments; and a new one."""

    template_name = "studio/previews.html"
    page_title = gettext_lazy("Share a draft")
    header_icon = "view"
    needs = staticmethod(policies.may_edit_story)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Rows and the form. Queries do not grow with links or comments."""
        kwargs.setdefault("form", ShareForm(pages=story_pages(self.campaign)))
        links = PreviewLink.objects.filter(campaign=self.campaign).select_related(
            "page__locale", "revision", "created_by", "campaign__creator"
        )
        rows = [_row(link) for link in links.prefetch_related("comments__resolved_by")]
        return super().get_context_data(
            open_rows=[row for row in rows if row["live"]],
            closed_rows=[row for row in rows if not row["live"]],
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make a link to what is saved now."""
        pages = story_pages(self.campaign)
        form = ShareForm(request.POST, pages=pages)
        if form.is_valid():
            data = dict(form.cleaned_data)
            wanted = data.pop("page")
            page = next(page for page in pages if page.pk == wanted)
            try:
                sharing_drafts.share_draft(page=page, actor=self.me, **data)
            except Refusal as refusal:
                show(form, refusal, self)
            else:
                self.done(_("The link is ready: copy it below."))
                return self.back("studio:previews")
        return self.render_to_response(self.get_context_data(form=form), status=422)


class _OneLink(CampaignView):
    needs = staticmethod(policies.may_edit_story)

    @cached_property
    def link(self) -> PreviewLink:
        """The link of the address. 404 for another campaign's."""
        link = PreviewLink.objects.filter(campaign=self.campaign, pk=self.kwargs["pk"]).first()
        if link is None:
            raise Http404
        return link


class PreviewLinkView(_OneLink):
    """Revoke a link; tick off a comment."""

    http_method_names = ["post"]  # noqa: RUF012

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One deed, named by the button."""
        named = request.POST.get("resolve") or request.POST.get("reopen")
        try:
            if named is None:
                sharing_drafts.revoke(link=self.link, actor=self.me)
                self.done(_("The link opens nothing any more."))
            else:
                found = self.link.comments.filter(pk=named if named.isascii() and named.isdigit() else 0).first()
                if found is None:
                    raise Http404
                sharing_drafts.resolve(comment=found, actor=self.me, done="resolve" in request.POST)
        except Refusal as refusal:
            self.refuse(refusal)
        return self.back("studio:previews")


class CommentsView(_OneLink):
    """The comments of one link as CSV."""

    http_method_names = ["get"]  # noqa: RUF012

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:  # type: ignore[override]
        """Harmless to open in a spreadsheet."""
        header = (_("Time (UTC)"), _("Name"), _("About"), _("Comment"), _("Done"))
        rows = self.link.comments.values_list("written_at", "name", "part_label", "text", "resolved_at")
        lines = csv_lines(
            header, ([instant(at), name, part, text, instant(done)] for at, name, part, text, done in rows)
        )
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="comments-{self.campaign.key}-{self.link.pk}.csv"'
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        return response


def _row(link: PreviewLink) -> dict[str, Any]:
    live = link.is_live()
    token = sharing_drafts.token_of(link) if live else ""
    ended = link.revoked_at or min(link.expires_at, timezone.now())
    return {
        "link": link, "live": live, "url": sharing_drafts.address_of(link) if live else "",
        "front_end_url": sharing_drafts.front_end_address(token), "comments": list(link.comments.all()), "ended": ended,
    }  # fmt: skip
