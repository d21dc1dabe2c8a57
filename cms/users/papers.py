"""Which documents each kind of creator is asked for, and what each is."""

from dataclasses import dataclass

from cms.users.models import DocumentType, User

_Kind = User.PayeeKind

REQUIRED: dict[str, tuple[DocumentType, ...]] = {
    _Kind.PERSON: (DocumentType.IDENTITY,),
    _Kind.SOLE_TRADER: (DocumentType.IDENTITY, DocumentType.BUSINESS_LICENCE),
    _Kind.COMPANY: (DocumentType.BUSINESS_LICENCE, DocumentType.REPRESENTATIVE),
    _Kind.CHARITY: (DocumentType.CHARITY_REGISTRATION, DocumentType.REPRESENTATIVE),
}
_ALWAYS = (DocumentType.PATENT, DocumentType.TRADEMARK, DocumentType.TRADE_PERMIT)
OPTIONAL: dict[str, tuple[DocumentType, ...]] = {
    _Kind.PERSON: _ALWAYS,
    _Kind.SOLE_TRADER: _ALWAYS,
    _Kind.COMPANY: _ALWAYS,
    _Kind.CHARITY: (DocumentType.FUNDRAISING_PERMIT, *_ALWAYS),
}
# Somebody may have several of these, told apart by their number.
SEVERAL = frozenset(_ALWAYS)


@dataclass(frozen=True)
class Rule:
    """What a document of a type must say."""

    several: bool
    expires: bool


def rule(type_: str) -> Rule:
    """Everything but a registration ends one day."""
    unending = {DocumentType.CHARITY_REGISTRATION, DocumentType.BUSINESS_LICENCE}
    return Rule(several=type_ in SEVERAL, expires=type_ not in unending)


def asked_of(kind: str) -> tuple[DocumentType, ...]:
    """All types that this kind of creator may hand in, the required ones first."""
    kind = kind or _Kind.PERSON
    return (*REQUIRED[kind], *OPTIONAL[kind])
