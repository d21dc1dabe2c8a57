"""`manage.py demo_campaign --json '{"goal": 100000, "currency": "CNY"}'`: one launched campaign, for trying out."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.core.errors import Refusal
from funding.models import Reward
from home.demo import instant
from home.demo.local_stripe import LocalStripeMissing


class Command(BaseCommand):
    """Launches one campaign through the services and prints `{"key": …, "rewards": [{"key", "title"}]}`.

    Everything in the JSON may be left out. Amounts are in minor units of `currency`.

    - `goal` (100000), `currency` ("CNY"), `days` (30, whole), `mode` ("all_or_nothing" or "keep_it_all"),
      `kind` ("reward" or "donation"), `category` (a slug, "hardware"), `creator` (somebody of the demo,
      "creator@example.com"), `payouts` (true: the creator's connected account is set up as well),
      `title` (a string, or {"en", "zh"})
    - `rewards`: a list, one digital reward of 10000 when left out. Each: `title` and `description` (a string, or
      {"en", "zh"}), `price` (10000), `kind` ("physical" with `shipping`, else "digital"; or "service"), `quantity`,
      `per_person_limit`, `is_addon` (false), `variants` (a list of names, two at least), `shipping`
      ({"CN": 1000, "*": 5000}), `delivery_months` (3, after the deadline), `window_start_days`, `window_end_days`
    """

    help = "Launch one campaign through the services and print its key (only with the local Stripe)."

    def add_arguments(self, parser: CommandParser) -> None:
        """The terms."""
        parser.add_argument("--json", default="{}", help="the terms; this command's docstring names them all")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line of JSON; a refusal names the field."""
        try:
            given = json.loads(options["json"])
            if not isinstance(given, dict):
                raise ValueError("--json is an object")
            campaign = instant.launch(given)
        except Refusal as refused:
            field = f"{refused.field}: " if refused.field else ""
            raise CommandError(f"{field}{refused}") from refused
        except (ValueError, KeyError, TypeError, LocalStripeMissing) as error:
            raise CommandError(str(error)) from error
        rewards = Reward.objects.filter(escrow=campaign.escrow_id).order_by("position")
        shown = [{"key": reward.key, "title": reward.titles["en"]} for reward in rewards]
        self.stdout.write(json.dumps({"key": campaign.key, "rewards": shown}))
