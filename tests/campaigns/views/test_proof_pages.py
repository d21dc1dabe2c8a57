"""The money proof: sums to the cent, commands that work as they stand, and nobody's data."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from campaigns.models import CampaignPage
from funding.money import format_money
from funding.services import refunding, signing
from tests.campaigns import scenes
from tests.factories.scripted import paid_pledge

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def paid(launched):
    """Money has come in, and some of it is going back."""
    first = paid_pledge(launched.escrow, extra=123_45, fee=3_21, email="somebody@example.com")
    paid_pledge(launched.escrow, extra=1_000_00)
    refunding.refund_payment(payment_id=first.pk, amount=23_45, reason="backer_cancelled", actor=None)
    return launched


def test_sums_to_the_cent_in_both_languages(client, paid):
    english = client.get(f"/en/proof/{paid.key}/").content.decode()

    def amount(value: int) -> str:
        return format_money(value, "CNY", locale="en", exact=True)

    came, back, held = amount(1_123_45), amount(23_45), amount(1_100_00)
    assert f"{came} came in, {back} went back, and {held} is held by us." in english
    assert f"{back} is still on its way back" in english
    assert f"charged us {amount(3_21)}" in english
    chinese = client.get(f"/zh-hans/proof/{paid.key}/").content.decode()
    assert "资金证明" in chinese
    assert format_money(1_123_45, "CNY", locale="zh-hans", exact=True) in chinese
    for text in (english, chinese):
        assert "somebody@example.com" not in text
        assert paid.creator.email not in text


def test_the_campaigns_page_leads_there(client, paid):
    page = CampaignPage.objects.get(campaign=paid, locale__language_code="en")
    text = client.get(page.url).content.decode()
    assert f'href="/en/proof/{paid.key}/"' in text
    assert f'href="/api/v2/campaigns/{paid.key}/ledger/"' in text


def test_before_launch_and_before_approval(client, site):
    assert client.get(f"/en/proof/{scenes.complete().key}/").status_code == 404
    approved = client.get(f"/en/proof/{scenes.approved().key}/")
    assert "has not been launched" in approved.content.decode()


def test_signed_heads_are_shown(client, paid):
    assert "Nothing has been signed yet." in client.get("/en/proof/").content.decode()
    signing.sign_due()
    proof = signing.proof_of(paid.escrow.key)
    shown = client.get("/en/proof/").content.decode()
    assert proof["head"]["signature"] in shown
    assert proof["head"]["key"] in shown
    assert "holds this ledger up to line" in client.get(f"/en/proof/{paid.key}/").content.decode()


def test_the_program_is_the_repositorys(client, db):
    served = b"".join(client.get("/verify_ledger.py").streaming_content)
    assert served == (ROOT / "verify_ledger.py").read_bytes()


@pytest.mark.django_db(transaction=True)
def test_the_commands_work_as_they_stand(live_server, client, settings, tmp_path, launched):
    settings.PUBLIC_URL = live_server.url
    paid_pledge(launched.escrow, extra=5_00)
    signing.sign_due()
    text = client.get(f"/en/proof/{launched.key}/").content.decode()
    fetch, verify = re.findall(r'<pre class="code" tabindex="0">(.*?)</pre>', text)
    program = tmp_path / "verify_ledger.py"
    program.write_bytes(b"".join(client.get(fetch.split()[-1].removeprefix(live_server.url)).streaming_content))
    command = [sys.executable, "-I", str(program), *verify.split()[2:]]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "All 1 lines hold" in ran.stdout
    assert "the signature holds" in ran.stdout
