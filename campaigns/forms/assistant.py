"""The form of the facts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.assistant.facts import LONGEST, MOST, Fact, FactKind
from campaigns.forms.fields import RowsFormSet


class FactForm(forms.Form):
    """One fact, in one language or both."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    kind = forms.ChoiceField(label=_("About"), choices=FactKind.choices)
    text_en = forms.CharField(
        label=_("In English"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )
    text_zh = forms.CharField(
        label=_("In Chinese"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )


FactFormSet = forms.formset_factory(
    FactForm, formset=RowsFormSet, extra=0, can_delete=True, max_num=MOST, validate_max=True
)


def fact_rows(facts: list[Fact]) -> list[dict[str, Any]]:
    """The initial rows; before there are any, one of each kind that every campaign has."""
    if not facts:
        begin = (FactKind.NAME, FactKind.PROMISE, FactKind.PROBLEM, FactKind.TEAM, FactKind.DELIVERY)
        return [{"kind": kind} for kind in begin]
    return [
        {"key": fact.key, "kind": fact.kind, "text_en": fact.text("en"), "text_zh": fact.text("zh-hans")}
        for fact in facts
    ]


def read_facts(formset: Any) -> list[Fact]:
    """The rows that say something; a new one gets a key."""
    rows = [row for row in formset.rows if row.get("text_en") or row.get("text_zh")]
    taken = {row["key"] for row in rows if row.get("key")}
    free = (f"f{number}" for number in range(1, 1000) if f"f{number}" not in taken)
    return [
        Fact(row.get("key") or next(free), row["kind"], {"en": row["text_en"], "zh-hans": row["text_zh"]})
        for row in rows
    ]
