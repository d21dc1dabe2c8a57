"""What backers and creators read when money is still owed: by us to a backer, or by a creator to us."""

import pytest
from django.test import Client
from django.utils import translation

from campaigns.receivers import debts, pledges
from cms.mail.models import Message
from cms.mail.rendering import render
from funding import chart, ledger
from funding.models import Refund
from funding.models.debts import DebtCause
from funding.services import claiming, owing
from tests.campaigns import scenes
from tests.factories.scripted import paid_pledge

pytestmark = [pytest.mark.django_db, pytest.mark.unaudited]


@pytest.mark.parametrize("locale", ["en", "zh-hans"])
def test_claims_debts_and_receipts_are_told_in_the_readers_language(locale: str, client: Client) -> None:
    scenes.site()
    creator = scenes.creator(email="lin@example.com")
    creator.locale = locale
    creator.save()
    campaign = scenes.launched(creator)
    escrow = campaign.escrow
    assert escrow is not None
    payment = paid_pledge(escrow, email="ye@example.com", extra=100_00, locale=locale)
    refund = Refund.objects.create(
        payment=payment, amount=25_00, currency=escrow.currency, reason="finance", note="A crack.", late=True
    )
    line = ledger.Line(chart.receivable(creator.pk), chart.refund_payable(escrow.key), 25_00)
    ledger.post(key=f"refund:{refund.pk}", kind="late_refund_asked", escrow=escrow, lines=[line], currency="CNY")
    debt = owing.incur(escrow=escrow, cause=DebtCause.REFUND, amount=25_00, refund=refund)
    claiming.open_claims([refund.pk], claiming.WINDOW_PASSED)
    for _ in range(2):
        debts.debt_incurred({"debt": str(debt.pk)})
        debts.debt_cancelled({"debt": str(debt.pk)})
        debts.claim_opened({"claim": refund.claim.pk})
        pledges.pledge_paid({"escrow": str(escrow.pk), "pledges": [str(payment.pledge_id)]})
    words = {}
    for template in ("refund_after_payout", "refund_debt_cancelled", "refund_claim", "receipt"):
        message = Message.objects.get(template=template)
        assert message.to == ("ye@example.com" if template in ("refund_claim", "receipt") else "lin@example.com")
        words[template] = "".join(
            render(template=template, locale=message.locale, context=message.context, to=message.to)
        )
    assert all("25.00" in words[template] or "¥25" in words[template] for template in words if template != "receipt")
    assert "A crack." in words["refund_after_payout"]
    chinese = {"refund_after_payout": "由你承担", "refund_debt_cancelled": "无需承担", "refund_claim": "无法原路退回"}
    for template, text in chinese.items():
        assert (text in words[template]) == (locale == "zh-hans")
    # The receipt is one signed click away, before any sweep has issued it; without the signature it is nobody's.
    address = Message.objects.get(template="receipt").context["receipt_url"]
    assert address in words["receipt"]
    path = "/" + address.partition("://")[2].partition("/")[2]
    with translation.override(locale):
        answer = client.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert client.get(path.partition("?")[0]).status_code in (302, 403, 404)
