"""What funding refuses, each named for the fact, with a code that API clients may rely on."""

from cms.core.errors import InvalidInput, NotAllowed, Refusal


class IllegalTransition(Refusal):
    """The object's state doesn't allow the step; `extra` names `state`, the refused `target` and what is `allowed`."""

    code = "illegal_transition"


class UnknownReward(InvalidInput):
    """No reward, or variant, of that key belongs to this campaign."""

    code = "unknown_reward"


class RewardSoldOut(Refusal):
    """Fewer are left than asked for."""

    code = "reward_sold_out"


class RewardNotAvailable(Refusal):
    """The reward's time window has not begun or is over."""

    code = "reward_not_available"


class PerPersonLimitReached(Refusal):
    """One person may take no more of this reward."""

    code = "per_person_limit"


class CountryNotServed(Refusal):
    """A reward of the pledge is not shipped to that country."""

    code = "country_not_served"
    status = 400


class CampaignNotOpen(Refusal):
    """The escrow takes no pledges: not yet, on hold, or past its deadline."""

    code = "campaign_not_open"


class IdempotencyConflict(Refusal):
    """The key was used with another payload."""

    code = "idempotency_conflict"
    status = 422


class PledgeNotCancellable(Refusal):
    """The campaign is decided or the pledge is no longer the backer's to cancel."""

    code = "pledge_not_cancellable"


class PledgeNotChangeable(Refusal):
    """The pledge can't be changed now; `extra["reason"]` says why."""

    code = "pledge_not_changeable"


class PledgeNotPayable(Refusal):
    """The pledge can't be taken up again; `extra["reason"]` says why."""

    code = "pledge_not_payable"


class NothingChanged(InvalidInput):
    """The pledge is like that already."""

    code = "nothing_changed"


class TermsChanged(Refusal):
    """A reward's price, shipping or limit changed while it was being chosen."""

    code = "terms_changed"


class RewardLocked(Refusal):
    """A claimed reward may only gain quantity."""

    code = "reward_locked"


class RefundExceedsPayment(Refusal):
    """More would go back than came in."""

    code = "refund_exceeds_payment"


class PayoutBlocked(Refusal):
    """The payout may not go out yet; `extra["blockers"]` lists why."""

    code = "payout_blocked"


class ErasureBlocked(Refusal):
    """Money of the person is still moving; `extra["blockers"]` lists what."""

    code = "erasure_blocked"


class FourEyesRequired(NotAllowed):
    """Another person than the first has to approve."""

    code = "four_eyes_required"


class LedgerConflict(Refusal):
    """A journal's key was posted before with other entries: a defect, never a user's mistake."""

    code = "ledger_conflict"
    status = 500


class LedgerOverdrawn(Refusal):
    """An account that holds somebody's money would go below zero."""

    code = "ledger_overdrawn"


class ProviderUnavailable(Refusal):
    """The provider could not be reached in time; nothing was charged and the same key resumes it."""

    code = "provider_unavailable"
    status = 503


class ProviderRefused(Refusal):
    """The provider answered no, for good; `extra["provider_code"]` says why."""

    code = "provider_refused"
    status = 502


class RateLimited(ProviderUnavailable):
    """The provider asked for a pause; the call certainly had no effect."""

    code = "provider_rate_limited"


class InvalidTerms(InvalidInput):
    """Terms that no campaign can be launched with; `field` names which."""

    code = "invalid_terms"


class InvalidPledge(InvalidInput):
    """A pledge that can't be right whatever the campaign's state; `field` names what is wrong."""

    code = "invalid_pledge"


class WebhookRefused(InvalidInput):
    """A call that is not provably the provider's: a forged, stale or foreign event."""

    code = "webhook_refused"


class ReasonRequired(InvalidInput):
    """A step that people will ask about needs a reason in words."""

    code = "reason_required"


class ClaimNotOpen(Refusal):
    """The claim is settled, or the provider may still make its refund."""

    code = "claim_not_open"


class HoldNotDecidable(Refusal):
    """What two people would decide about held money can't be carried out now; `extra["reason"]` says why."""

    code = "hold_not_decidable"


class FundsReleased(Refusal):
    """The campaign's money has been released: a refund is a matter between creator and backer, or a claim."""

    code = "funds_released"


class BankDetailsNeeded(Refusal):
    """Creators are paid by bank transfer here: no provider has pages to go to."""

    code = "bank_details_needed"


class PayoutAccountMissing(Refusal):
    """The creator has not yet begun to set up payouts."""

    code = "payout_account_missing"
