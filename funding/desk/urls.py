"""Addresses of the desk's own pages, under the admin's."""

from django.urls import path

from funding.desk import acts, disputing, erasing, late, pages, papers, reports, returns, taxing, today, watching

app_name = "funding_desk"

urlpatterns = [
    path("statement/", pages.StatementPage.as_view(), name="statement"),
    path("today/", today.TodayPage.as_view(), name="today"),
    path("audit/", reports.AuditPage.as_view(), name="audit"),
    path("reconcile/", reports.ReconcilePage.as_view(), name="reconcile"),
    path("rebuild/", reports.RebuildPage.as_view(), name="rebuild"),
    path("float/", watching.PutFloatIn.as_view(), name="put_float_in"),
    path("freeze/<int:pk>/agree/", watching.AgreeToLift.as_view(), name="agree_to_lift"),
    path("document/<int:pk>/", papers.document, name="document"),
    path("tax/", taxing.TaxPage.as_view(), name="tax"),
    path("tax/pay/", taxing.RemitTax.as_view(), name="remit_tax"),
    path("tax/<int:pk>/confirm/", taxing.ConfirmTax.as_view(), name="confirm_tax"),
    path("tax/<int:pk>/withdraw/", taxing.WithdrawTax.as_view(), name="withdraw_tax"),
    path("time/", pages.TimePage.as_view(), name="time"),
    path("escrow/<int:pk>/", pages.EscrowPage.as_view(), name="escrow"),
    path("escrow/<int:pk>/hold/", acts.HoldEscrow.as_view(), name="hold_escrow"),
    path("escrow/<int:pk>/resume/", acts.ResumeEscrow.as_view(), name="resume_escrow"),
    path("escrow/<int:pk>/cancel/", acts.CancelEscrow.as_view(), name="cancel_escrow"),
    path("pledge/<uuid:pk>/refund/", acts.RefundPledge.as_view(), name="refund_pledge"),
    path("late-refund/<int:pk>/confirm/", late.ConfirmLateRefund.as_view(), name="confirm_late_refund"),
    path("late-refund/<int:pk>/withdraw/", late.WithdrawLateRefund.as_view(), name="withdraw_late_refund"),
    path("pledge/<uuid:pk>/erase/", erasing.ErasePerson.as_view(), name="erase_person"),
    path("refund/<int:pk>/retry/", acts.RetryRefund.as_view(), name="retry_refund"),
    path("payout/<int:pk>/approve/", acts.ApprovePayout.as_view(), name="approve_payout"),
    path("payout/<int:pk>/retry/", acts.RetryPayout.as_view(), name="retry_payout"),
    path("dispute/<int:pk>/evidence/", disputing.SubmitEvidence.as_view(), name="submit_evidence"),
    path("dispute/<int:pk>/accept/", disputing.AcceptDispute.as_view(), name="accept_dispute"),
    path("debt/<int:pk>/paid/", disputing.EnterRecovery.as_view(), name="recover_debt"),
    path("debt/<int:pk>/write-off/", disputing.WriteOffDebt.as_view(), name="write_off_debt"),
    path("payout/<int:pk>/take-back/", returns.TakePayoutBack.as_view(), name="take_payout_back"),
    path("claim/<int:pk>/pay/", returns.PayClaim.as_view(), name="pay_claim"),
    path("escrow/<int:pk>/decide/", returns.DecideHold.as_view(), name="decide_hold"),
    path("decision/<int:pk>/confirm/", returns.ConfirmHold.as_view(), name="confirm_hold"),
    path("decision/<int:pk>/withdraw/", returns.WithdrawHold.as_view(), name="withdraw_hold"),
    path("command/<int:pk>/retry/", acts.RetryCommand.as_view(), name="retry_command"),
    path("event/<int:pk>/handle/", acts.HandleEvent.as_view(), name="handle_event"),
    path("alert/<int:pk>/resolve/", watching.ResolveAlert.as_view(), name="resolve_alert"),
]
