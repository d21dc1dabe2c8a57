"""The public pages of campaigns that are no Wagtail pages; each under its language."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
