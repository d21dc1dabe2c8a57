"""Celery tasks of campaigns."""

from celery import shared_task

from campaigns.services import checks


@shared_task(name="campaigns.check_submission")
def check_submission(submission_id: int) -> None:
    """Run the automatic checks of one submission now."""
    checks.run_checks(submission_id)
