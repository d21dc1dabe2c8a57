"""Becoming a creator, one's own account, and the admin's door."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.utils import get_next_redirect_url
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, translate_url
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cms.core.errors import Refusal
from cms.users import roles, services
from cms.users.forms import CreatorForm, ProfileForm
from cms.users.models import User


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Become a creator, then go on in the studio."""
    user = request.user
    if not user.is_authenticated:
        if request.method == "POST":
            return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
        return render(request, "pages/start.html", {"start": _start_context(request, "signed_out")})
    if roles.has_role(user, roles.CREATOR):
        return render(request, "pages/start.html", {"start": _start_context(request, "creator")})
    initial = {"display_name": user.display_name, "country": user.country or "CN", "payee_kind": "person"}
    form = CreatorForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.become_creator(user=user, **form.cleaned_data)
        except Refusal as refusal:
            _show(refusal, form)
        else:
            messages.success(request, _("Welcome. This is the studio, where you write your campaign."))
            return redirect("wagtailadmin_home")
    status = 400 if form.errors else 200
    return render(request, "pages/start.html", {"start": _start_context(request, "can_join", form)}, status=status)


def _start_context(request: HttpRequest, state: str, form: Form | None = None) -> dict[str, Any]:
    way_back = urlencode({"next": request.path, "lang": getattr(request, "LANGUAGE_CODE", "en")})
    studio = reverse("wagtailadmin_home")
    return {
        "state": state,
        "form": form,
        "action": request.path,
        "sign_up_url": f"{reverse('account_signup')}?{way_back}",
        "sign_in_url": f"{reverse('account_login')}?{way_back}",
        "studio_url": studio,
        "new_url": studio,
    }


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_account(request: HttpRequest) -> HttpResponse:
    """Profile, language, time zone, and the ways to address, password, second factors and sessions."""
    user: User = request.user  # type: ignore[assignment]
    initial = {name: getattr(user, name) for name in ("display_name", "bio", "locale", "timezone")}
    form = ProfileForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_profile(user=user, **form.cleaned_data)
        except Refusal as refusal:
            _show(refusal, form)
        else:
            messages.success(request, _("Saved."))
            return redirect(translate_url(request.path, user.locale))
    creator = roles.has_role(user, roles.CREATOR)
    profile = {
        "form": form,
        "action": request.path,
        "email": user.email,
        "email_url": reverse("account_email"),
        "password_url": reverse("account_change_password" if user.has_usable_password() else "account_set_password"),
        "security_url": reverse("mfa_index"),
        "sessions_url": reverse("usersessions_list"),
        "is_creator": creator,
        "creator_url": reverse("wagtailadmin_home" if creator else "become_creator"),
        "joined_text": _("Here since %(date)s") % {"date": date_format(user.created_at, "DATE_FORMAT")},
    }
    return render(request, "pages/profile.html", {"profile": profile}, status=400 if form.errors else 200)


def _show(refusal: Refusal, form: Form) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


@never_cache
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """The admin has no sign-in of its own: the site's asks for the second factor, too."""
    onward = get_next_redirect_url(request) or reverse("wagtailadmin_home")
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?{urlencode({'next': onward})}")
    if request.user.has_perm(roles.ENTER_ADMIN):
        return redirect(onward)
    return redirect("become_creator")
