"""Reports of campaigns: taken from anybody, merged by matter, decided by staff with a reason."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from campaigns import policies
from campaigns.exceptions import ClaimedByAnother
from campaigns.models import Campaign, CampaignListing, CampaignReport, CaseState, ReportCase, ReportKind
from campaigns.services import notifying
from cms.core.clock import AppNow
from cms.core.errors import InvalidInput, NotAllowed, Refusal
from cms.mail.services import plan
from cms.users import audit, roles
from cms.users.models import User
from cms.users.selectors import person_hash

HANDLERS = (roles.EDITOR, roles.REVIEWER, roles.SUPPORT, roles.ADMIN)
MOST_AN_HOUR = 5
HOLD = timedelta(minutes=30)
MOST_TEXT = 6000


class TooManyReports(Refusal):
    """So many reports from one person or address within an hour."""

    code = "too_many_reports"
    status = 429


class CaseDecided(Refusal):
    """Somebody has decided the case already."""

    code = "case_decided"


@transaction.atomic
def report_campaign(
    *, campaign: Campaign, kind: str, text: str, work: str = "", email: str = "", user: User | None = None,
    locale: str = "en", network: str | None = "",
) -> CampaignReport:  # fmt: skip
    """Take a report of a public campaign; of the same matter by the same person it counts on the one there is.

    `network` is the address it came from; kept as a keyed hash only. The reporter is mailed once, in `locale`.
    Raises `InvalidInput`, `TooManyReports`.
    """
    email = user.email if user is not None else email.strip().lower()
    _check(campaign, kind, text, work, email)
    address = _hash("network", network) if network else ""
    sender = _hash("sender", f"user:{user.pk}" if user else email or f"network:{network}")
    _limit(sender, address)
    case = _open_case(campaign, kind)
    report = CampaignReport.objects.select_for_update().filter(case=case, sender=sender).first()
    if report is not None:
        if text.strip() not in report.text:
            report.text = f"{report.text}\n\n{text.strip()}"[:MOST_TEXT]
        report.times += 1
        report.save(update_fields=["text", "times"])
        return report
    report = CampaignReport.objects.create(
        case=case, reporter=user, sender=sender, network=address, email=email, locale=locale, text=text.strip(),
        work=work.strip(),
    )  # fmt: skip
    audit.record(
        actor=user, action="campaign.reported", subject=f"campaign:{campaign.key}", case=case.pk, kind=kind,
        report=report.pk,
    )  # fmt: skip
    _mail(report, "report_received")
    return report


def _check(campaign: Campaign, kind: str, text: str, work: str, email: str) -> None:
    if not CampaignListing.objects.filter(campaign=campaign, visible=True).exists():
        raise NotAllowed(_("This campaign isn't public."))
    if kind not in ReportKind.values:
        raise InvalidInput(_("There is no such reason."), field="kind")
    if len(text.strip()) < 10:
        raise InvalidInput(_("Say in a sentence what is wrong."), field="text")
    if kind == ReportKind.RIGHTS and not work.strip():
        raise InvalidInput(_("Say which work is yours, and where it can be seen."), field="work")
    if kind == ReportKind.RIGHTS and not email:
        raise InvalidInput(_("A claim of rights needs an address at which we can ask you."), field="email")


def _limit(sender: str, network: str) -> None:
    since = timezone.now() - timedelta(hours=1)
    same = Q(sender=sender) | (Q(network=network) if network else Q())
    counts = CampaignReport.objects.filter(same, received_at__gt=since).values_list("times", flat=True)
    if sum(counts) >= MOST_AN_HOUR:
        raise TooManyReports(_("You have sent several reports within an hour. We read them; please wait."))


def _hash(purpose: str, value: str) -> str:
    return salted_hmac(f"campaigns.report.{purpose}", value, algorithm="sha256").hexdigest()


def _open_case(campaign: Campaign, kind: str) -> ReportCase:
    # The campaign's row is what two first reports of one matter wait at.
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    case, _made = ReportCase.objects.get_or_create(campaign=campaign, kind=kind, state=CaseState.OPEN)
    return case


def may_handle(user: Any) -> bool:
    """Who sees the queue: editors, reviewers, support, admins."""
    return any(roles.has_role(user, role) for role in HANDLERS)


def impartial(user: Any, case: ReportCase) -> bool:
    """Whether the person neither makes the campaign nor works on it, nor has reported it."""
    campaign = case.campaign
    involved = policies.is_owner(user, campaign) or policies.work_together(user, campaign.creator)
    return not involved and not case.reports.filter(reporter=user.pk).exists()


@transaction.atomic
def claim_case(*, case: ReportCase, actor: User) -> ReportCase:
    """Take a case on one's table for half an hour; anew if it is there. Raises `ClaimedByAnother`, `NotAllowed`."""
    case = _locked(case, actor)
    if case.claimed_by_id not in (None, actor.pk) and case.claimed_until and case.claimed_until > timezone.now():
        raise ClaimedByAnother(_("Somebody else has this case on the table."))
    if case.claimed_by_id != actor.pk:
        audit.record(actor=actor, action="campaign.report_claimed", subject=_subject(case), case=case.pk)
    case.claimed_by, case.claimed_until = actor, timezone.now() + HOLD
    case.save(update_fields=["claimed_by", "claimed_until"])
    return case


@transaction.atomic
def release_case(*, case: ReportCase, actor: User) -> None:
    """Clear one's table."""
    mine = ReportCase.objects.filter(pk=case.pk, claimed_by=actor, state=CaseState.OPEN)
    if mine.update(claimed_by=None, claimed_until=None):
        audit.record(actor=actor, action="campaign.report_released", subject=_subject(case), case=case.pk)


@transaction.atomic
def decide_case(*, case: ReportCase, actor: User, upheld: bool, reason: str) -> ReportCase:
    """Decide a case that one has on the table; everybody who reported is told, in their language, with the reason.

    Raises `CaseDecided`, `ClaimedByAnother`, `InvalidInput` (no reason), `NotAllowed` (no handler, or not impartial).
    """
    case = _locked(case, actor)
    if not has_claim(case, actor):
        raise ClaimedByAnother(_("Take the case on your table first."))
    if not reason.strip():
        raise InvalidInput(_("A decision needs its reason."), field="reason")
    case.state = CaseState.UPHELD if upheld else CaseState.DISMISSED
    case.decided_by, case.reason = actor, reason.strip()
    case.decided_at = AppNow()
    case.save(update_fields=["state", "decided_by", "reason", "decided_at"])
    case.refresh_from_db()
    audit.record(
        actor=actor, action=f"campaign.report_{case.state}", subject=_subject(case), reason=case.reason, case=case.pk,
        kind=case.kind,
    )  # fmt: skip
    for report in case.reports.exclude(email=""):
        _mail(report, "report_decided", upheld=upheld, reason=case.reason)
    return case


def has_claim(case: ReportCase, actor: Any) -> bool:
    """Whether the case is on this person's table now."""
    return case.claimed_by_id == actor.pk and case.claimed_until is not None and case.claimed_until > timezone.now()


def forget(payload: dict[str, Any]) -> None:
    """Empty the addresses of somebody who is forgotten, as a guest too; what they said stays with the case."""
    guests = CampaignReport.objects.filter(reporter=None).exclude(email="").values_list("pk", "email")
    theirs = [pk for pk, email in guests if person_hash(email) == payload["person"]]
    rows = CampaignReport.objects.filter(Q(reporter=payload["user"]) | Q(pk__in=theirs))
    rows.update(reporter=None, email="")


def queue() -> Any:
    """Open cases, the oldest first, with how many people and reports each has; one query."""
    rows = ReportCase.objects.filter(state=CaseState.OPEN).select_related("campaign", "claimed_by")
    return rows.annotate(people=Count("reports"), said=Sum(F("reports__times"))).order_by("opened_at", "pk")


def _locked(case: ReportCase, actor: User) -> ReportCase:
    found = ReportCase.objects.select_for_update(of=["self"]).select_related("campaign__creator").get(pk=case.pk)
    if not may_handle(actor) or not impartial(actor, found):
        raise NotAllowed(_("Only staff decide about reports, and nobody about what they take part in."))
    if found.state != CaseState.OPEN:
        raise CaseDecided(_("Somebody has decided this case already."))
    return found


def _subject(case: ReportCase) -> str:
    return f"campaign:{case.campaign.key}"


def _mail(report: CampaignReport, template: str, **context: Any) -> None:
    if not report.email:
        return
    title = notifying.title_of(report.case.campaign, report.locale)
    plan(
        key=f"report:{report.pk}:{template}", to=report.email, locale=report.locale, template=template,
        context={"title": title, "number": report.pk, **context},
    )  # fmt: skip
