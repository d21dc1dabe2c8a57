"""The public ledger as strangers read it."""

import json

import pytest

import verify_ledger
from cms.core import clock
from funding.services import signing, treasury
from tests.campaigns import scenes
from tests.factories.scripted import paid_pledge

pytestmark = pytest.mark.django_db


def lines(response) -> list[dict]:
    return [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]


def test_it_is_streamed_and_verifies(api, launched, tmp_path):
    path = f"/campaigns/{launched.key}/ledger/"
    assert lines(api.get(path)) == []
    for number in range(3):
        paid_pledge(launched.escrow, extra=1_00 + number)
    response = api.get(path)
    assert response.streaming
    assert response.headers["Content-Type"] == "application/x-ndjson"
    text = b"".join(response.streaming_content)
    assert list(json.loads(text.splitlines()[0])) == verify_ledger.FIELDS
    file, funding = tmp_path / "ledger.jsonl", tmp_path / "funding.json"
    file.write_bytes(text)
    funding.write_bytes(api.get(f"/campaigns/{launched.key}/funding/").content)
    assert verify_ledger.main([str(file), "--funding", str(funding)]) == 0


@pytest.mark.parametrize("accept", ["application/x-ndjson", "*/*", "application/json", "text/html,*/*;q=0.8"])
def test_whatever_is_accepted(api, launched, accept):
    assert api.get(f"/campaigns/{launched.key}/ledger/", HTTP_ACCEPT=accept).status_code == 200


def test_etag_and_after(api, launched):
    path = f"/campaigns/{launched.key}/ledger/"
    paid_pledge(launched.escrow, extra=1_00)
    first = api.get(path)
    assert api.get(path, **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    paid_pledge(launched.escrow, extra=2_00)
    assert api.get(path, **{"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert [line["seq"] for line in lines(api.get(f"{path}?after=1"))] == [2]
    assert lines(api.get(f"{path}?after=2")) == []
    assert api.get(f"{path}?after=x").status_code == 400


def test_what_is_no_campaigns_is_a_chain_of_its_own(api, launched, tmp_path):
    assert lines(api.get("/ledger/platform/")) == []
    assert api.get("/ledger/platform/head/").status_code == 404
    finance = scenes.person("Finance")
    treasury.put_float_in(currency="CNY", amount=500_00, reason="Fees to come.", reference="B-1", actor=finance)
    paid_pledge(launched.escrow, extra=1_00)
    signing.sign_due()
    response = api.get("/ledger/platform/")
    file, head = tmp_path / "platform.jsonl", tmp_path / "head.json"
    file.write_bytes(b"".join(response.streaming_content))
    head.write_bytes(api.get("/ledger/platform/head/").content)
    line = json.loads(file.read_text())
    assert (line["kind"], line["debit"], line["credit"], line["party"]) == ("float", "bank", "float", None)
    key = api.get("/ledger/keys/").data["items"][0]["key"]
    arguments = [str(file), "--platform", "--head", str(head), "--key", key]
    assert verify_ledger.main(arguments) == 0
    # A campaign's place proves nothing about this chain.
    head.write_bytes(api.get(f"/campaigns/{launched.key}/ledger/head/").content)
    assert verify_ledger.main(arguments) == 1
    assert api.get("/ledger/platform/", **{"If-None-Match": response.headers["ETag"]}).status_code == 304


def test_windows_join_without_a_seam(api, launched, monkeypatch):
    monkeypatch.setattr("funding.services.proving.CHUNK", 2)
    for number in range(5):
        paid_pledge(launched.escrow, extra=1_00 + number)
    assert [line["seq"] for line in lines(api.get(f"/campaigns/{launched.key}/ledger/"))] == [1, 2, 3, 4, 5]


def test_drafts_have_none_and_the_approved_an_empty_one(api, site):
    assert api.get(f"/campaigns/{scenes.complete().key}/ledger/").status_code == 404
    assert lines(api.get(f"/campaigns/{scenes.approved().key}/ledger/")) == []
    assert api.get("/campaigns/nothere/ledger/").status_code == 404


def test_heads_keys_and_the_campaigns_place(api, launched):
    path = f"/campaigns/{launched.key}/ledger/head/"
    paid_pledge(launched.escrow, extra=1_00)
    assert api.get(path).status_code == 404
    signing.sign_due()
    proof = api.get(path).data
    head = api.get("/ledger/heads/").data["items"][0]
    assert proof["head"] == head
    assert head["day"] == clock.now().date().isoformat()
    assert api.get("/ledger/keys/").data["items"][0]["key"] == head["key"]
    assert (proof["leaf"]["chain"], proof["leaf"]["seq"]) == (launched.key, 1)
