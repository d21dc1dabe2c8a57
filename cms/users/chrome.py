"""The account's part of every page's frame."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cms.core.chrome import provide, url
from cms.users import roles


def register() -> None:
    """Called once, when the app is ready."""
    provide("account", account)
    provide("start_url", lambda request: url("become_creator"))


def account(request: HttpRequest) -> dict[str, Any]:
    """Who is signed in and where they may go, or the ways in; those keep the language and come back here."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        way_back = urlencode({"lang": get_language(), "next": request.get_full_path()})
        if request.path_info.startswith("/accounts/"):
            way_back = urlencode({"lang": get_language()})
        return {
            "signed_in": False,
            "sign_in_url": f"{url('account_login')}?{way_back}",
            "sign_up_url": f"{url('account_signup')}?{way_back}",
        }
    links = [
        (_("My pledges"), url("my_pledges"), "heart"),
        (_("Statements"), url("my_statements"), "receipt"),
        (_("Profile"), url("my_account"), "person"),
        (_("Studio"), url("wagtailadmin_home") if roles.names(user) else "", "pen"),
    ]
    return {
        "signed_in": True,
        "name": user.get_short_name(),
        "email": user.email,
        "sign_out_url": url("account_logout"),
        "links": [{"title": title, "url": address, "icon": icon} for title, address, icon in links if address],
    }
