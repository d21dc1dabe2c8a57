"""Whose money is it? Bank accounts that several creators share, and campaigns that their own people fund."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from campaigns.models import Campaign, Severity
from campaigns.selectors import BACKING_STATES
from campaigns.services.checks.findings import Evidence, Finding, Material, in_both
from cms.users.models import User
from funding.models import PayoutAccount, Pledge

# From so many campaigns' creators on, mutual support is a ring; and so much of the money makes it serious.
RING, MUCH = 3, 0.3
CLUSTER = 4
# Innocent in small measure: creators do back each other, and a family shares the stem of its addresses.
_BY_SHARE = {"pledge_ring", "numbered_backers"}


def check_accounts(material: Material) -> Iterator[Finding]:
    """Other creators who are, or were, paid to the same bank account."""
    creator = material.campaign.creator_id
    banks = PayoutAccount.objects.filter(creator_id=creator).exclude(bank="").values_list("bank", flat=True)
    shared = PayoutAccount.objects.filter(bank__in=set(banks)).exclude(creator_id=creator).select_related("creator")
    if found := list(shared.order_by("creator_id", "-pk").distinct("creator_id")):
        say = in_both(lambda: _("Other creators are paid to the same bank account."))
        yield Finding("account_shared", Severity.SERIOUS, say,
                      [{"type": "account", **_person(row.creator), "last4": row.bank_last4,
                        "current": row.replaced_at is None} for row in found])  # fmt: skip


def check_ring(material: Material) -> Iterator[Finding]:
    """Backers who are the creator, are paid like the creator, back each other in a circle, or have one address."""
    creator = material.campaign.creator
    pledges = list(
        Pledge.objects.filter(escrow__campaign__creator=creator, state__in=BACKING_STATES)
        .values("backer_id", "email").annotate(paid=Sum("total"))
    )  # fmt: skip
    if not pledges:
        return
    total = sum(row["paid"] for row in pledges)
    mine = _address(creator.email)
    selves = [row for row in pledges if row["email"] and _address(row["email"]) == mine]
    yield from _told(
        "self_pledge", lambda: _("The creator backed their own campaign under another address."), selves, total
    )
    banks = set(PayoutAccount.objects.filter(creator=creator).exclude(bank="").values_list("bank", flat=True))
    alike = set(PayoutAccount.objects.filter(bank__in=banks).values_list("creator_id", flat=True)) - {creator.pk}
    paid_alike = [row for row in pledges if row["backer_id"] in alike]
    yield from _told(
        "backed_by_same_account", lambda: _("Backers are paid to the creator's own bank account."), paid_alike, total
    )
    ring = _ring(creator)
    if len(ring) >= RING:
        circle = [row for row in pledges if row["backer_id"] in ring]
        yield from _told("pledge_ring", lambda: _("Creators back each other in a circle."), circle, total)
    stems = Counter(stem for row in pledges if (stem := _stem(row["email"])))
    numbered = [row for row in pledges if stems[_stem(row["email"])] >= CLUSTER]
    yield from _told(
        "numbered_backers", lambda: _("Many backers have addresses that differ in a number only."), numbered, total
    )


def _told(code: str, say: Callable[[], str], rows: list[dict[str, Any]], total: int) -> Iterator[Finding]:
    part = sum(row["paid"] for row in rows) / max(1, total)
    if not rows or (code in _BY_SHARE and part < MUCH):
        return
    people = User.objects.in_bulk({row["backer_id"] for row in rows if row["backer_id"]})
    evidence: list[Evidence] = [
        {"type": "backer", **_backer(people.get(row["backer_id"]), row["email"])} for row in rows[:12]
    ]  # fmt: skip
    severity = Severity.SERIOUS if part >= MUCH or code == "self_pledge" else Severity.WARNING
    yield Finding(code, severity, in_both(say), [{"type": "share", "share": round(part * 100)}, *evidence])


def _backer(user: User | None, email: str) -> Evidence:
    return _person(user) if user else {"name": _veiled(email)}


def _ring(creator: User) -> set[int]:
    """The creators who, by pledges that stand, back the creator and are backed by them, over however many steps."""
    backs, backed = defaultdict(set), defaultdict(set)
    rows = Pledge.objects.filter(
        state__in=BACKING_STATES, backer__in=Campaign.objects.filter(escrow__isnull=False).values("creator")
    ).values_list("backer_id", "escrow__campaign__creator_id").distinct()  # fmt: skip
    for backer, owner in rows:
        if backer != owner:
            backs[backer].add(owner)
            backed[owner].add(backer)
    return _reached(creator.pk, backs) & _reached(creator.pk, backed)


def _reached(start: int, edges: dict[int, set[int]]) -> set[int]:
    found, ahead = {start}, [start]
    while ahead:
        for other in edges.get(ahead.pop(), ()):
            if other not in found:
                found.add(other)
                ahead.append(other)
    return found


def _address(email: str) -> str:
    """One mailbox however it is written: without what follows a plus sign, for Gmail without dots."""
    name, _at, domain = email.lower().partition("@")
    name = name.partition("+")[0]
    return f"{name.replace('.', '') if domain in {'gmail.com', 'googlemail.com'} else name}@{domain}"


def _stem(email: str) -> str:
    name, _at, domain = _address(email).partition("@") if email else ("", "", "")
    stem = re.sub(r"\d+$", "", name)
    return f"{stem}@{domain}" if stem and stem != name else ""


def _person(user: User) -> Evidence:
    return {"user": user.pk, "name": user.public_name}


def _veiled(email: str) -> str:
    name, _at, domain = email.partition("@")
    return f"{name[:2]}…@{domain}"
