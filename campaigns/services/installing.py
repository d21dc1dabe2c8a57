"""What a language needs before creators can write in it: an index, permissions, a media collection, the review."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from campaigns.models import CampaignIndexPage, CampaignReviewTask, Category
from campaigns.selectors import COLLECTION
from cms.users import roles

SLUG = "campaigns"
WORKFLOW = "Campaign review"

_INDEX_TEXTS = {
    "en": ("Campaigns", "People who are making something, and everything you need to judge it."),
    "zh-hans": ("项目", "有人正在做一件事；您判断它所需的一切，都在这里。"),
}
# Creators add pages and so edit their own; publishing takes a review.
_PAGE_PERMISSIONS = {
    roles.CREATOR: ["add_page"],
    roles.EDITOR: ["add_page", "change_page", "publish_page", "lock_page", "unlock_page"],
    roles.ADMIN: ["add_page", "change_page", "publish_page", "bulk_delete_page", "lock_page", "unlock_page"],
}
_UPLOADS = ("image", "document")
_COLLECTION_PERMISSIONS = {
    roles.CREATOR: [f"images.{action}_{kind}" for kind in _UPLOADS for action in ("add", "choose")],
    roles.EDITOR: [f"images.{action}_{kind}" for kind in _UPLOADS for action in ("add", "change", "choose")],
    roles.ADMIN: [f"images.{action}_{kind}" for kind in _UPLOADS for action in ("add", "change", "choose")],
}
_UPDATE = [f"campaigns.{action}_campaignupdate" for action in ("add", "change", "delete", "publish")]
_CATEGORY = [f"campaigns.{action}_category" for action in ("add", "change", "delete", "view")]
_MODEL_PERMISSIONS = {
    roles.CREATOR: ["simple_translation.submit_translation", *_UPDATE],
    roles.EDITOR: ["simple_translation.submit_translation", *_CATEGORY],
    roles.ADMIN: ["simple_translation.submit_translation", "campaigns.lead_reviews", *_UPDATE, *_CATEGORY],
}
# slug, English, Chinese, and the same of each child.
CATEGORIES: list[tuple[str, str, str, list[tuple[str, str, str]]]] = [
    ("technology", "Technology", "科技", [
        ("hardware", "Hardware", "智能硬件"), ("software", "Software", "软件"), ("wearables", "Wearables", "可穿戴"),
    ]),
    ("design", "Design and craft", "设计与手艺", [
        ("products", "Product design", "产品设计"), ("crafts", "Crafts", "手工艺"), ("fashion", "Fashion", "服饰"),
        ("home-living", "Home", "家居"),
    ]),
    ("arts", "Arts", "艺术", [
        ("illustration", "Illustration", "插画"), ("photography", "Photography", "摄影"), ("stage", "Stage", "舞台"),
    ]),
    ("film-music", "Film and music", "影像与音乐", [("film", "Film", "影视"), ("music", "Music", "音乐")]),
    ("publishing", "Publishing", "出版", [("books", "Books", "图书"), ("magazines", "Magazines", "杂志")]),
    ("games", "Games and ACG", "游戏与 ACG", [
        ("tabletop", "Board games", "桌游"), ("comics", "Comics", "漫画"), ("animation", "Animation", "动画"),
        ("figures", "Figures and models", "手办模型"),
    ]),
    ("food", "Food and farming", "食物与农业", [("produce", "Farm produce", "农产品")]),
    ("rural", "Rural revitalisation", "乡村振兴", [
        ("villages", "Villages", "乡村建设"), ("heritage", "Intangible heritage", "非遗传承"),
    ]),
    ("charity", "Charity", "公益", [
        ("education", "Education", "教育"), ("health", "Health", "健康"), ("environment", "Environment", "环保"),
    ]),
]  # fmt: skip


@transaction.atomic
def install(*, home_page: Page) -> CampaignIndexPage:
    """Promise all of it under a language's home page; run as often as you like, what people changed stays."""
    install_shared()
    index = CampaignIndexPage.objects.child_of(home_page).first() or _make_index(home_page)
    for role, permissions in _PAGE_PERMISSIONS.items():
        for name in permissions:
            GroupPagePermission.objects.get_or_create(
                group=Group.objects.get(name=role), page=index.page_ptr, permission=_permission(f"wagtailcore.{name}")
            )
    workflow = Workflow.objects.get(name=WORKFLOW)
    WorkflowPage.objects.update_or_create(page=index.page_ptr, defaults={"workflow": workflow})
    return index


@transaction.atomic
def install_shared() -> None:
    """What all languages share: roles' permissions, the media collection, the workflow, the categories."""
    roles.ensure()
    for role, names in _MODEL_PERMISSIONS.items():
        roles.grant(role, names)
    _install_collection()
    _install_workflow()
    install_categories()


def install_categories() -> None:
    """The tree that a new site begins with; editors change it afterwards and nothing is overwritten."""
    if Category.objects.exists():
        return
    for position, (slug, en, zh, children) in enumerate(CATEGORIES):
        root = Category.objects.create(slug=slug, name_en=en, name_zh=zh, position=position)
        Category.objects.bulk_create(
            Category(slug=child, name_en=name, name_zh=chinese, parent=root, position=place)
            for place, (child, name, chinese) in enumerate(children)
        )


def _make_index(home_page: Page) -> CampaignIndexPage:
    locale = home_page.locale
    title, introduction = _INDEX_TEXTS.get(locale.language_code, _INDEX_TEXTS["en"])
    index = CampaignIndexPage(title=title, introduction=introduction, slug=SLUG, locale=locale, show_in_menus=True)
    # The indexes are translations of each other, so that "translate this page" finds where to put a campaign.
    other = CampaignIndexPage.objects.exclude(locale=locale).order_by("pk").first()
    if other is not None:
        index.translation_key = other.translation_key
    return home_page.add_child(instance=index)


def _install_collection() -> None:
    root = Collection.get_first_root_node()
    collection = Collection.objects.filter(name=COLLECTION).first() or root.add_child(name=COLLECTION)
    for role, names in _COLLECTION_PERMISSIONS.items():
        # Creators only add here (and so change their own); everything else of the library is the editors'.
        place = collection if role == roles.CREATOR else root
        for name in names:
            if (permission := _permission(name, required=False)) is not None:
                GroupCollectionPermission.objects.get_or_create(
                    group=Group.objects.get(name=role), collection=place, permission=permission
                )


def _install_workflow() -> None:
    workflow, _ = Workflow.objects.get_or_create(name=WORKFLOW)
    task = CampaignReviewTask.objects.filter(name=WORKFLOW).first()
    if task is None:
        task = CampaignReviewTask.objects.create(name=WORKFLOW)
    task.groups.add(Group.objects.get(name=roles.REVIEWER))
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})


def _permission(name: str, *, required: bool = True) -> Permission | None:
    app, codename = name.split(".")
    found = Permission.objects.filter(content_type__app_label=app, codename=codename).first()
    if found is None and required:
        raise LookupError(f"No such permission: {name}")
    return found
