"""One running product and one browser for all journeys."""

import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.people import Crowd
from tests.journeys.running import Product, running_product

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """Web server, worker, beat, local Stripe and PostgreSQL, as people start them."""
    with running_product() as product:
        yield product


@pytest.fixture
def crowd(product: Product, tmp_path: Path) -> Iterator[Crowd]:
    """People with browsers of their own."""
    if not CHROMIUM.exists():
        message = f"NO BROWSER AT {CHROMIUM}: THE JOURNEYS WERE NOT MADE. Install Debian's chromium, or set CHROMIUM."
        warnings.warn(message, stacklevel=1)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        crowd = Crowd(browser, product, tmp_path)
        try:
            yield crowd
        finally:
            browser.close()
