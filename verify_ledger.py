#!/usr/bin/env python3
"""Verify a campaign's public ledger. One file, nothing but Python 3.9 or newer, no account and no trust needed.

    python3 verify_ledger.py https://site.example/api/v2/campaigns/<key>/ledger/
    python3 verify_ledger.py ledger.jsonl
    curl -s https://site.example/api/v2/campaigns/<key>/ledger/ | python3 verify_ledger.py -

It recomputes every hash, the balance of every account, and what came in and went back. With `--funding` (a file or an
address; found by itself when the ledger is read from an address) the sums must be those that the site shows. With
`--head` and `--key` the chain must be the one that the platform signed on a day. What is no campaign's stands in the
chain at /api/v2/ledger/platform/ (for a file of it: `--platform`). Exit status: 0 all is well, 1 the ledger is wrong
(the line is named), 2 something could not be read. Each says why in one line.
"""

import argparse
import hashlib
import http.client
import json
import re
import sys
import urllib.request

FIELDS = [
    "seq", "occurred_at", "kind", "journal", "debit", "credit", "amount", "currency", "party", "prev_hash", "hash",
]  # fmt: skip
# Accounts that hold somebody's money for this campaign: after no line below zero.
LIMITED = ("escrow:", "refund_payable:", "payable:creator:", "tax_withheld:")
SEAL = re.compile(rb',"hash":"([0-9a-f]{64})"}\n?\Z')
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\Z")


LONGEST = 10_000  # bytes of a line, far above any


class Wrong(Exception):
    """The ledger, or what was signed about it, does not hold."""


class Unreadable(Exception):
    """What was given is not what was asked for."""


def number(digits):
    """A JSON integer, written the one way: `-0` and numbers past 64 bits are none."""
    if len(digits) > 19 or digits.startswith("-"):
        raise ValueError(f"{digits} is no amount")
    return int(digits)


def refuse(digits):
    raise ValueError(f"{digits} is no whole number")


def parse(raw):
    """A line as a dict, if it is written exactly as docs/proof.md says: those members, in that order, no blanks."""
    text = raw.decode("ascii")
    line = json.loads(text, parse_int=number, parse_float=refuse, parse_constant=refuse)
    if not isinstance(line, dict) or list(line) != FIELDS:
        raise ValueError("the members are not " + ", ".join(FIELDS))
    if json.dumps(line, separators=(",", ":")) + "\n" != text:
        raise ValueError("it is not written in the canonical way")
    for name in FIELDS:
        kinds = int if name in ("seq", "amount") else (str, type(None)) if name == "party" else str
        if not isinstance(line[name], kinds):
            raise ValueError(f"{name} is of the wrong type")
    if line["amount"] < 1 or line["debit"] == line["credit"] or not INSTANT.match(line["occurred_at"]):
        raise ValueError("an entry has a time, a positive amount and two accounts")
    return line


class Ledger:
    """What the lines add up to, line by line; memory grows with accounts, not with lines."""

    def __init__(self, at=0, platform=False):
        # Other chains have put in what the platform's hands on: alone, it says nothing of being short.
        self.limited, self.platform = () if platform else LIMITED, platform
        self.seq, self.hash, self.key, self.balances = 0, "0" * 64, None, {}
        self.captured = self.back = self.lost = self.released = 0
        self.currency, self.at, self.hash_at = None, at, None

    def add(self, raw):
        """Take the next line, or raise `Wrong`."""
        seal = SEAL.search(raw)
        if not seal or not raw.endswith(b"\n"):
            raise Wrong("the line does not end with its hash and a line break")
        # The hash is of the line as it stands, without its last member.
        computed = hashlib.sha256(raw[: seal.start()] + b"}").hexdigest()
        if computed != seal.group(1).decode():
            raise Wrong(f"the hash should be {computed}")
        try:
            line = parse(raw)
        except (ValueError, RecursionError) as error:
            raise Wrong(str(error)) from None
        if line["seq"] != self.seq + 1:
            raise Wrong(f"seq should be {self.seq + 1}, is {line['seq']}")
        if line["prev_hash"] != self.hash:
            raise Wrong("prev_hash is not the hash of the line before")
        self.seq, self.hash = line["seq"], line["hash"]
        if self.seq == self.at:
            self.hash_at = self.hash
        self.move(line)

    def move(self, line):
        debit, credit, amount, unit = line["debit"], line["credit"], line["amount"], line["currency"]
        self.balances[debit, unit] = self.balances.get((debit, unit), 0) - amount
        self.balances[credit, unit] = self.balances.get((credit, unit), 0) + amount
        if debit.startswith(self.limited) and self.balances[debit, unit] < 0:
            raise Wrong(f"{debit} falls to {self.balances[debit, unit]} {unit}")
        for code in (debit, credit):
            if code.startswith("escrow:"):
                if self.key not in (None, code):
                    raise Wrong(f"{code} is not of this campaign")
                self.key, self.currency = code, unit
        if credit == self.key:
            self.count(debit, -amount)
        elif debit == self.key:
            self.count(credit, amount)

    def count(self, other, left):
        """Money that left the escrow for an account, or came from there where it is negative."""
        if other.startswith("provider:"):
            self.captured -= left
        elif other.startswith("refund_payable:"):
            self.back += left
        elif other.startswith("disputed:"):
            self.lost += left
        else:
            self.released += left

    @property
    def raised(self):
        return self.captured - self.back - self.lost

    @property
    def held(self):
        return self.balances.get((self.key, self.currency), 0)


# Ed25519 (RFC 8032), verification only: slow, short, and no secret to leak.
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def point(data):
    y, sign = int.from_bytes(data, "little") & (2**255 - 1), data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * ROOT % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        raise Wrong("no point of the curve")
    return (x if x & 1 == sign else P - x, y, 1, (x if x & 1 == sign else P - x) * y % P)


def plus(a, b):
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    s, t = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, t - s, t + s, n + m
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(k, a):
    total = (0, 1, 1, 0)
    while k:
        if k & 1:
            total = plus(total, a)
        a, k = plus(a, a), k >> 1
    return total


BASE = point(bytes([0x58] + [0x66] * 31))


def signed(key, message, signature):
    """Whether `signature` (64 bytes) is of `message`, by the owner of `key` (32 bytes)."""
    if len(key) != 32 or len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    try:
        a, r = point(key), point(signature[:32])
    except Wrong:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    one, two = times(s, BASE), plus(r, times(h, a))
    return s < L and (one[0] * two[2] - two[0] * one[2]) % P == 0 == (one[1] * two[2] - two[1] * one[2]) % P


def check_head(ledger, proof, key):
    """The chain stood at the signed head: fold its leaf up to the root that the signed statement names."""
    head, leaf = proof["head"], proof["leaf"]
    statement = head["statement"].encode()
    if not signed(bytes.fromhex(key), statement, bytes.fromhex(head["signature"])):
        raise Wrong("the head was not signed with this key")
    chain = "platform" if ledger.platform else (ledger.key or leaf["chain"]).rpartition(":")[2]
    if leaf["chain"] != chain:
        raise Wrong("the head's proof is of another chain")
    if ledger.seq < leaf["seq"]:
        raise Wrong(f"it ends before line {leaf['seq']}, which was signed")
    if ledger.hash_at != leaf["hash"]:
        raise Wrong(f"the signed head saw another line {leaf['seq']}")
    node = hashlib.sha256(b"\0" + f"{leaf['chain']}:{leaf['seq']}:{leaf['hash']}".encode()).digest()
    for step in proof["path"]:
        left, right = (bytes.fromhex(step["left"]), node) if "left" in step else (node, bytes.fromhex(step["right"]))
        node = hashlib.sha256(b"\1" + left + right).digest()
    try:
        root = json.loads(statement)["root"]
    except (ValueError, KeyError, TypeError):
        raise Wrong("what was signed names no root") from None
    if node.hex() != root:
        raise Wrong("the proof does not lead to the root that was signed")


def opened(source):
    if source == "-":
        return sys.stdin.buffer
    if source.startswith(("http://", "https://")):
        return urllib.request.urlopen(source, timeout=60)
    return open(source, "rb")


def loaded(source, what, shape):
    """A JSON object with at least the members of `shape`, each of its type."""
    try:
        with opened(source) as file:
            found = json.load(file)
    except (OSError, http.client.HTTPException, ValueError, RecursionError) as error:
        raise Unreadable(f"{what} {source}: {reason(error)}") from None
    if not fits(found, shape):
        raise Unreadable(f"{what} {source}: it has another form than the API gives")
    return found


def fits(found, shape):
    if isinstance(shape, dict):
        return isinstance(found, dict) and all(name in found and fits(found[name], of) for name, of in shape.items())
    if isinstance(shape, list):
        return isinstance(found, list) and all(any(fits(one, of) for of in shape) for one in found)
    if shape is HEX:
        return isinstance(found, str) and len(found) in (64, 128) and not found.strip("0123456789abcdef")
    return type(found) is shape


def reason(error):
    """Of an error, what a person can do something about, in one line."""
    if isinstance(error, (json.JSONDecodeError, UnicodeDecodeError, RecursionError)):
        return "it is no JSON"
    told = getattr(error, "reason", None) or getattr(error, "strerror", None) or error or type(error).__name__
    return " ".join(f"{getattr(error, 'code', '')} {told}".split())


HEX = object()
HEAD = {
    "head": {"statement": str, "signature": HEX},
    "leaf": {"chain": str, "seq": int, "hash": HEX},
    "path": [{"left": HEX}, {"right": HEX}],
}
FUNDING = {name: {"amount": int, "currency": str} for name in ("raised", "collected")}


def lines_of(source):
    """The lines of a file, none of them longer than any can be."""
    try:
        with opened(source) as file:
            while raw := file.readline(LONGEST):
                yield raw
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreadable(f"the ledger {source}: {reason(error)}") from None


def check_funding(ledger, funding):
    for name, sums in (("raised", ledger.raised), ("collected", ledger.captured)):
        shown = funding[name]
        if shown["amount"] != sums or (ledger.currency and shown["currency"] != ledger.currency):
            raise Wrong(f"the site shows {name} {shown['amount']}, the ledger {sums}")


def verify(options):
    """Verify everything that was asked for; the ledger, or `Wrong` with the line's number in front."""
    proof = loaded(options.head, "the head", HEAD) if options.head else None
    platform = options.platform or options.ledger.endswith("/ledger/platform/")
    ledger = Ledger(at=proof["leaf"]["seq"] if proof else 0, platform=platform)
    for place, raw in enumerate(lines_of(options.ledger), 1):
        try:
            ledger.add(raw)
        except Wrong as error:
            raise Wrong(f"line {place}: {error}") from None
    if platform and ledger.key:
        raise Wrong(f"{ledger.key} is a campaign's: its chain is another")
    if ledger.held != ledger.raised - ledger.released:
        raise Wrong("held is not captured less refunded, lost and released")
    funding = options.funding
    if not funding and not platform and options.ledger.startswith("http") and options.ledger.endswith("/ledger/"):
        funding = options.ledger[: -len("ledger/")] + "funding/"
    if funding:
        check_funding(ledger, loaded(funding, "what the site shows,", FUNDING))
    if proof:
        check_head(ledger, proof, options.key)
    return ledger


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ledger", help="a file, an address, or - for standard input")
    parser.add_argument("--funding", help="the campaign's /funding/, as a file or an address")
    parser.add_argument("--head", help="the campaign's /ledger/head/, as a file or an address")
    parser.add_argument("--key", help="the public key that the head must be signed with, 64 hex digits")
    parser.add_argument("--platform", action="store_true", help="it is the chain of what belongs to no campaign")
    options = parser.parse_args(arguments)
    if options.key and not (fits(options.key, HEX) and len(options.key) == 64):
        parser.error("--key is 64 hex digits")
    if bool(options.head) != bool(options.key):
        parser.error("--head and --key go together: a head proves nothing without a key that you trust")
    try:
        ledger = verify(options)
    except Wrong as error:
        print(f"WRONG: {error}")
        return 1
    except Unreadable as error:
        print(f"COULD NOT BE READ: {error}")
        return 2
    unit = ledger.currency or ""
    if not ledger.seq:
        print("There are no lines yet: nothing has been moved, and nothing is proved by it.")
        return 0
    print(f"All {ledger.seq} lines hold. The chain ends with {ledger.hash}")
    if ledger.platform:
        for (code, currency), sums in sorted(ledger.balances.items()):
            print(f"{code} {sums:+} {currency}")
        return signed_up_to(ledger, options)
    print(f"Minor units of {unit}: captured {ledger.captured} - refunded {ledger.back} - charged back {ledger.lost}")
    print(f"= raised {ledger.raised}; released {ledger.released}; held {ledger.held}.")
    return signed_up_to(ledger, options)


def signed_up_to(ledger, options):
    if options.head:
        print(f"Signed up to line {ledger.at}; the signature holds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
