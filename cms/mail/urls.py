"""The mailbox of the demo."""

from django.urls import path

from cms.mail import views

urlpatterns = [
    path("", views.mailbox, name="mailbox"),
    path("<int:pk>/", views.mail, name="mail"),
]
