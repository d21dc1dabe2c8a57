#!/usr/bin/env python
"""Run a management command; with no DATABASE_URL, on the project's own PostgreSQL."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
    execute_from_command_line(sys.argv)
