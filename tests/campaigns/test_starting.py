"""Beginning a campaign with a template: what is copied, what is left to fill in, what the checklist says."""

import json

import pytest
from django.test import Client

from campaigns.models import Campaign, CampaignPage, CampaignTemplateIndexPage, CampaignTemplatePage, Category
from campaigns.models.templates import HINT
from campaigns.selectors import templates
from campaigns.services import beginning, checking, drafting, progressing, revising, starters, submitting
from campaigns.services.drafting import StoryChanges
from cms.core.errors import InvalidInput, NotAllowed
from cms.users import roles
from cms.users.models import User
from home.services import install_site
from tests import shared
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db


@shared.scene
def furnished(site: None) -> None:
    """A site with its templates."""
    install_site()


@pytest.fixture
def creator(furnished: None) -> User:
    return scenes.creator()


def _template(name: str, locale: str = "en") -> CampaignTemplatePage:
    return CampaignTemplatePage.objects.get(slug=name, locale__language_code=locale)


def _begin(creator: User, name: str, locale: str = "en") -> CampaignPage:
    template = _template(name, locale)
    return beginning.begin_campaign(actor=creator, title="Salt lamp", locale=locale, template=template.key)


def test_a_site_begins_with_templates_in_both_languages(furnished: None) -> None:
    english, chinese = templates("en"), templates("zh-hans")
    assert [page.slug for page in english] == [page.slug for page in chinese] == list(starters.STARTERS)
    assert [page.key for page in english] == [page.key for page in chinese]
    block = CampaignTemplatePage.story.field.stream_block
    for page in [*english, *chinese]:
        assert page.sections()
        assert HINT in page.risks
        assert len(page.checklist) >= 3
        # What is asked of every campaign is there, so that no starter asks more than another.
        assert {"text", "budget", "faq", "ai_use"} <= {block.block_type for block in page.story}
        assert page.category
        assert bool(page.reward_title and page.reward_price) == (page.kind != "donation")
        # The editors' form takes it as it is, gaps and all.
        block.clean(page.story)
    chosen = {
        kind for page in english for kind in [b.block_type for b in page.story] if kind in {"artbook", "figure", "game"}
    }
    assert chosen == {"artbook", "figure", "game"}
    assert any("\u4e00" <= mark <= "\u9fff" for mark in chinese[0].title)
    # What editors made of them stays.
    _template("film").delete()
    CampaignTemplatePage.objects.filter(slug="craft").update(title="By hand")
    install_site()
    assert {page.title for page in templates("en") if page.slug == "craft"} == {"By hand"}
    # Without its English page the template is still there, in Chinese.
    assert next(page for page in templates("en") if page.slug == "film").locale.language_code == "zh-hans"


@pytest.mark.parametrize("name", ["device", "charity", "film"])
def test_at_most_ten_fields_lead_to_a_draft_that_can_be_submitted(name: str, creator: User) -> None:
    """Counted: each value that the creator types or chooses, from the first page to the submission."""
    page = _begin(creator, name)  # 1: the title; kind and category are the template's
    filled = 1
    campaign = page.campaign
    assert checking.problems(campaign)
    picture = scenes.picture(creator)
    story = []
    for block in page.get_latest_revision_as_object().story.get_prep_value():
        kind, value = block["type"], block["value"]
        if kind == "text" and not any(b["type"] == "text" for b in story):
            story.append({"type": "text", "value": f"<p>{scenes.STORY_EN}</p>"})
            filled += 1
        elif kind == "budget":
            line = {"title": "Everything", "amount": "1000", "note": ""}
            story.append({"type": kind, "value": {"currency": "CNY", "lines": [line], "note": ""}})
            filled += 1
        elif kind == "faq":
            asked = [
                entry.get("value", entry)
                for entry in value["items"]
                if HINT not in json.dumps(entry, ensure_ascii=False, default=str)
            ]
            story.append({"type": kind, "value": {"items": asked}})
        elif kind == "ai_use":
            story.append({"type": kind, "value": {"uses": ["none"], "statement": ""}})
            filled += 1
    changes = StoryChanges(
        summary="A lamp.", risks="Glass may be late.", hero_image=picture.pk, hero_alt="A lamp", story=story
    )  # fmt: skip
    drafting.edit_story(page=page, actor=creator, changes=changes)
    filled += 4
    campaign = Campaign.objects.get(pk=campaign.pk)
    campaign = revising.revise_terms(
        campaign=campaign, actor=creator, revision=None,
        terms=scenes.terms(category=campaign.category, duration_days=campaign.duration_days),
    )  # fmt: skip
    filled += 1  # the goal
    assert [problem.message for problem in checking.problems(campaign)] == []
    assert filled == 9 <= 10
    assert submitting.submit_campaign(campaign=campaign, actor=creator).number == 1


def test_a_draft_keeps_no_tie_to_its_template(creator: User) -> None:
    page = _begin(creator, "figure")
    campaign = page.campaign
    assert (campaign.kind, campaign.category) == ("reward", Category.objects.get(slug="figures"))
    assert {"figure", "budget", "ai_use"} <= {block.block_type for block in page.story}
    template = _template("figure")
    ids = {block.id for block in template.story}
    assert not ids & {block.id for block in page.get_latest_revision_as_object().story}
    page = CampaignPage.objects.get(pk=page.pk).specific
    before = (
        json.dumps(page.story.get_prep_value(), sort_keys=True, default=str),
        page.risks,
        [str(item) for item in campaign.checklist_items.all()],
    )
    reward = campaign.reward_drafts.get()
    assert (reward.kind, reward.price, bool(reward.title_en), bool(reward.title_zh)) == ("digital", 1000, True, True)
    template.story, template.risks, template.checklist, template.reward_title = [("heading", "New")], "New", [], "New"
    template.category = None
    template.save()
    template.save_revision().publish()
    for row in CampaignTemplatePage.objects.filter(slug="figure"):
        row.delete()
    page = CampaignPage.objects.get(pk=page.pk).specific
    campaign = Campaign.objects.get(pk=campaign.pk)
    after = (
        json.dumps(page.story.get_prep_value(), sort_keys=True, default=str),
        page.risks,
        [str(item) for item in campaign.checklist_items.all()],
    )
    assert after == before
    assert campaign.category_id
    assert campaign.reward_drafts.get().title_en == reward.title_en


def test_what_is_refused(creator: User) -> None:
    charity = _template("charity").key

    def begin(**fields: str) -> CampaignPage:
        return beginning.begin_campaign(actor=creator, title="Salt lamp", **{"locale": "en", **fields})

    for fields, field in (
        ({"kind": "reward", "template": charity}, "template"), ({"template": "nowhere"}, "template"),
        ({"kind": "equity"}, "kind"), ({"locale": "fr"}, "locale"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            begin(**fields)
        assert refused.value.field == field
    with pytest.raises(NotAllowed):
        beginning.begin_campaign(actor=scenes.person(), title="Salt lamp", locale="en")
    page = begin(template=charity)
    assert (page.campaign.kind, page.campaign.reward_drafts.count()) == ("donation", 0)
    template = _template("rural")
    template.unpublish()
    _template("rural", "zh-hans").unpublish()
    with pytest.raises(InvalidInput):
        begin(template=template.key)
    assert begin().story.get_prep_value() == []


def test_one_list_says_what_is_done(creator: User, client: Client) -> None:
    page = _begin(creator, "craft", "zh-hans")
    campaign = page.campaign
    come = progressing.progress(campaign)
    assert [item.code for item in come.own] == ["craft-limit", "craft-making", "craft-parcel"]
    assert {item.code for item in come.missing} == {problem.code for problem in checking.problems(campaign)}
    assert {"title", "category", "duration", "rewards"} <= {item.code for item in come.finished}
    assert "hints_left" in {item.code for item in come.missing}
    assert (come.done, come.total) == (len(come.finished), len(come.items))
    assert 0 < come.percent < 100
    client.force_login(creator)
    for address in {item.url.partition("#")[0] for item in come.items}:
        assert client.get(address).status_code == 200
    url = f"/cms/studio/campaigns/{campaign.key}/checklist/"
    assert client.post(url, {"code": "craft-limit", "done": "yes"}).status_code == 302
    assert progressing.progress(campaign).done == come.done + 1
    for address in (f"/cms/studio/campaigns/{campaign.key}/", f"/cms/studio/campaigns/{campaign.key}/submit/",
                    f"/cms/pages/{page.pk}/edit/"):  # fmt: skip
        shown = client.get(address).content.decode()
        assert f'<progress max="{come.total}" value="{come.done + 1}"' in shown
        assert all(item.url in shown for item in come.missing)
    answer = client.get(f"/api/v2/creator/campaigns/{campaign.key}/checklist/").json()
    assert (answer["done"], answer["total"], answer["ready"]) == (come.done + 1, come.total, False)
    assert [item["code"] for item in answer["items"]] == [item.code for item in come.items]
    with pytest.raises(InvalidInput):
        beginning.tick(campaign=campaign, actor=creator, code="title", done=True)
    with pytest.raises(NotAllowed):
        beginning.tick(campaign=campaign, actor=scenes.creator(), code="craft-limit", done=False)


def test_the_studio_asks_kind_category_and_template(creator: User, client: Client) -> None:
    client.force_login(creator)
    shown = client.get("/cms/studio/new/").content.decode()
    assert all(page.title in shown and page.key in shown for page in templates("en"))
    assert shown.count('type="radio" name="template"') == len(starters.STARTERS) + 1
    form = {"title": "咸灯", "language": "zh-hans", "kind": "reward", "template": _template("game").key}
    refused = client.post("/cms/studio/new/", {**form, "title": "", "kind": "donation"})
    assert refused.status_code == 422
    other = client.post("/cms/studio/new/", {**form, "kind": "donation"})
    assert (other.status_code, CampaignPage.objects.count()) == (422, 0)
    category = Category.objects.get(slug="comics")
    answer = client.post("/cms/studio/new/", {**form, "category": str(category.pk)})
    page = CampaignPage.objects.get()
    assert answer["Location"] == f"/cms/pages/{page.pk}/edit/"
    assert (page.locale.language_code, page.campaign.category) == ("zh-hans", category)
    # Words of the language in which the story is told, whichever one reads the studio in.
    assert "怎么玩" in [block.value for block in page.story if block.block_type == "heading"]
    assert "打印" in page.campaign.reward_drafts.get().description_zh
    assert client.get(answer["Location"]).status_code == 200


def test_the_api_begins_with_a_template(creator: User, client: Client) -> None:
    client.force_login(creator)
    items = client.get("/api/v2/creator/templates/?locale=zh-hans").json()["items"]
    assert [item["title"] for item in items][:2] == ["科技硬件", "画集与文创"]
    assert items[0]["category"] == "hardware"
    assert items[0]["picture"] is None
    body = {"title": "Reed boat", "template": items[5]["key"], "category": "education"}
    answer = client.post("/api/v2/creator/campaigns/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["kind"]) == (201, "donation")
    assert Campaign.objects.get().category.slug == "education"  # type: ignore[union-attr]
    for wrong in ({"category": "nowhere"}, {"template": "nowhere"}):
        answer = client.post("/api/v2/creator/campaigns/", {"title": "B", **wrong}, content_type="application/json")
        assert (answer.status_code, answer.json()["field"]) == (400, next(iter(wrong)))


def test_templates_are_the_editors_pages_and_no_place_of_a_site(creator: User, client: Client) -> None:
    template, index = _template("device"), CampaignTemplateIndexPage.objects.get(locale__language_code="en")
    assert template.get_url() is None
    pages = client.get("/api/v2/pages/?limit=100")
    assert pages.status_code == 200
    assert template.title not in pages.content.decode()
    addresses = [f"/cms/pages/{pk}/{step}/" for pk in (template.pk, index.pk)
                 for step in ("edit", "delete", "move", "copy", "history", "unpublish")]  # fmt: skip
    addresses += [f"/cms/pages/{index.pk}/", f"/cms/pages/add/campaigns/campaigntemplatepage/{index.pk}/"]
    client.force_login(creator)
    for address in addresses:
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code in {302, 403, 404}, address
            assert template.risks not in answer.content.decode()
    for search in ("/cms/pages/search/?q=hardware", "/cms/choose-page/search/?q=hardware", "/cms/pages/"):
        assert template.title not in client.get(search, follow=True).content.decode()
    assert CampaignTemplatePage.objects.filter(pk=template.pk, title=template.title).exists()
    client.force_login(scenes.person(roles.EDITOR))
    for address in (f"/cms/pages/{template.pk}/edit/", f"/cms/pages/{index.pk}/"):
        answer = client.get(address)
        assert (answer.status_code, template.title in answer.content.decode()) == (200, True)
