"""Who asks in the role matrix, and the rows they ask about: all of them one creator's, backed by one backer."""

from fnmatch import fnmatchcase
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from wagtail.models import Collection, Locale, Page, Revision, Site, Task, TaskState, Workflow

from campaigns import selectors
from campaigns.models import Campaign, Category, Suggestion
from campaigns.services import inviting, reporting, sharing_drafts, updating
from cms.core import clock
from cms.images.models import Document
from cms.mail.models import MailboxEntry
from cms.users import audit, roles
from cms.users.models import AuditLog, User
from cms.users.services import documenting, presenting
from funding import chart, ledger
from funding.models import (
    Alert,
    Amendment,
    BankBatch,
    CreatorDebt,
    Dispute,
    Entry,
    Escrow,
    GatewayCommand,
    HoldDecision,
    Journal,
    LateRefund,
    Payout,
    PayoutAccount,
    PayoutFreeze,
    ProviderMovement,
    Refund,
    RefundClaim,
    Release,
    TaxRemittance,
    TransitionLog,
    WebhookEvent,
)
from funding.services import alerting, issuing, refunding
from home.models import FeaturedSlot
from tests.campaigns import scenes
from tests.factories import papers
from tests.factories.scripted import paid_pledge
from tests.routes import Route

COLUMNS = (
    "anonymous", "backer", "stranger", "owner", "editor", "reviewer", "finance", "support", "auditor", "admin", "super",
)  # fmt: skip
SECRET = "Zanzibarquux"  # in the titles of the draft, and nowhere else
_STAFF = {
    "editor": roles.EDITOR, "reviewer": roles.REVIEWER, "finance": roles.FINANCE, "support": roles.SUPPORT,
    "auditor": roles.AUDITOR, "admin": roles.ADMIN,
}  # fmt: skip


class Cast:
    """One person a column, and one row of every kind, upon a site."""

    def __init__(self) -> None:
        self.owner = scenes.creator(email="owner@example.com")
        self.draft = self.name_secretly(scenes.complete(self.owner))
        self.submission = scenes.submitted(self.owner)
        self.approved = scenes.approved(self.owner)
        self.launched = scenes.launched(self.owner)
        self.people: dict[str, User | None] = {
            "anonymous": None,
            "backer": scenes.person(email="backer@example.com"),
            "stranger": scenes.creator(email="stranger@example.com"),
            "owner": self.owner,
            **{column: scenes.person(role, email=f"{column}@example.com") for column, role in _STAFF.items()},
            "super": scenes.person(email="super@example.com", is_superuser=True),
        }
        self._tell()
        self._prove()
        self._pay()
        self._furnish()

    def name_secretly(self, campaign: Campaign) -> Campaign:
        """Write the secret into its titles: the last thing written, for now."""
        for page in campaign.pages.specific():
            page.title = page.draft_title = f"{SECRET} lamp"
            page.save()
            page.save_revision(user=self.owner)
        return campaign

    def _tell(self) -> None:
        written = {
            "campaign": self.launched,
            "actor": self.owner,
            "locale": "en",
            "body": scenes.story("We cast the first lamp."),
        }
        self.news = updating.create_update(**written, title="For everybody", audience="public")
        self.secret = updating.create_update(**written, title="For backers", audience="backers")
        self.unsaid = updating.create_update(**written, title="Not yet", audience="public")
        for update in (self.news, self.secret):
            updating.publish_update(update=update, actor=self.owner)
            update.save_revision(user=self.owner)

    def _prove(self) -> None:
        self.paper = documenting.hand_in(user=self.owner, paper=papers.paper(), file=papers.upload())
        self.profile = presenting.profile_of(self.owner)
        self.helper = inviting.invite(
            campaign=self.launched, actor=self.owner, email="helper@example.com", scopes=["story"]
        )

        self.shared = sharing_drafts.share_draft(page=selectors.story_pages(self.launched)[0], actor=self.owner)

    def _pay(self) -> None:
        escrow = Escrow.objects.get(key=self.launched.key)
        reward = escrow.rewards.get()
        backer, finance = self.people["backer"], self.people["finance"]
        assert backer is not None
        self.payment = paid_pledge(
            escrow, email=backer.email, rewards={reward.key: 1}, backer=backer, version=self._version()
        )
        self.pledge = self.payment.pledge
        assert finance is not None
        self.refund = refunding.finance_refund(pledge_id=self.pledge.pk, amount=1_00, reason="agreed", actor=finance)
        self.amendment = self._drop_a_change()
        release = Release.objects.create(
            escrow=escrow, gross=100, platform_fee=4, compensation_fund=0, tax=1, creator_amount=95, currency="CNY"
        )
        dispute = Dispute.objects.create(
            payment=self.payment, external_id="dp_1", amount=100, currency="CNY", opened_at=clock.now()
        )
        CreatorDebt.objects.create(
            creator=self.owner, escrow=escrow, cause="dispute", dispute=dispute, amount=100, currency="CNY"
        )
        self.payout = Payout.objects.create(release=release, creator=self.owner, amount=95, currency="CNY")
        # What the payout is of: the debt can only be kept from money that is owed.
        owed = ledger.Line(chart.provider(), chart.payable(self.owner.pk), 95)
        ledger.post(key="release:cast", kind="release", escrow=escrow, lines=[owed], currency="CNY")
        self.claim = RefundClaim.objects.create(refund=self.refund, code="charge_not_refundable")
        self.decision = HoldDecision.objects.create(
            escrow=escrow, choice="refund", reason="The limit is near.", proposed_by=self.owner
        )
        self.late = LateRefund.objects.create(
            pledge=self.payment.pledge, amount=1, currency="CNY", reason="It broke.", proposed_by=self.owner
        )
        self.account = PayoutAccount.objects.create(creator=self.owner)
        self.batch = BankBatch.objects.create(made_by=finance)
        issuing.issue_due()
        self.receipt = self.payment.documents.get()
        self.remittance = TaxRemittance.objects.create(
            regime="cn_individual", amount=1, currency="CNY", reference="T1", reason="June", proposed_by=self.owner
        )
        self.event = WebhookEvent.objects.create(external_id="evt_1", type="checkout.session.completed")
        alerting.alert(code="other_checkout", subject=f"payment:{self.payment.pk}", severity="critical")
        PayoutFreeze.objects.create(source="audit", fingerprint="f")
        ProviderMovement.objects.create(
            external_id="txn_1", type="charge", amount=1, fee=0, net=1, currency="CNY", subject="ch_1",
            created_at=self.payment.created_at,
        )  # fmt: skip

    def _drop_a_change(self) -> Amendment:
        terms = {"rewards_amount": 0, "shipping_amount": 0, "extra_amount": 1, "total": 1}
        made = Amendment.objects.create(
            pledge=self.pledge, **terms, **{f"previous_{name}": value for name, value in terms.items()},
            expires_at=self.pledge.created_at, idempotency_key="one", idempotency_fingerprint="one",
        )  # fmt: skip
        Amendment.objects.filter(pk=made.pk).update(state="abandoned")
        return made

    def _version(self) -> str:
        return self.launched.versions.filter(locale="en").get().hash

    def _furnish(self) -> None:
        self.image = scenes.picture(self.owner)
        self.document = Document.objects.create(
            title="Wickplan", file=ContentFile(b"plan", name="plan.txt"), uploaded_by_user=self.owner,
            collection=self.image.collection,
        )  # fmt: skip
        self.mail = MailboxEntry.objects.create(to="backer@example.com", subject="Thanks", text="Thanks")
        self.suggestion = Suggestion.objects.create(
            campaign=self.draft, locale="en", target="share:x", text="Have a look.", source="rules"
        )
        self.case = reporting.report_campaign(
            campaign=self.launched, kind="other", text="It is not a lamp at all.", email="reader@example.com"
        ).case
        self.slot = FeaturedSlot.objects.create(campaign=self.launched, position=1, reason="lovely")
        audit.record(actor=self.people["admin"], action="users.change", subject="user:1")
        # What was written last is the draft: lists of the latest would show it.
        self.name_secretly(self.draft)

    def url(self, route: Route, **others: Any) -> str:
        """The address, with our rows in the gaps; `others` come first."""
        return route.url({gap: others[gap] if gap in others else self._value(route, gap) for gap in route.gaps})

    def _value(self, route: Route, gap: str) -> Any:
        for pattern, gaps in self._values.items():
            if fnmatchcase(route.name, pattern) and gap in gaps:
                return gaps[gap]
        return self._values["*"][gap]

    @property
    def _values(self) -> dict[str, dict[str, Any]]:
        if not hasattr(self, "_made"):
            self._made = self._make_values()
        return self._made

    def _make_values(self) -> dict[str, dict[str, Any]]:
        """By pattern of the view's name, the narrower before the wider; `*` is for all others."""
        return {**self._of_campaigns(), **self._of_money(), **self._of_stock_views(), "*": self._of_any()}

    def _of_campaigns(self) -> dict[str, dict[str, Any]]:
        reward = self.draft.reward_drafts.get().key
        update_revision = Revision.objects.for_instance(self.news).first()
        drafted = ("api-assistant", "api-checklist", "api-import", "api-calculations", "api-own-campaign", "api-submit",
                   "api-media")  # fmt: skip
        return {
            "studio:submit": {"key": self.draft.key},
            "studio:withdraw": {"key": self.submission.campaign.key},
            "studio:reopen": {"key": self.approved.key},
            "studio:launch": {"key": self.approved.key},
            "studio:update_add": {"key": self.launched.key},
            "studio:update_translate": {"key": self.news.key},
            "studio:reward_delivery": {"key": self.launched.key, "reward": self.launched.reward_drafts.get().key},
            "studio:reward_quantity": {"key": self.launched.key, "reward": self.launched.reward_drafts.get().key},
            "shared_preview": {"token": sharing_drafts.token_of(self.shared)},
            "studio:preview_*": {"key": self.launched.key, "pk": self.shared.pk},
            "api-preview-tokens": {"key": self.launched.key},
            "api-preview-token": {"key": self.launched.key, "link": self.shared.pk},
            "studio:collaborator": {"key": self.launched.key, "pk": self.helper.pk},
            "studio:document_*": {"pk": self.paper.pk, "type": "identity"},
            "studio:verification": {"key": self.profile.key},
            "creator": {"key": self.profile.key},
            "join": {"token": inviting.token_of(self.helper)},
            "api-creator": {"key": self.profile.key},
            "api-team-member": {"key": self.launched.key, "collaborator": self.helper.pk},
            "studio:review": {"pk": self.submission.pk},
            "studio:report": {"pk": self.case.pk},
            "studio:*": {"key": self.draft.key, "reward": reward},
            "campaign_update": {"key": self.secret.key},
            "api-campaign-version": {"key": self.launched.key, "number": 1},
            "campaign_version": {"key": self.launched.key, "number": 1},
            "api-campaign*": {"key": self.launched.key},
            "api-launch": {"key": self.approved.key},
            "api-review-*": {"submission_id": self.submission.pk},
            "api-terms*": {"key": self.draft.key, "reward": reward},
            **{name: {"key": self.draft.key} for name in drafted},
            "api-suggestion*": {"key": self.draft.key, "suggestion_id": self.suggestion.pk},
            "studio:suggestion": {"key": self.draft.key, "pk": self.suggestion.pk},
            "api-own-reviews": {"key": self.submission.campaign.key},
            "api-my-document": {"document_id": self.receipt.pk},
            "api-pledge-document": {"document_id": self.receipt.pk},
            "api-my-year": {"year": self.receipt.year, "currency": "CNY"},
            "funding_desk:document": {"pk": self.receipt.pk},
            "funding_document_*": {"instance_pk": self.receipt.pk},
            "funding_desk:*_tax": {"pk": self.remittance.pk},
            "funding_taxremittance_*": {"instance_pk": self.remittance.pk},
            "pledge_receipt": {"pledge_id": self.pledge.pk},
            "pledge_document": {"pledge_id": self.pledge.pk, "number": self.receipt.pk},
            "pledge_pay": {"pledge_id": self.pledge.pk, "payment_id": self.payment.pk},
            "annual_statement": {"year": self.receipt.year, "currency": "CNY"},
            "settlement": {"release_id": self.payout.release_id},
            "tax_certificate": {"release_id": self.payout.release_id},
            "pledge*": {"pledge_id": self.pledge.pk},
            "content:pages:detail": {"pk": self.launched.pages.first().pk},
            "mail": {"pk": self.mail.pk},
            "wagtail_serve": {"0": self._path()},
            "wagtaildocs_serve": {"0": self.document.pk, "1": self.document.filename},
            "document": {"0": self.document.pk, "1": self.document.filename},
            "*campaigns_campaignupdate:*": {"pk": self.news.pk, "revision_id": getattr(update_revision, "pk", 0)},
        }  # fmt: skip

    def _of_stock_views(self) -> dict[str, dict[str, Any]]:
        first, index = _first, scenes.index()
        return {
            "categories:*": {"pk": first(Category)},
            "featured:*": {"pk": self.slot.pk},
            "audit_log:*": {"pk": first(AuditLog)},
            "wagtailusers_users:*": {"pk": self.people["backer"].pk},  # type: ignore[union-attr]
            "wagtailusers_groups:*": {"pk": first(Group)},
            "wagtailsites:*": {"pk": first(Site)},
            "wagtaillocales:*": {"pk": first(Locale)},
            "wagtailadmin_collections:*": {"pk": Collection.objects.get(name="Creators").pk},
            "wagtailadmin_workflows:*task*": {"pk": first(Task)},
            "wagtailadmin_workflows:*": {"pk": first(Workflow), "task_id": first(Task), "page_pk": index.pk},
            "wagtaildocs*": {"pk": self.document.pk},
            "wagtailimages*": {"pk": self.image.pk},
            "*api:pages:*": {"pk": self._story().pk, "action_name": "unpublish"},
            "*api:images:*": {"pk": self.image.pk},
            "*api:documents:*": {"pk": self.document.pk},
            "wagtailadmin_explore*": {"parent_page_id": index.pk},
            "wagtailadmin_pages:workflow_action": {"page_id": self._waiting().pk},
            "wagtail_bulk_action": {"app_label": "wagtailcore", "model_name": "page", "action": "delete"},
            "simple_translation:submit_snippet_translation": {"pk": self.news.pk, "model_name": "campaignupdate"},
        }  # fmt: skip

    def _of_money(self) -> dict[str, dict[str, Any]]:
        first = _first
        return {
            "funding_desk:*pledge": {"pk": self.pledge.pk},
            "funding_desk:erase_person": {"pk": self.pledge.pk},
            "funding_desk:*refund": {"pk": self.refund.pk},
            "funding_desk:*payout": {"pk": self.payout.pk},
            "funding_desk:*command": {"pk": first(GatewayCommand)},
            "funding_desk:*event": {"pk": self.event.pk},
            "funding_desk:*payout_back": {"pk": self.payout.pk},
            "funding_desk:*claim": {"pk": self.claim.pk},
            "funding_desk:confirm_hold": {"pk": self.decision.pk},
            "funding_desk:withdraw_hold": {"pk": self.decision.pk},
            "funding_refundclaim_*": {"instance_pk": self.claim.pk},
            "funding_holddecision_*": {"instance_pk": self.decision.pk},
            "funding_desk:confirm_late_refund": {"pk": self.late.pk},
            "funding_desk:withdraw_late_refund": {"pk": self.late.pk},
            "funding_laterefund_*": {"instance_pk": self.late.pk},
            "funding_bankbatch_*": {"instance_pk": self.batch.pk},
            "funding_desk:bank_file": {"pk": self.batch.pk},
            "funding_desk:*_bank": {"pk": self.account.pk},
            "funding_desk:enter_*": {"pk": self.payout.pk},
            "funding_payoutaccount_*": {"instance_pk": self.account.pk},
            "funding_desk:*alert": {"pk": first(Alert)},
            "funding_desk:agree_to_lift": {"pk": first(PayoutFreeze)},
            "funding_payoutfreeze_*": {"instance_pk": first(PayoutFreeze)},
            "funding_providermovement_*": {"instance_pk": first(ProviderMovement)},
            "funding_alert_*": {"instance_pk": first(Alert)},
            "funding_desk:*dispute": {"pk": first(Dispute)},
            "funding_desk:submit_evidence": {"pk": first(Dispute)},
            "funding_dispute_*": {"instance_pk": first(Dispute)},
            "funding_desk:write_off_debt": {"pk": first(CreatorDebt)},
            "funding_desk:recover_debt": {"pk": first(CreatorDebt)},
            "funding_creatordebt_*": {"instance_pk": first(CreatorDebt)},
            "funding_desk:*": {"pk": self.launched.escrow_id},
            "funding_escrow_*": {"instance_pk": self.launched.escrow_id},
            "funding_pledge_*": {"instance_pk": self.pledge.pk},
            "funding_amendment_*": {"instance_pk": self.amendment.pk},
            "funding_payment_*": {"instance_pk": self.payment.pk},
            "funding_refund_*": {"instance_pk": first(Refund)},
            "funding_payout_*": {"instance_pk": self.payout.pk},
            "funding_journal_*": {"instance_pk": first(Journal)},
            "funding_entry_*": {"instance_pk": first(Entry)},
            "funding_webhookevent_*": {"instance_pk": self.event.pk},
            "funding_gatewaycommand_*": {"instance_pk": first(GatewayCommand)},
            "funding_transitionlog_*": {"instance_pk": first(TransitionLog)},
        }  # fmt: skip

    def _of_any(self) -> dict[str, Any]:
        story, index, first = self._story(), scenes.index(), _first
        return {
            "key": self.launched.key, "page_id": story.pk, "page_to_move_id": story.pk, "pk": story.pk,
            "parent_page_id": index.pk, "destination_id": scenes.index("zh-hans").pk,
            "revision_id": story.latest_revision_id, "revision_id_a": "earliest", "revision_id_b": "latest",
            "content_type_app_name": "campaigns", "content_type_model_name": "rewardcampaignpage",
            "app_label": "campaigns", "app_name": "campaigns", "model_name": "rewardcampaignpage",
            "image_id": self.image.pk, "document_id": self.document.pk, "doc_id": self.document.pk,
            "collection_id": Collection.objects.get(name="Creators").pk, "object_id": story.pk,
            "task_state_id": first(TaskState), "task_id": first(Task), "action_name": "approve",
            "workflow_state_id": first(TaskState, "workflow_state_id"), "workflow_pk": first(Workflow),
            "page_pk": index.pk, "filter_spec": "max-100x100", "uploaded_file_id": 1, "session_id": 1,
            "redirect_id": 1, "pledge_id": self.pledge.pk, "restriction_id": 1, "page_view_restriction_id": 1,
            "uidb36": "1", "uidb64": "MQ", "token": "set", "rest": "done/", "path": "nothing.png", "0": "", "number": 1,
        }  # fmt: skip

    def _story(self) -> Page:
        return self.draft.pages.filter(locale__language_code="en").get()

    def _waiting(self) -> Page:
        return self.submission.campaign.pages.filter(locale__language_code="en").get()

    def _path(self) -> str:
        page = self.launched.pages.filter(locale__language_code="en").get()
        return f"campaigns/{page.slug}/"


def _first(model: Any, column: str = "pk") -> Any:
    return model.objects.order_by("pk").values_list(column, flat=True).first()
