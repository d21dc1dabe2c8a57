"""The money proof: what the public ledger adds up to, in plain words, and how to check it without trusting us."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.cache import cache_control

from campaigns import selectors
from campaigns.models import Campaign
from campaigns.views import places
from campaigns.views.ledger_summary import outcome_table, raised_table
from cms.core import moments
from funding.models import Escrow, LedgerHead, SigningKey
from funding.money import format_money
from funding.services import proving, signing
from funding.services.proving import ChainEnd, MoneySums

VERIFIER = Path(settings.ROOT) / "verify_ledger.py"
HEADS_SHOWN = 30


def campaign_proof(request: HttpRequest, key: str) -> HttpResponse:
    """Of one public campaign. Seals what waits, so that the page and the ledger say the same."""
    page = selectors.campaign_page(key, get_language() or "en")
    if page is None:
        raise Http404
    campaign, escrow = page.campaign, page.campaign.escrow
    context: dict[str, Any] = {
        "title": page.title, "lang": page.locale.language_code, "back_url": f"{page.url}#money",
        "ledger_url": places.api(f"campaigns/{key}/ledger/"), "heads_url": reverse("proof"),
        "verifier_url": reverse("verifier"),
    }  # fmt: skip
    if escrow is not None:
        end = proving.chain_end(escrow.key)
        context |= _money(escrow, proving.money_sums(escrow, end=end), end, campaign)
    return render(request, "pages/campaign_proof.html", {"proof": context})


def _money(escrow: Escrow, sums: MoneySums, end: ChainEnd, campaign: Campaign) -> dict[str, Any]:
    proof = signing.proof_of(escrow.key)
    return {
        "sentence": _sentence(escrow, sums),
        "tables": [raised_table(escrow, sums), outcome_table(escrow, sums)],
        "notes": _notes(escrow, sums),
        "lines": ngettext("%(n)d line", "%(n)d lines", end.seq) % {"n": end.seq},
        "hash": end.hash if end.seq else "",
        "sealed": moments.time_text(end.sealed_at, zone=campaign.timezone),
        "head": _head(proof) if proof else None,
        "commands": _commands(escrow.key, proof),
    }


def _sentence(escrow: Escrow, sums: MoneySums) -> str:
    def amount(value: int) -> str:
        return format_money(value, escrow.currency, exact=True)

    if not sums.captured:
        return gettext("No money has come in yet.")
    gone = sums.raised - sums.held
    if sums.refunded == sums.captured:
        return gettext("%(all)s came in, and all of it goes back.") % {"all": amount(sums.captured)}
    if gone:
        words = gettext("%(in)s came in, %(back)s went back, %(out)s was released, and %(held)s is held by us.")
    else:
        words = gettext("%(in)s came in, %(back)s went back, and %(held)s is held by us.")
    return words % {
        "in": amount(sums.captured), "back": amount(sums.refunded + sums.lost), "out": amount(gone),
        "held": amount(sums.held),
    }  # fmt: skip


def _notes(escrow: Escrow, sums: MoneySums) -> list[str]:
    def amount(value: int) -> str:
        return format_money(value, escrow.currency, exact=True)

    said = [
        (sums.refunding > 0, gettext("%(sum)s is still on its way back to backers."), sums.refunding),
        (
            sums.late > 0,
            gettext("%(sum)s came too late to count and is not part of the sums; it goes back."),
            sums.late,
        ),
        (
            sums.repaid > 0,
            gettext("%(sum)s went back to backers after the payout. It was raised, and the creator owes us that."),
            sums.repaid,
        ),
        (
            sums.provider_fees > 0,
            gettext("The payment provider has charged us %(sum)s. We pay that; nothing is taken from a pledge."),
            sums.provider_fees,
        ),
    ]
    return [words % {"sum": amount(value)} for there, words, value in said if there]


def _head(proof: dict[str, Any]) -> dict[str, Any]:
    return {"number": proof["head"]["number"], "day": proof["head"]["day"], "line": proof["leaf"]["seq"]}


def _commands(key: str, proof: dict[str, Any] | None) -> list[str]:
    ledger = places.absolute(places.api(f"campaigns/{key}/ledger/"))
    signed = f" --head {ledger}head/ --key {proof['head']['key']}" if proof else ""
    return [
        f"curl -O {places.absolute(reverse('verifier'))}",
        f"python3 verify_ledger.py {ledger}{signed}",
    ]


def signed_heads(request: HttpRequest) -> HttpResponse:
    """What was signed on the last days, and with which keys."""
    heads = list(LedgerHead.objects.order_by("-number")[:HEADS_SHOWN])
    context = {
        "keys": [{"key": row.key, "since": moments.date_text(row.since)} for row in SigningKey.objects.order_by("-pk")],
        "heads": [
            {"number": head.number, "day": head.day.isoformat(), "hash": head.hash, "signature": head.signature}
            for head in heads
        ],
        "latest": heads[0].statement if heads else "",
        "heads_url": places.api("ledger/heads/"),
        "keys_url": places.api("ledger/keys/"),
        "verifier_url": reverse("verifier"),
    }
    return render(request, "pages/signed_heads.html", {"proof": context})


@cache_control(public=True, max_age=300)
def verifier(request: HttpRequest) -> FileResponse:
    """The program itself, as it stands in the repository."""
    response = FileResponse(VERIFIER.open("rb"), content_type="text/x-python; charset=utf-8", filename=VERIFIER.name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
