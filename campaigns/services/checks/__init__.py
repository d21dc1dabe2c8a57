"""Automatic checks of what was submitted: each tells what it found, with evidence; a person decides."""

from campaigns.services.checks.running import CHECKS, run_checks, run_due

__all__ = ["CHECKS", "run_checks", "run_due"]
