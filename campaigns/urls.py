"""The public pages of campaigns that are no Wagtail pages; each under its language."""

from django.urls import path

from campaigns.views import (
    back,
    change,
    creators,
    documents,
    leaving,
    paying,
    pledges,
    proof,
    report,
    retry,
    statements,
    updates,
    versions,
)

urlpatterns = [
    path("back/<slug:key>/", back.back, name="back"),
    path("pledges/<uuid:pledge_id>/", pledges.pledge, name="pledge"),
    path("pledges/<uuid:pledge_id>/cancel/", pledges.cancel, name="pledge_cancel"),
    path("pledges/<uuid:pledge_id>/leave/", leaving.leave, name="pledge_leave"),
    path("pledges/<uuid:pledge_id>/pay/<int:payment_id>/", paying.pay, name="pledge_pay"),
    path("pledges/<uuid:pledge_id>/retry/", retry.retry, name="pledge_retry"),
    path("pledges/<uuid:pledge_id>/change/", change.change, name="pledge_change"),
    path("pledges/<uuid:pledge_id>/change/drop/", change.drop_change, name="pledge_change_drop"),
    path("pledges/<uuid:pledge_id>/version/", versions.pledge_version, name="pledge_version"),
    path("pledges/<uuid:pledge_id>/receipt.pdf", documents.pledge_receipt, name="pledge_receipt"),
    path("pledges/<uuid:pledge_id>/documents/<int:number>/", documents.pledge_document, name="pledge_document"),
    path("me/pledges/", pledges.my_pledges, name="my_pledges"),
    path("me/statements/", statements.my_statements, name="my_statements"),
    path("me/statements/<int:year>/<slug:currency>/", documents.annual_statement, name="annual_statement"),
    path("me/settlements/<int:release_id>/", documents.settlement, name="settlement"),
    path("me/settlements/<int:release_id>/tax/", documents.tax_certificate, name="tax_certificate"),
    path("updates/<slug:key>/", updates.campaign_update, name="campaign_update"),
    path("creators/<slug:key>/", creators.creator_page, name="creator"),
    path("report/<slug:key>/", report.report, name="report"),
    path("join/<str:token>/", creators.join, name="join"),
    path("proof/", proof.signed_heads, name="proof"),
    path("proof/<slug:key>/", proof.campaign_proof, name="campaign_proof"),
    path("history/<slug:key>/", versions.campaign_history, name="campaign_history"),
    path("history/<slug:key>/<int:number>/", versions.campaign_version, name="campaign_version"),
]
