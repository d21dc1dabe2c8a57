"""Signed heads: one a day, each naming the one before, and a proof for every chain under it."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import DatabaseError, connection, transaction

import verify_ledger
from cms.core import clock
from funding.models import HeadLeaf, LedgerHead, SigningKey
from funding.services import proving, signing
from tests.factories.funding import open_test_escrow
from tests.factories.scripted import paid_pledge

# RFC 8032, section 7.1: public key, message, signature.
RFC_8032 = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe2"
     "4655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302ae"
     "eb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28"
     "dc027beceea1ec40a"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "message", "signature"), RFC_8032)
def test_the_verifier_knows_ed25519(key, message, signature):
    key, message, signature = map(bytes.fromhex, (key, message, signature))
    assert verify_ledger.signed(key, message, signature)
    assert not verify_ledger.signed(key, message + b"!", signature)
    for place in (0, 31, 32, 63):
        broken = bytearray(signature)
        broken[place] ^= 1
        assert not verify_ledger.signed(key, message, bytes(broken))
    # The same number plus the group's order is another spelling of the signature: refused.
    again = int.from_bytes(signature[32:], "little") + verify_ledger.L
    assert not verify_ledger.signed(key, message, signature[:32] + again.to_bytes(32, "little"))


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 13])
def test_every_leaf_leads_to_the_root(count):
    digests = [sha256(bytes([number])).digest() for number in range(count)]
    for place, node in enumerate(digests):
        for step in signing.path(digests, place):
            pair = (bytes.fromhex(step["left"]), node) if "left" in step else (node, bytes.fromhex(step["right"]))
            node = sha256(b"\1" + b"".join(pair)).digest()
        assert node == signing.root(digests)


@pytest.fixture
def escrows(db):
    escrows = [open_test_escrow() for _ in range(3)]
    for escrow in escrows:
        paid_pledge(escrow, extra=5_00)
    return escrows


def test_once_a_day_and_each_names_the_one_before(escrows):
    assert (signing.sign_due(), signing.sign_due()) == (1, 0)
    clock.set_offset(clock.offset() + timedelta(days=1))
    paid_pledge(escrows[0], extra=1_00)
    assert signing.sign_due() == 1
    clock.set_offset(clock.offset() + timedelta(days=5))
    assert signing.sign_due() == 1
    first, second, third = LedgerHead.objects.order_by("number")
    said = [json.loads(head.statement) for head in (first, second, third)]
    assert [one["previous"] for one in said] == [proving.ZEROS, first.hash, second.hash]
    assert [(one["chains"], one["lines"]) for one in said] == [(3, 3), (3, 4), (3, 4)]
    assert said[1]["root"] == said[2]["root"] != said[0]["root"]
    # Only what has grown is written down again.
    assert [HeadLeaf.objects.filter(head=head).count() for head in (first, second, third)] == [3, 1, 0]
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(SigningKey.objects.get().key))
    for head in (first, second, third):
        key.verify(bytes.fromhex(head.signature), head.statement.encode())
        assert head.hash == sha256(head.statement.encode()).hexdigest()


def test_heads_can_not_be_changed(escrows):
    signing.sign_due()
    for table in ("ledgerhead", "headleaf", "signingkey"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(f"DELETE FROM funding_{table}")


def test_the_verifier_holds_a_ledger_against_the_signed_head(escrows, tmp_path, capsys):
    signing.sign_due()
    escrow = escrows[1]
    paid_pledge(escrow, extra=9_00)
    ledger, head = tmp_path / "ledger.jsonl", tmp_path / "head.json"
    end = proving.chain_end(escrow.key)
    ledger.write_text("".join(proving.lines(chain=escrow.key, upto=end.seq)))
    proof = signing.proof_of(escrow.key)
    key = SigningKey.objects.get().key

    def verdict(proof, key=key) -> int:
        head.write_text(json.dumps(proof))
        return verify_ledger.main([str(ledger), "--head", str(head), "--key", key])

    assert verdict(proof) == 0
    assert "Signed up to line 1" in capsys.readouterr().out
    assert verdict(proof, key="00" * 31 + "01") == 1
    assert verdict({**proof, "leaf": {**proof["leaf"], "hash": "0" * 64}}) == 1
    assert verdict({**proof, "path": proof["path"][:-1]}) == 1
    statement = proof["head"]["statement"].replace('"chains":3', '"chains":4')
    assert verdict({**proof, "head": {**proof["head"], "statement": statement}}) == 1
    assert verdict(signing.proof_of(escrows[0].key)) == 1
    # A platform that rewrites a ledger, hashes and all, can't rewrite what it has signed.
    text = ledger.read_text().splitlines(keepends=True)
    forged = text[0].replace('"amount":500', '"amount":400')
    body = forged[: forged.index(',"hash"')] + "}"
    ledger.write_text(f'{body[:-1]},"hash":"{sha256(body.encode()).hexdigest()}"}}\n')
    assert verify_ledger.main([str(ledger)]) == 0
    assert verdict(proof) == 1


def test_a_chain_that_no_head_has_seen(escrows):
    assert signing.proof_of(escrows[0].key) is None
    signing.sign_due()
    assert signing.proof_of("nothere") is None
