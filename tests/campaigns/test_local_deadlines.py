"""A deadline on the clocks of a place: an hour that is skipped or shown twice is refused, by its field and in words."""

from datetime import datetime
from typing import Any

import pytest
from django.utils import translation

from campaigns.exceptions import InvalidTerms
from campaigns.forms.terms import TermsForm
from campaigns.services.revising import resolve_local
from tests.api.caller import Caller
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db

JUMPS = [
    ("2027-03-28T02:30", "Europe/Berlin", "does not exist", "没有这个时刻"),
    ("2027-10-31T02:30", "Europe/Berlin", "happens twice", "两次"),
    # Half an hour only, and at midnight.
    ("2027-10-03T02:15", "Australia/Lord_Howe", "does not exist", "没有这个时刻"),
    ("2027-04-04T01:45", "Australia/Lord_Howe", "happens twice", "两次"),
    ("2027-09-05T00:30", "America/Santiago", "does not exist", "没有这个时刻"),
]


@pytest.mark.parametrize(("local", "zone", "english", "chinese"), JUMPS)
def test_both_languages_say_what_is_wrong(local: str, zone: str, english: str, chinese: str) -> None:
    for language, words in (("en", english), ("zh-hans", chinese)):
        with translation.override(language), pytest.raises(InvalidTerms) as refused:
            resolve_local(datetime.fromisoformat(local), zone)
        assert words in str(refused.value)
        assert refused.value.field == "deadline"


@pytest.mark.parametrize(("local", "zone", "english", "chinese"), JUMPS[:2])
def test_the_form_names_the_field(local: str, zone: str, english: str, chinese: str, site: None) -> None:
    campaign = scenes.complete()
    data: dict[str, Any] = {
        "currency": "CNY", "goal": "1000", "mode": "all_or_nothing", "category": campaign.category_id,
        "ending": "deadline", "deadline": local, "timezone": zone, "revision": campaign.terms_revision,
    }  # fmt: skip
    form = TermsForm(data, campaign=campaign)
    assert form.is_valid(), form.errors
    assert form.terms() is None
    assert english in str(form.errors["deadline"])


@pytest.mark.parametrize(("local", "zone", "english", "chinese"), JUMPS[:2])
def test_the_api_names_the_field(local: str, zone: str, english: str, chinese: str, site: None) -> None:
    campaign = scenes.complete()
    mine = Caller().as_(campaign.creator)
    answer = mine.patch(f"/creator/campaigns/{campaign.key}/terms/", {"deadline": local, "timezone": zone})
    assert (answer.status_code, answer.data["field"]) == (400, "deadline")
    assert english in str(answer.data)
