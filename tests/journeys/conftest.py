"""One running product and one browser for all journeys."""

import json
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.people import Crowd
from tests.journeys.running import Product, running_product
from tests.journeys.staff import Curator, Reviewer
from tests.journeys.treasurers import Treasurer

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """Web server, worker, beat, local Stripe and PostgreSQL, as people start them."""
    with running_product() as product:
        yield product


@pytest.fixture(scope="session")
def crowd(product: Product) -> Iterator[Crowd]:
    """People with browsers of their own. The staff comes with a trial campaign."""
    if not CHROMIUM.exists():
        message = f"NO BROWSER AT {CHROMIUM}: THE JOURNEYS WERE NOT MADE. Install Debian's chromium, or set CHROMIUM."
        warnings.warn(message, stacklevel=1)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        product.manage("demo_campaign", "--json", json.dumps({"title": {"en": "A trial", "zh": "一次试用"}}))
        try:
            yield Crowd(browser, product)
        finally:
            browser.close()


@pytest.fixture(scope="session")
def reviewer(crowd: Crowd) -> Reviewer:
    """Signed in."""
    return crowd.meets(Reviewer, "reviewer@example.com").signs_in()


@pytest.fixture(scope="session")
def finance(crowd: Crowd) -> Treasurer:
    """Signed in."""
    return crowd.meets(Treasurer, "finance@example.com").signs_in()


@pytest.fixture(scope="session")
def editor(crowd: Crowd) -> Curator:
    """Signed in."""
    return crowd.meets(Curator, "editor@example.com").signs_in()
