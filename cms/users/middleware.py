"""Staff enter the admin with a second factor or not at all; people see where their account is signed in."""

import hashlib
import time
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.users import selectors

GetResponse = Callable[[HttpRequest], HttpResponse]


class SecondFactorMiddleware:
    """Sends staff without a passkey or authenticator app from the admin to where they set one up."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let everybody pass but staff at the admin's door who lack it."""
        if not settings.STAFF_SECOND_FACTOR_REQUIRED or not request.path_info.startswith(reverse("wagtailadmin_home")):
            return self.get_response(request)
        leaving = request.path_info == reverse("wagtailadmin_logout")
        if leaving or not request.user.is_authenticated or not selectors.lacks_second_factor(request.user):
            return self.get_response(request)
        messages.warning(request, _("Staff need a second factor. Set up a passkey or an authenticator app first."))
        return redirect("mfa_index")


class SessionActivityMiddleware:
    """Notes when and from where each session was last used, for the list of one's sessions.

    allauth's does so with each request, in three statements. This one does so every five minutes, and at once when
    address, browser or key are others; whoever isn't asked who they are leaves no trace, and the answer no `Vary`.
    """

    EVERY = 300  # seconds
    NOTED = "activity_noted"

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Afterwards, when it is known whether the session mattered."""
        response = self.get_response(request)
        session = request.session
        if session.accessed and session.session_key and request.user.is_authenticated:
            seen, client = session.get(self.NOTED) or (0, "")
            if client != (here := self._client(request)) or not 0 <= time.time() - seen < self.EVERY:
                UserSession.objects.create_from_request(request)
                session[self.NOTED] = [int(time.time()), here]
        return response

    @staticmethod
    def _client(request: HttpRequest) -> str:
        address, agent = get_adapter().get_client_ip(request), request.headers.get("User-Agent", "")
        return hashlib.sha256(f"{request.session.session_key} {address} {agent}".encode()).hexdigest()[:16]
