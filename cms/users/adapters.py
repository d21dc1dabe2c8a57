"""How sign-up and sign-in behave here."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """E-mail addresses in lower case; mails through our own messages."""
