"""The templates that a new site begins with, read from `campaigns/starters/`; editors change them afterwards."""

import tomllib
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission, Locale, Page

from campaigns.models import CampaignTemplateIndexPage, CampaignTemplatePage, Category
from cms.users import roles

HERE = Path(__file__).parent.parent / "starters"
# In the order in which creators see them.
STARTERS = ("device", "artbook", "figure", "game", "craft", "charity", "rural", "film")
SLUG = "campaign-templates"
_TITLES = {"en": "Campaign templates", "zh-hans": "项目模板"}
_KEEPERS = (roles.EDITOR, roles.ADMIN)
_PERMISSIONS = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
_KNOWN = (
    ("How do I hear how it goes?", "怎么了解进展？"),
    ("News appears on this page and comes by mail to everybody who backs it.",
     "进展会发布在本页，并以邮件发给每一位支持者。"),
)  # fmt: skip

Table = dict[str, Any]


def install_templates(locale: Locale) -> CampaignTemplateIndexPage:
    """The index of a language with its first templates; where there is one already, what people made of it stays."""
    index = CampaignTemplateIndexPage.objects.filter(locale=locale).first()
    if index is None:
        index = _make_index(locale)
        for name in STARTERS:
            _add(index, name)
    for role in _KEEPERS:
        group = Group.objects.get(name=role)
        for codename in _PERMISSIONS:
            permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
            GroupPagePermission.objects.get_or_create(group=group, page=index.page_ptr, permission=permission)
    return index


def read(name: str) -> Table:
    """One starter as its file has it."""
    with (HERE / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def story(table: Table, chinese: bool) -> list[Table]:
    """The skeleton's blocks in one language, as a StreamField stores them."""

    def told(pair: Any) -> str:
        return str(pair[1] if chinese else pair[0])

    blocks: list[Table] = []
    for section in table["sections"]:
        blocks.append({"type": "heading", "value": told(section[:2])})
        blocks.append({"type": "text", "value": f"<p>{told(section[2:])}</p>"})
    if kind := table.get("spec"):
        items = [{"name": told(pair), "value": ""} for pair in table.get("properties", ())]
        blocks.append({"type": kind, "value": {"items": items} if items else {"age_rating": "all", "more": []}})
    if steps := table.get("timeline"):
        entries = [{"month": "", "title": told(pair), "text": "", "progress": "planned"} for pair in steps]
        blocks.append({"type": "timeline", "value": {"title": "", "steps": entries}})
    lines = [{"title": told(pair), "amount": None, "note": ""} for pair in table["budget"]]
    blocks.append({"type": "budget", "value": {"currency": "CNY", "lines": lines, "note": ""}})
    questions = [(_KNOWN[0], _KNOWN[1]), *((entry[:2], entry[2:]) for entry in table["faq"])]
    asked = [{"question": told(question), "answer": f"<p>{told(answer)}</p>"} for question, answer in questions]
    blocks.append({"type": "faq", "value": {"items": asked}})
    blocks.append({"type": "ai_use", "value": {"uses": [], "statement": ""}})
    return blocks


def _make_index(locale: Locale) -> CampaignTemplateIndexPage:
    other = CampaignTemplateIndexPage.objects.order_by("pk").first()
    slug = SLUG if other is None else f"{SLUG}-{locale.language_code}"
    index = CampaignTemplateIndexPage(
        title=_TITLES.get(locale.language_code, _TITLES["en"]), slug=slug, locale=locale
    )  # fmt: skip
    if other is not None:
        index.translation_key = other.translation_key
    # Beside the home pages: what is below them has an address and stands in public lists.
    return Page.get_first_root_node().add_child(instance=index)


def _add(index: CampaignTemplateIndexPage, name: str) -> None:
    table = read(name)
    chinese = index.locale.language_code.startswith("zh")
    place = 1 if chinese else 0
    reward = table.get("reward")
    page = CampaignTemplatePage(
        title=table["title"][place], slug=name, locale=index.locale, summary=table["summary"][place],
        kind=table.get("kind", ""), category=Category.objects.filter(slug=table["category"]).first(),
        motif=table["motif"], risks=table["risks"][place], story=story(table, chinese),
        checklist=[
            {"type": "item", "value": item[1 + place], "id": f"{name}-{item[0]}"} for item in table["checklist"]
        ],
        reward_title=reward[place] if reward else "", reward_description=reward[2 + place] if reward else "",
        reward_price=10 if reward else None,
    )  # fmt: skip
    sibling = CampaignTemplatePage.objects.filter(slug=name).exclude(locale=index.locale).order_by("pk").first()
    if sibling is not None:
        page.translation_key = sibling.translation_key
    index.add_child(instance=page)
