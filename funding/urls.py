"""Where providers call."""

from django.urls import path

from funding.webhooks import receiver

app_name = "funding"
urlpatterns = [path("stripe/", receiver.stripe, name="stripe_webhook")]
