"""The copy assistant of a creator's campaign."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.shapes import LOCALES
from campaigns.api.studio import Studio
from campaigns.assistant.facts import LONGEST, Fact, FactKind
from campaigns.models import Campaign, Suggestion
from campaigns.models.suggestions import SuggestionState
from campaigns.services import suggesting
from cms.core.api import Choice, Instant, Shape, Strict, Text, Truth, instant, user_of

KINDS = [str(kind) for kind in FactKind]


class FactIn(Strict):
    """A sentence in one language or both; `key` names one that exists."""

    key = Text(required=False, allow_blank=True, max_length=20)
    kind = Choice(KINDS)

    def get_fields(self) -> dict[str, Any]:
        """A language's code is no name of Python's."""
        texts = {code: Text(required=False, allow_blank=True, max_length=LONGEST) for code in LOCALES}
        return {**super().get_fields(), **texts}


class FactsIn(Strict):
    """All facts, in place of those before."""

    facts = FactIn(many=True)


class DraftIn(Strict):
    """In which language; by the model where the site has one."""

    locale = Choice(LOCALES)
    by_model = Truth(required=False)


class FactData(Shape):
    """A fact."""

    key = serializers.CharField()
    kind = serializers.ChoiceField(KINDS)

    def get_fields(self) -> dict[str, Any]:
        """One sentence a language."""
        return {**super().get_fields(), **{code: serializers.CharField(allow_blank=True) for code in LOCALES}}


class HintData(Shape):
    """What readers may miss."""

    code = serializers.CharField()
    field = serializers.CharField()
    locale = serializers.CharField(allow_blank=True)
    message = serializers.CharField()


class SuggestionData(Shape):
    """A draft for one place; `cites` are the facts that it is made of."""

    id = serializers.IntegerField()
    locale = serializers.ChoiceField(LOCALES)
    target = serializers.CharField()
    heading = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)
    pairs = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    cites = serializers.ListField(child=serializers.CharField())
    by = serializers.CharField(help_text="`rules`, or the model's name.")
    state = serializers.ChoiceField([str(state) for state in SuggestionState])
    decided_at = Instant(allow_null=True)


class AssistantData(Shape):
    """Facts, hints and what waits for a decision."""

    facts = FactData(many=True)
    hints = HintData(many=True)
    suggestions = SuggestionData(many=True)


class Assistant(Studio):
    """Facts in, suggestions out; nothing is taken over by itself."""

    @extend_schema(operation_id="assistant", tags=["creator"], responses=AssistantData)
    def get(self, request: Request, key: str) -> Response:
        """As they are now."""
        return Response(_data(self.own(request, key)))

    @extend_schema(operation_id="keep_facts", tags=["creator"], request=FactsIn, responses=AssistantData)
    def put(self, request: Request, key: str) -> Response:
        """Keep the facts. Two that can't both be true are refused, with their keys."""
        row, data = self.own(request, key), self.given(FactsIn, request)
        facts = [
            Fact(given.get("key") or f"f{number}", given["kind"], {code: given.get(code, "") for code in LOCALES})
            for number, given in enumerate(data["facts"], start=1)
        ]
        suggesting.save_facts(campaign=row, actor=user_of(request), facts=facts)
        return Response(_data(row))

    @extend_schema(operation_id="draft_texts", tags=["creator"], request=DraftIn, responses={201: AssistantData})
    def post(self, request: Request, key: str) -> Response:
        """Draft anew in a language, in place of what waited there."""
        row, data = self.own(request, key), self.given(DraftIn, request)
        suggesting.suggest(
            campaign=row, actor=user_of(request), locale=data["locale"], by_model=data.get("by_model", False)
        )
        return Response(_data(row), status=201)


class _Deciding(Studio):
    def suggestion(self, request: Request, key: str, suggestion_id: int) -> Suggestion:
        """One of the caller's."""
        row = Suggestion.objects.filter(campaign=self.own(request, key), pk=suggestion_id).first()
        if row is None:
            raise Http404
        return row


class AcceptSuggestion(_Deciding):
    """Take one over."""

    @extend_schema(operation_id="accept_suggestion", tags=["creator"], request=None, responses=SuggestionData)
    def post(self, request: Request, key: str, suggestion_id: int) -> Response:
        """Into the draft, labelled as the assistant's in the page's history; published by nothing but a review."""
        row = self.suggestion(request, key, suggestion_id)
        return Response(_suggestion(suggesting.accept(suggestion=row, actor=user_of(request))))


class RejectSuggestion(_Deciding):
    """Leave one."""

    @extend_schema(operation_id="reject_suggestion", tags=["creator"], request=None, responses=SuggestionData)
    def post(self, request: Request, key: str, suggestion_id: int) -> Response:
        """The draft stays as it is."""
        row = self.suggestion(request, key, suggestion_id)
        return Response(_suggestion(suggesting.reject(suggestion=row, actor=user_of(request))))


def _data(row: Campaign) -> dict[str, Any]:
    waiting = Suggestion.objects.filter(campaign=row, state=SuggestionState.OPEN)
    return {
        "facts": [
            {"key": fact.key, "kind": fact.kind, **{code: fact.text(code) for code in LOCALES}}
            for fact in suggesting.facts_of(row)
        ],
        "hints": [
            {"code": hint.code, "field": hint.field, "locale": hint.locale, "message": hint.message}
            for hint in suggesting.hints_for(row)
        ],
        "suggestions": [_suggestion(found) for found in waiting],
    }


def _suggestion(row: Suggestion) -> dict[str, Any]:
    return {
        "id": row.pk, "locale": row.locale, "target": row.target, "heading": row.heading, "text": row.text,
        "pairs": row.pairs, "cites": list(row.cites.values()), "by": row.source, "state": row.state,
        "decided_at": instant(row.decided_at) if row.decided_at else None,
    }  # fmt: skip
