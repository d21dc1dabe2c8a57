"""The form of a text that is brought."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.services.checking import NAMES
from campaigns.services.importing import LONGEST_TEXT

KINDS = [("markdown", "Markdown"), ("html", _("A web page, or an article's HTML"))]
PLACES = [("append", _("Behind what is there")), ("replace", _("In place of what is there; the history keeps the old"))]


class ImportForm(forms.Form):
    """A file, or a pasted text."""

    locale = forms.ChoiceField(label=_("Language"), choices=list(NAMES.items()))
    file = forms.FileField(
        label=_("File"), required=False, help_text=_("Word (.docx), Markdown (.md) or a saved web page (.html)."),
        widget=forms.FileInput(attrs={"accept": ".docx,.md,.markdown,.txt,.html,.htm"}),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Or paste it here"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 10})
    )
    kind = forms.ChoiceField(label=_("What was pasted is"), choices=KINDS, widget=forms.RadioSelect, initial="markdown")
    place = forms.ChoiceField(label=_("Where it goes"), choices=PLACES, widget=forms.RadioSelect, initial="append")

    def clean(self) -> dict[str, Any]:
        """One of both."""
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("file")) == bool((cleaned.get("text") or "").strip()):
            self.add_error("file", _("Choose a file or paste a text: one of both."))
        return cleaned
