"""Staff enter the admin with a second factor or not at all."""

from collections.abc import Callable

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
