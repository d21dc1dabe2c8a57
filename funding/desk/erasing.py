"""Support's page for a person who asks to be forgotten, reached from one of their pledges."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from funding.desk.acting import Act
from funding.desk.forms import ReasonForm
from funding.models import Pledge
from funding.services import erasing


class ErasePerson(Act):
    """Erase whoever placed a pledge."""

    allowed = erasing.ERASERS
    model = Pledge
    service = erasing.erase_person
    form_class = ReasonForm
    page_title = gettext_lazy("Erase a person's data")
    button = gettext_lazy("Erase")
    serious = True

    def explain(self) -> str:
        """What goes and what stays."""
        return _(
            "The address and the message go from all pledges of %(who)s, all mails to them are blanked, their account "
            "is emptied and closed, and the key behind the pseudonyms in the public ledger is destroyed. Amounts stay, "
            "and the ledger still verifies. This can't be undone."
        ) % {"who": self.subject.email}

    def arguments(self, form: forms.Form) -> dict[str, Any]:
        """The person, not the pledge."""
        return {"email": self.subject.email, "reason": form.cleaned_data["reason"]}

    def told(self, result: erasing.Erased) -> str:
        """How much that was."""
        return ngettext("%(n)d pledge no longer has an address.", "%(n)d pledges no longer have an address.",
                        result.pledges) % {"n": result.pledges}  # fmt: skip
