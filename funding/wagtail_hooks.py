"""The finance desk in the Wagtail admin: registrations only."""

from django.urls import URLPattern, URLResolver, include, path
from wagtail import hooks
from wagtail_modeladmin.options import modeladmin_register

from funding.desk.menu import FinanceDesk

modeladmin_register(FinanceDesk)


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern | URLResolver]:
    """The desk's own pages."""
    return [path("finance/", include("funding.desk.urls"))]
