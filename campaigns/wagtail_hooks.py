"""Registrations with the Wagtail admin."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import URLResolver, include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.site_summary import PagesSummaryItem
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogFormatter
from wagtail.snippets.models import register_snippet

from campaigns import bulk_actions, filtering, guarding
from campaigns.models import CampaignPage, CampaignUpdate, UpdateLogEntry
from campaigns.permitting import only_own_pages
from campaigns.querysets import oversees
from campaigns.selectors import open_submission
from campaigns.services import reporting, suggesting
from campaigns.studio_urls import app_name, urlpatterns
from campaigns.views.studio.assistant import part_name
from campaigns.views.studio.frame import has_studio
from campaigns.viewsets import CategoryViewSet, PermittedDocuments, PermittedImages, UpdateViewSet
from cms.images.inspecting import FileKind
from cms.users import roles

register_snippet(UpdateViewSet)
guarding.register()
filtering.register()
for action in bulk_actions.ACTIONS:
    # After Wagtail's own, which they replace.
    hooks.register("register_bulk_action", action, order=100)


@hooks.register("register_log_actions")
def log_updates(actions: Any) -> None:
    """Updates have a log of their own, which shows each reader only theirs."""
    actions.register_model(CampaignUpdate, UpdateLogEntry)


class AcceptedSuggestion(LogFormatter):
    """A draft of the assistant that somebody took over."""

    label = gettext_lazy("Take over a suggestion")

    def format_message(self, log_entry: Any) -> str:
        """What it was for, and who had drafted it."""
        source = log_entry.data.get("source", suggesting.RULES)
        by = _("rules") if source == suggesting.RULES else source
        return _("Took over the assistant's draft for “%(part)s” (by %(source)s)") % {
            "part": part_name(log_entry.data.get("target", "")), "source": by,
        }  # fmt: skip


@hooks.register("register_log_actions")
def log_suggestions(actions: Any) -> None:
    """What came from the assistant is labelled so in the page's history."""
    actions.register_action(suggesting.LOG_ACTION)(AcceptedSuggestion)


@hooks.register("register_admin_urls")
def studio_urls() -> list[URLResolver]:
    """/cms/studio/"""
    return [path("studio/", include((urlpatterns, app_name), namespace="studio"))]


@hooks.register("register_admin_viewset")
def category_viewset() -> CategoryViewSet:
    """Categories."""
    return CategoryViewSet("categories", url_prefix="categories")


@hooks.register("construct_admin_api", order=100)
def permitted_media(router: Any) -> None:
    """In place of Wagtail's own, which ask for no permission."""
    router.register_endpoint("images", PermittedImages)
    router.register_endpoint("documents", PermittedDocuments)


@hooks.register("insert_global_admin_css")
def studio_css() -> str:
    """The studio's layout."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/studio.css"))


@hooks.register("insert_editor_js")
def budget_sum() -> str:
    """The sum of a budget while it is typed."""
    words = '<template id="kindling-budget-words" data-sum="{}" data-wrong="{}"></template><script src="{}"></script>'
    return format_html(words, _("Sum"), _("one amount can't be read"), static("js/budget.js"))


@hooks.register("construct_document_chooser_queryset")
def of_the_kind(documents: Any, request: HttpRequest) -> Any:
    """A field for films offers films."""
    kind = request.GET.get("kind", "")
    return documents.filter(kind=kind) if kind in FileKind.values else documents


class StudioMenuItem(MenuItem):
    """For those who write campaigns."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Creators and admins."""
        return has_studio(request.user)


class PayoutsMenuItem(MenuItem):
    """For those who are paid."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Creators."""
        return roles.has_role(request.user, roles.CREATOR)


class ReviewMenuItem(MenuItem):
    """For reviewers."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Reviewers."""
        return roles.has_role(request.user, roles.REVIEWER)


@hooks.register("register_admin_menu_item")
def my_campaigns_item() -> MenuItem:
    """My campaigns."""
    label = gettext_lazy("My campaigns")
    return StudioMenuItem(label, reverse("studio:campaigns"), name="my-campaigns", icon_name="pick", order=10)


@hooks.register("register_admin_menu_item")
def creator_item() -> MenuItem:
    """Creator page and documents."""
    return PayoutsMenuItem(
        gettext_lazy("Creator page"), reverse("studio:creator"), name="creator-page", icon_name="user", order=12
    )


@hooks.register("register_admin_menu_item")
def verifications_item() -> MenuItem:
    """Creators' documents."""
    label = gettext_lazy("Creators' documents")
    return ReviewMenuItem(
        label, reverse("studio:verifications"), name="verifications", icon_name="clipboard-list", order=21
    )


@hooks.register("register_admin_menu_item")
def payouts_item() -> MenuItem:
    """Payout account."""
    return PayoutsMenuItem(
        gettext_lazy("Payout account"), reverse("studio:payouts"), name="payouts", icon_name="download", order=15
    )


class ReportsMenuItem(MenuItem):
    """For who reads what readers report."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Editors, reviewers, support, admins."""
        return reporting.may_handle(request.user)


@hooks.register("register_admin_menu_item")
def reports_item() -> MenuItem:
    """Reports of campaigns."""
    label = gettext_lazy("Reports of campaigns")
    return ReportsMenuItem(label, reverse("studio:reports"), name="campaign-reports", icon_name="warning", order=22)


@hooks.register("register_admin_menu_item")
def review_item() -> MenuItem:
    """Review queue."""
    label = gettext_lazy("Review queue")
    return ReviewMenuItem(label, reverse("studio:reviews"), name="review-queue", icon_name="view", order=20)


@hooks.register("construct_explorer_page_queryset")
def explore_own(parent: Any, pages: Any, request: HttpRequest) -> Any:
    """The explorer's children."""
    return only_own_pages(pages, request.user)


@hooks.register("construct_reports_menu")
def overseers_reports(request: HttpRequest, items: list[MenuItem]) -> None:
    """Creators find no door that they may not open."""
    if not oversees(request.user):
        items[:] = [item for item in items if item.name != "page-types-usage"]


@hooks.register("construct_homepage_summary_items", order=200)
def overseers_count(request: HttpRequest, items: list[Any]) -> None:
    """Nor how many pages others have written."""
    if not oversees(request.user):
        items[:] = [item for item in items if not isinstance(item, PagesSummaryItem)]


@hooks.register("construct_page_chooser_queryset")
def choose_own(pages: Any, request: HttpRequest) -> Any:
    """The page chooser."""
    return only_own_pages(pages, request.user)


class SubmitMenuItem(ActionMenuItem):
    """Our own road to review, in place of the stock one."""

    name = "action-submit-campaign"
    label = gettext_lazy("Submit for review")
    icon_name = "resubmit"
    order = 60

    def is_shown(self, context: dict[str, Any]) -> bool:
        """On a saved page of one's own that isn't in review."""
        page = context.get("page")
        return context["view"] == "edit" and isinstance(page, CampaignPage) and not context["locked_for_user"]

    def get_url(self, context: dict[str, Any]) -> str:
        """The checklist."""
        return reverse("studio:submit", args=[context["page"].campaign.key])


class ReviewActionItem(ActionMenuItem):
    """From the locked page to the review."""

    name = "action-review-campaign"
    label = gettext_lazy("Open the review")
    icon_name = "view"
    order = 61

    def is_shown(self, context: dict[str, Any]) -> bool:
        """For reviewers, while it waits."""
        page = context.get("page")
        if context["view"] != "edit" or not isinstance(page, CampaignPage):
            return False
        return roles.has_role(context["request"].user, roles.REVIEWER) and page.campaign.under_review

    def get_url(self, context: dict[str, Any]) -> str:
        """The review of what waits."""
        submission = open_submission(context["page"].campaign)
        return reverse("studio:review", args=[submission.pk]) if submission else reverse("studio:reviews")


@hooks.register("construct_page_action_menu")
def campaign_actions(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Stock submitting is replaced; publishing stays with those who may."""
    page, parent = context.get("page"), context.get("parent_page")
    creating = context["view"] == "create" and type(parent).__name__ == "CampaignIndexPage"
    if creating or isinstance(page, CampaignPage):
        items[:] = [item for item in items if item.name not in {"action-submit", "action-restart-workflow"}]
        if isinstance(page, CampaignPage) and page.pk:
            items += [item for item in (SubmitMenuItem(), ReviewActionItem()) if item.is_shown(context)]


@hooks.register("register_snippet_listing_buttons")
def translate_update(snippet: Any, user: Any, next_url: str | None = None) -> list[Button]:
    """The same news in another language."""
    if not isinstance(snippet, CampaignUpdate):
        return []
    url = reverse("studio:update_translate", args=[snippet.key])
    return [Button(_("Translate"), url, icon_name="globe", priority=50)]


@hooks.register("after_create_page")
def explain_refused_submission(request: HttpRequest, page: Any) -> HttpResponse | None:
    """A submission forced through the stock form came to nothing: say why, where it can be mended."""
    return guarding.explain_refused_submission(request, page)
