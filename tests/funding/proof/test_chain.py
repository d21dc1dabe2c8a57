"""The sealer: every entry once, in order, under names that tell nothing; and the verifier that trusts nobody."""

import hashlib
import hmac
import io
import json
import threading
import time
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

import verify_ledger
from cms.core import clock
from funding import ledger
from funding.models import Entry, LedgerAccount, LedgerSeal, Payment, PseudonymKey, SealMark
from funding.services import proving, refunding, sealing, treasury
from tests.factories.funding import open_test_escrow
from tests.factories.scripted import paid_pledge


@pytest.fixture
def escrow(db):
    """Two backers, one of them twice, and one refund on its way."""
    escrow = open_test_escrow()
    first = paid_pledge(escrow, extra=50_00, fee=2_00, email="a@example.com")
    paid_pledge(escrow, extra=70_00, email="b@example.com")
    paid_pledge(escrow, extra=10_00, email="a@example.com")
    refunding.refund_payment(payment_id=first.pk, amount=50_00, reason="backer_cancelled", actor=None)
    return escrow


def text_of(escrow) -> bytes:
    end = proving.chain_end(escrow.key)
    return "".join(proving.lines(chain=escrow.key, upto=end.seq)).encode()


def verdict(text: bytes, tmp_path, *arguments: str) -> int:
    file = tmp_path / "ledger.jsonl"
    file.write_bytes(text)
    return verify_ledger.main([str(file), *arguments])


def test_every_entry_is_sealed_once_in_order(escrow):
    assert sealing.seal_due() == Entry.objects.count()
    assert sealing.seal_due() == sealing.seal_chain(escrow.key) == 0
    seals = list(LedgerSeal.objects.filter(chain=escrow.key).order_by("seq"))
    assert [seal.seq for seal in seals] == list(range(1, len(seals) + 1))
    assert [seal.entry_id for seal in seals] == sorted(seal.entry_id for seal in seals)
    before = proving.ZEROS
    for seal in seals:
        line = json.loads(seal.line)
        hashed = json.dumps({k: v for k, v in line.items() if k != "hash"}, separators=(",", ":"))
        assert line["prev_hash"] == before
        assert line["hash"] == seal.hash == hashlib.sha256(hashed.encode()).hexdigest()
        assert (line["amount"], line["kind"]) == (seal.entry.amount, seal.entry.journal.kind)
        before = seal.hash


def test_later_lines_go_on_where_the_chain_ended(escrow, tmp_path):
    sealing.seal_due()
    end = proving.chain_end(escrow.key)
    paid_pledge(escrow, extra=30_00)
    sealing.seal_chain(escrow.key)
    assert LedgerSeal.objects.get(chain=escrow.key, seq=end.seq + 1).prev_hash == end.hash
    assert verdict(text_of(escrow), tmp_path) == 0


def test_people_and_numbers_are_veiled(escrow):
    text = text_of(escrow).decode()
    lines = [json.loads(line) for line in text.splitlines()]
    captures = [line for line in lines if line["kind"] == "capture"]
    assert captures[0]["party"] == captures[2]["party"] != captures[1]["party"]
    assert {line["party"] for line in lines if line["kind"] == "refund_asked"} == {captures[0]["party"]}
    for payment in Payment.objects.select_related("pledge"):
        assert payment.pledge.person not in text
        assert str(payment.pledge_id) not in text
        assert f"capture:{payment.pk}" not in [line["journal"] for line in lines]
    # The name is an HMAC by the book, and another one in another campaign.
    key = PseudonymKey.objects.get(subject=f"person:{Payment.objects.earliest('pk').pledge.person}")
    secret = bytes(byte ^ 0x36 for byte in bytes(key.inner_block))
    assert captures[0]["party"] == hmac.new(secret, escrow.key.encode(), hashlib.sha256).hexdigest()[:16]
    other = open_test_escrow()
    paid_pledge(other, extra=1_00, email="a@example.com")
    assert json.loads(text_of(other))["party"] != captures[0]["party"]


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_commits_late_is_found():
    """Its number is lower than what was sealed before it was visible."""
    early, late = open_test_escrow(), open_test_escrow()
    for escrow in (early, late):  # their accounts are there: else the one would wait for the other
        paid_pledge(escrow, extra=1_00)
    begun, finish = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            paid_pledge(early, extra=5_00)
            begun.set()
            finish.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(20)
    paid_pledge(late, extra=5_00)
    for _ in range(3):
        sealing.seal_due()
    assert LedgerSeal.objects.filter(chain=late.key).count() == 2
    assert SealMark.objects.get().sealed_to < Entry.objects.latest("pk").pk
    finish.set()
    thread.join()
    sealing.seal_due()
    assert LedgerSeal.objects.filter(chain=early.key).count() == 2
    # Transactions of other databases hold the mark back as well; tests beside this one keep theirs for minutes.
    patience = time.monotonic() + 270
    while SealMark.objects.get().sealed_to < Entry.objects.latest("pk").pk:
        assert time.monotonic() < patience
        sealing.seal_due()
    # Sums of global accounts go as far as the mark; what is read is the same whether carried forward or not.
    carried = LedgerAccount.objects.get(code="provider:stripe")
    before = ledger.balance("provider:stripe", "CNY")
    assert carried.debits - carried.credits == before == treasury.positions()[0].provider
    paid_pledge(late, extra=7_00)
    carried.refresh_from_db()
    assert carried.debits - carried.credits == before
    assert treasury.positions()[0].provider == ledger.balance("provider:stripe", "CNY") == before + 7_00


@pytest.mark.django_db(transaction=True)
def test_many_sealers_at_once_make_one_chain(tmp_path):
    escrow = open_test_escrow()
    for number in range(12):
        paid_pledge(escrow, extra=1_00 + number)
    connection.cursor().execute("DELETE FROM funding_pseudonymkey")

    def work(run) -> None:
        run()
        connection.close()

    runs = [sealing.seal_due, lambda: sealing.seal_chain(escrow.key)] * 3
    threads = [threading.Thread(target=work, args=[run]) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert LedgerSeal.objects.count() == Entry.objects.count()
    assert verdict(text_of(escrow), tmp_path) == 0


def test_seals_can_not_be_changed(escrow):
    sealing.seal_due()
    for statement in ("UPDATE funding_ledgerseal SET body = ''", "DELETE FROM funding_ledgerseal"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)


def test_every_flipped_byte_is_found(escrow, tmp_path):
    """Each bit pattern of each byte would take long: each byte once, and every bit of some."""
    text = text_of(escrow)
    assert verdict(text, tmp_path) == 0
    for place in range(len(text)):
        for bit in range(8) if place % 97 == 0 else [place % 8]:
            broken = bytearray(text)
            broken[place] ^= 1 << bit
            assert not holds(bytes(broken)), f"byte {place}, bit {bit}"


def holds(text: bytes) -> bool:
    ledger = verify_ledger.Ledger()
    try:
        for raw in io.BytesIO(text):
            ledger.add(raw)
    except verify_ledger.Wrong:
        return False
    return True


def test_a_longer_one(escrow, tmp_path, capsys):
    for number in range(60):
        paid_pledge(escrow, extra=1_00 + number)
    text = text_of(escrow)
    for place in range(0, len(text), 211):
        broken = bytearray(text)
        broken[place] ^= 0x01
        assert not holds(bytes(broken)), place
    lines = text.splitlines(keepends=True)
    assert verdict(b"".join(lines[:9] + lines[10:]), tmp_path) == 1
    assert "line 10" in capsys.readouterr().out
    assert verdict(b"".join([*lines[:9], lines[10], lines[9], *lines[11:]]), tmp_path) == 1


def test_a_forger_who_hashes_anew_fails_at_the_sums(tmp_path, capsys):
    """More leaves the escrow than came in: the hashes are right, the money is not."""

    def line(seq: int, debit: str, credit: str, amount: int, before: str) -> str:
        members = {
            "seq": seq, "occurred_at": "2027-01-01T00:00:00.000000Z", "kind": "x", "journal": "x", "debit": debit,
            "credit": credit, "amount": amount, "currency": "CNY", "party": None, "prev_hash": before,
        }  # fmt: skip
        body = json.dumps(members, separators=(",", ":"))
        return f'{body[:-1]},"hash":"{hashlib.sha256(body.encode()).hexdigest()}"}}\n'

    first = line(1, "provider:stripe", "escrow:k", 100, "0" * 64)
    second = line(2, "escrow:k", "refund_payable:k", 101, json.loads(first)["hash"])
    assert verdict((first + second).encode(), tmp_path) == 1
    assert "line 2: escrow:k falls to -1" in capsys.readouterr().out


def test_it_compares_with_what_the_site_shows(escrow, tmp_path):
    escrow.refresh_from_db()
    shown = {
        "raised": {"amount": escrow.raised, "currency": "CNY"},
        "collected": {"amount": escrow.captured, "currency": "CNY"},
    }
    funding = tmp_path / "funding.json"
    funding.write_text(json.dumps(shown))
    assert verdict(text_of(escrow), tmp_path, "--funding", str(funding)) == 0
    shown["raised"]["amount"] += 1
    funding.write_text(json.dumps(shown))
    assert verdict(text_of(escrow), tmp_path, "--funding", str(funding)) == 1
    assert verify_ledger.main([str(tmp_path / "nowhere")]) == 2


GARBAGE = {
    "a head that is no JSON": (["--head", b"<html>"], 2, "it is no JSON"),
    "a head of another form": (["--head", b'{"head": 7}'], 2, "another form"),
    "a head of a list": (["--head", b"[[[[", b""], 2, "it is no JSON"),
    "bytes": (["--head", b"\xff\xfe"], 2, "it is no JSON"),
    "nesting": (["--funding", b"[" * 100_000], 2, "it is no JSON"),
    "sums that are no numbers": (["--funding", b'{"raised": {"amount": true, "currency": "CNY"}}'], 2, "another form"),
    "a ledger of nothing": ([b""], 0, "no lines yet"),
    "a ledger of a page": ([b"<!doctype html>\n<p>Sorry"], 1, "line 1: the line does not end with its hash"),
    "a ledger without an end": ([b"7" * 1_000_000], 1, "line 1: the line does not end with its hash"),
    "a ledger of zeros": ([b"\0" * 50], 1, "line 1"),
    "a ledger of nests": ([b"[" * 5000 + b',"hash":"' + b"0" * 64 + b'"}\n'], 1, "line 1: the hash should be"),
    "no ledger": (["nowhere"], 2, "No such file"),
    "no address": (["http://"], 2, "ledger http://"),
    "an address nobody answers": (["http://127.0.0.1:9/"], 2, "refused"),
}


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_is_answered_in_one_line(name, tmp_path, capsys):
    given, status, words = GARBAGE[name]
    arguments = []
    for number, part in enumerate(given):
        if isinstance(part, bytes):
            (tmp_path / str(number)).write_bytes(part)
            part = str(tmp_path / str(number))
        arguments.append(part)
    if arguments[0].startswith("--"):
        (tmp_path / "empty").write_bytes(b"")
        arguments = [str(tmp_path / "empty"), *arguments[:2], *(["--key", "0" * 64] if "--head" in arguments else [])]
    assert verify_ledger.main(arguments) == status
    out, err = capsys.readouterr()
    assert (out.count("\n"), err) == (1, "")
    assert words in out
    assert "Error(" not in out


def test_the_sums_are_those_of_the_lines(escrow):
    end = proving.chain_end(escrow.key)
    sums = proving.money_sums(escrow, end=end)
    ledger = verify_ledger.Ledger()
    for raw in io.BytesIO(text_of(escrow)):
        ledger.add(raw)
    assert (sums.captured, sums.refunded, sums.raised) == (130_00, 50_00, 80_00)
    assert (ledger.captured, ledger.back, ledger.raised, ledger.held) == (130_00, 50_00, 80_00, sums.held)
    assert (sums.refunding, sums.provider_fees, sums.late, sums.lost) == (50_00, 2_00, 0, 0)


def test_time_is_app_time(escrow):
    clock.set_offset(timedelta(days=40))
    paid = paid_pledge(open_test_escrow(), extra=1_00)
    line = json.loads(text_of(paid.pledge.escrow))
    assert line["occurred_at"] == paid.pledge.escrow.journals.get().occurred_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
