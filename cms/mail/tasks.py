"""Celery tasks of mail."""

from celery import shared_task

from cms.mail import services


@shared_task(name="mail.send_message")
def send_message(message_id: int) -> None:
    """Send one planned message."""
    services.send(message_id)


@shared_task(name="mail.send_due")
def send_due() -> None:
    """Send what is planned and due."""
    services.send_due()
