"""Pages of people: localised ones, and the admin's door."""

from django.urls import path
from django.views.generic import RedirectView

from cms.users import views

urlpatterns = [
    path("start/", views.start, name="become_creator"),
    path("me/", views.my_account, name="my_account"),
    # In place of Wagtail's own for private pages, which asks for no second factor either.
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True), name="page_sign_in"),
]

# Mounted before Wagtail's own, which would sign in past the second factor.
admin_door = [
    path("login/", views.admin_sign_in, name="admin_sign_in"),
    path("password_reset/", RedirectView.as_view(pattern_name="account_reset_password")),
    path("password_reset/<path:rest>", RedirectView.as_view(url="/accounts/password/reset/")),
]
