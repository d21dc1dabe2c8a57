"""A draft for whoever has its link: one revision, marked as not public, with room for comments."""

from html import unescape
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from campaigns.forms.previews import RemarkForm
from campaigns.models import CampaignPage, PreviewLink
from campaigns.services import sharing_drafts
from campaigns.views.campaign import campaign_context
from campaigns.views.kept_story import with_rewards
from campaigns.views.rewards import kind_label, shipping_text
from cms.core import moments
from cms.core.api import Throttle
from cms.core.errors import Refusal
from cms.images import streams
from funding.money import format_money

_Remarks = Throttle.of("remarks")


# The token in the address is the only right that is used here: nobody can forge what needs no cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def shared_preview(request: HttpRequest, token: str) -> HttpResponse:
    """The draft in its own language, or one page for all links that open nothing. POST leaves a comment."""
    try:
        link = sharing_drafts.opened(token)
    except Refusal as refusal:
        return _sealed(render(request, "pages/shared_preview_over.html", {"over": str(refusal)}, status=refusal.status))
    page = sharing_drafts.shown_page(link)
    # The draft's language, unless the reader has asked for the other around it.
    asked = request.GET.get("lang", "")
    with translation.override(asked if asked in dict(settings.LANGUAGES) else page.locale.language_code):
        return _sealed(_answer(request, token, link, page))


def _answer(request: HttpRequest, token: str, link: PreviewLink, page: CampaignPage) -> HttpResponse:
    parts = parts_of(page, link)
    if request.method != "POST":
        asked = request.GET.get("part", "")
        form = RemarkForm(parts=parts, initial={"part": asked if asked in parts else ""})
        return render(request, "pages/shared_preview.html", _context(request, link, page, form))
    form, status = RemarkForm(request.POST, parts=parts), 422
    if form.is_valid():
        if not _Remarks().allow_request(request, None):  # type: ignore[arg-type]
            form.add_error(None, _("That was a lot at once. Wait a minute, then send it again."))
            status = 429
        else:
            try:
                sharing_drafts.comment(token=token, parts=parts, **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
                status = refusal.status
            else:
                return redirect(f"{request.path}?said=1#say")
    return render(request, "pages/shared_preview.html", _context(request, link, page, form), status=status)


def parts_of(page: CampaignPage, link: PreviewLink) -> dict[str, str]:
    """What a comment may be about: id to label."""
    kinds = page.story.stream_block.child_blocks
    found = {"title": _("Title and promise"), "picture": _("Main picture")}
    for block in streams.render([page.story])[0]:
        words = Truncator(" ".join(_words(block["value"]))).chars(60)
        label = str(kinds[block["type"]].label)
        found[str(block["id"])] = f"{label}: {words}" if words else label
    if page.risks:
        found["risks"] = _("Risks")
    for reward in link.terms["rewards"]:
        found[f"reward-{reward['key']}"] = _("Reward: %(title)s") % {"title": _title(reward, page)}
    return found


def _words(value: Any) -> list[str]:
    """The first words of a block's data."""
    if isinstance(value, str):
        plain = " ".join(unescape(strip_tags(value[:2000])).split())
        return [plain] if plain and not plain.startswith(("http", "/")) else []
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        if words := _words(child):
            return words
    return []


def _context(request: HttpRequest, link: PreviewLink, page: CampaignPage, form: RemarkForm) -> dict[str, Any]:
    terms, locale = link.terms, page.locale.language_code
    shown = campaign_context(request, page, preview=True)
    rewards = [_card(reward, terms["currency"], page) for reward in terms["rewards"]]
    goal = format_money(terms["goal"] or 0, terms["currency"])
    anchors = [anchor for anchor in shown["anchors"] if anchor["id"] != "rewards"]
    if rewards:
        anchors.insert(1, {"id": "rewards", "title": _("Rewards"), "count": len(rewards)})
    campaign = {
        **shown, "notice": "", "can_back": False, "why_not": _("A preview: nobody can pay here."), "share": None,
        "rewards": rewards, "story": with_rewards(shown["story"], rewards), "anchors": anchors, "marks": True,
        "funding": {**shown["funding"], "goal": goal, "url": ""},
    }  # fmt: skip
    assert link.revision is not None
    zone = link.campaign.timezone
    return {
        "campaign": campaign, "preview": True, "form": form, "lang": locale, "said": "said" in request.GET,
        "shared": {
            "saved": moments.time_text(link.revision.created_at, zone=zone),
            "until": moments.time_text(link.expires_at, zone=zone),
        },
    }  # fmt: skip


def _title(reward: dict[str, Any], page: CampaignPage) -> str:
    titles: dict[str, str] = reward["titles"]
    return titles.get(page.locale.language_code) or next((title for title in titles.values() if title), "")


def _card(reward: dict[str, Any], currency: str, page: CampaignPage) -> dict[str, Any]:
    """A planned reward as its card: nothing to choose yet."""
    texts = reward["descriptions"]
    return {
        "key": reward["key"], "title": _title(reward, page), "price": format_money(reward["price"], currency),
        "text": texts.get(page.locale.language_code) or next(iter(texts.values()), ""), "image": reward["image"],
        "kind_label": kind_label(reward["kind"]), "is_addon": reward["is_addon"], "available": False,
        "state_label": _("Planned"), "shipping_text": shipping_text(reward["shipping"], currency),
        "delivery_text": moments.month_text(reward["delivery_month"]) if reward["delivery_month"] else "",
        "left_text": _("%(n)d in all") % {"n": reward["quantity"]} if reward["quantity"] else "",
        "includes": [
            variant["names"].get(page.locale.language_code) or variant["key"] for variant in reward["variants"]
        ],
    }  # fmt: skip


def _sealed(response: HttpResponse) -> HttpResponse:
    """The address is the key: into no cache, no index and no Referer."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Expires"] = "0"
    return response
