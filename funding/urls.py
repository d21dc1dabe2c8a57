"""Where providers call."""

from django.urls import path

from funding.webhooks import receiver

app_name = "funding"
urlpatterns = [
    path("stripe/", receiver.receive, {"provider": "stripe"}, name="stripe_webhook"),
    path("wechatpay/", receiver.receive, {"provider": "wechatpay"}, name="wechatpay_webhook"),
    path("alipay/", receiver.receive, {"provider": "alipay"}, name="alipay_webhook"),
]
