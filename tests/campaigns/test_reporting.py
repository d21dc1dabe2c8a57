"""Reports of a campaign: taken from anybody, merged, bounded, decided by staff who take no part in it."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from campaigns.exceptions import ClaimedByAnother
from campaigns.models import Campaign, CampaignReport, ReportCase
from campaigns.services import reporting
from cms.core.errors import InvalidInput, NotAllowed
from cms.mail.models import Message
from cms.users import roles
from cms.users.models import AuditLog
from cms.users.selectors import person_hash
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db
TEXT = "The pictures are of another lamp."


def _report(campaign: Campaign, number: int = 1, **fields: str) -> CampaignReport:
    given = {"kind": "misleading", "text": TEXT, "email": f"reader{number}@example.com", **fields}
    return reporting.report_campaign(campaign=campaign, network=f"10.0.0.{number}", **given)


def test_a_matter_is_one_case_and_a_person_one_voice_in_it(launched: Campaign) -> None:
    first, other = _report(launched), _report(launched, 2)
    again = _report(launched, email="READER1@example.com", text="The price is another, too.")
    assert (first.pk, first.case_id) == (again.pk, other.case_id)
    assert (again.times, TEXT in again.text, "price" in again.text) == (2, True, True)
    assert _report(launched, 3, kind="fraud").case_id != first.case_id
    assert Message.objects.filter(key__startswith=f"report:{first.pk}:").count() == 1
    [row, _fraud] = reporting.queue()
    assert (row.people, row.said) == (2, 3)
    with pytest.raises(IntegrityError, match="report_case_open_once"), transaction.atomic():
        ReportCase.objects.create(campaign=launched, kind="fraud")
    with pytest.raises(IntegrityError, match="report_case_decided_with_reason"), transaction.atomic():
        ReportCase.objects.filter(pk=row.pk).update(state="upheld")
    reporting.forget({"user": 0, "person": person_hash("reader1@example.com")})
    assert CampaignReport.objects.get(pk=first.pk).email == ""


def test_what_is_no_report_is_refused(launched: Campaign) -> None:
    for field, given in {
        "text": {"text": "Bad"}, "kind": {"kind": "ugly"}, "work": {"kind": "rights"},
        "email": {"kind": "rights", "work": "My lamp", "email": ""},
    }.items():  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            _report(launched, **given)
        assert refused.value.field == field
    with pytest.raises(NotAllowed):
        _report(scenes.complete())
    for kind in ("fraud", "forbidden", "misleading", "hurtful", "other"):
        _report(launched, kind=kind)
    with pytest.raises(reporting.TooManyReports):
        _report(launched, email="somebody.else@example.com")


def test_a_reader_reports_on_the_page_and_through_the_api(client: Client, launched: Campaign) -> None:
    page = f"/zh-hans/report/{launched.key}/"
    assert (
        page in client.get(f"/c/{launched.key}/", follow=True, headers={"accept-language": "zh-hans"}).content.decode()
    )
    assert client.post(page, {"kind": "fraud", "text": "x"}).status_code == 400
    answer = client.post(page, {"kind": "fraud", "text": TEXT, "email": "reader@example.com"}, follow=True)
    assert answer.redirect_chain == [(f"{page}?sent=1", 302)]
    assert Message.objects.get(template="report_received").locale == "zh-hans"
    url, told = (
        f"/api/v2/campaigns/{launched.key}/reports/",
        {"kind": "fraud", "text": TEXT, "email": "reader@example.com"},
    )
    answer = client.post(url, told, content_type="application/json")
    assert (answer.status_code, answer.json()) == (202, {"received": True, "merged": True})
    answer = client.post(url, {**told, "kind": "rights"}, content_type="application/json")
    assert (answer.status_code, answer.json()["field"]) == (400, "work")


def test_staff_decide_with_a_reason_and_everybody_is_told(client: Client, launched: Campaign) -> None:
    case, guest = _report(launched).case, _report(launched, 2, email="")
    editor, support = scenes.person(roles.EDITOR), scenes.person(roles.SUPPORT)
    assert guest.case_id == case.pk
    with pytest.raises(NotAllowed):
        reporting.claim_case(case=case, actor=launched.creator)
    with pytest.raises(ClaimedByAnother):
        reporting.decide_case(case=case, actor=editor, upheld=True, reason="Without the table")
    client.force_login(editor)
    queue, url = client.get("/cms/studio/reports/"), f"/cms/studio/reports/{case.pk}/"
    assert url in queue.content.decode()
    client.post(url, {"claim": "1"})
    with pytest.raises(ClaimedByAnother):
        reporting.claim_case(case=case, actor=support)
    client.post(url, {"decision": "upheld", "reason": ""})
    case.refresh_from_db()
    assert case.state == "open"
    client.post(url, {"decision": "upheld", "reason": "The pictures were of another lamp."})
    case.refresh_from_db()
    assert (case.state, case.decided_by) == ("upheld", editor)
    [mail] = Message.objects.filter(template="report_decided")
    assert (mail.to, mail.context["reason"]) == ("reader1@example.com", case.reason)
    assert AuditLog.objects.filter(action="campaign.report_upheld", reason=case.reason).exists()
    with pytest.raises(reporting.CaseDecided):
        reporting.decide_case(case=case, actor=support, upheld=False, reason="Again")
    # The matter may come up anew.
    assert _report(launched, 4).case_id != case.pk


def test_the_queue_asks_as_often_for_many_as_for_few(
    client: Client, launched: Campaign, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    for number, kind in enumerate(("fraud", "forbidden", "misleading", "hurtful", "other"), start=1):
        _report(launched, number, kind=kind)
    client.force_login(scenes.person(roles.SUPPORT))
    client.get("/cms/studio/reports/")
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        assert client.get("/cms/studio/reports/").content.decode().count("Salt lamp") >= 5
