"""`make screenshots`: the pictures of the README, taken of the running demo (`make run` beside it).

PORT says where it listens; CHROMIUM names the browser, Debian's by default.
"""

import io
import os
import re
import sys
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "screenshots"
PASSWORD = "kindling-demo"  # noqa: S105 — the demo's, printed by `make run`
LARGEST = 250_000
DESKTOP = {"width": 1360, "height": 900}
PHONE = {"width": 390, "height": 844}


class Photographer:
    """A browser that looks at the demo as somebody, in a language, in light or dark, and keeps what it sees."""

    def __init__(self, browser: Any, base: str) -> None:
        self._browser, self._base = browser, base

    def visit(self, *, locale: str = "en-GB", size: dict[str, int] = DESKTOP, dark: bool = False, who: str = "") -> Any:
        """A fresh page; signed in where `who` is named."""
        context = self._browser.new_context(
            base_url=self._base, locale=locale, viewport=size, color_scheme="dark" if dark else "light",
            timezone_id="Asia/Shanghai", reduced_motion="reduce", device_scale_factor=1.5 if size is PHONE else 1,
        )  # fmt: skip
        page = context.new_page()
        if who:
            page.goto("/accounts/login/")
            page.fill("[name=login]", f"{who}@example.com")
            page.fill("[name=password]", PASSWORD)
            page.locator("form[action*=login] button[type=submit]").last.click()
            page.wait_for_url(lambda address: "/login" not in address)
        return page

    def keep(self, page: Any, name: str) -> None:
        """What is on the screen, as WebP below 250 kB."""
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(300)
        picture = Image.open(io.BytesIO(page.screenshot()))
        for quality in (84, 74, 64, 50):
            kept = io.BytesIO()
            picture.convert("RGB").save(kept, "WEBP", quality=quality, method=6)
            if kept.tell() <= LARGEST:
                break
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / f"{name}.webp").write_bytes(kept.getvalue())
        sys.stdout.write(f"docs/screenshots/{name}.webp  {kept.tell() // 1000} kB\n")


def take(photographer: Photographer) -> None:
    """Eight views of the demo."""
    page = photographer.visit()
    page.goto("/en/")
    photographer.keep(page, "home")
    page.goto("/en/campaigns/stillband/")
    photographer.keep(page, "campaign")
    key = re.search(r"/back/([a-z0-9]+)/", page.content())
    if key is None:
        raise SystemExit("screenshots: the demo is not complete; run `make run` until it says so.")
    dark = photographer.visit(locale="zh-CN", dark=True)
    dark.goto("/zh-hans/campaigns/opera-book/")
    photographer.keep(dark, "campaign-dark-zh")
    phone = photographer.visit(locale="zh-CN", size=PHONE)
    phone.goto("/zh-hans/")
    photographer.keep(phone, "home-phone-zh")
    back = photographer.visit(size=PHONE, dark=True)
    back.goto(f"/en/back/{key[1]}/")
    photographer.keep(back, "back-phone-dark")
    backer = photographer.visit(who="backer")
    backer.goto("/en/me/pledges/")
    backer.locator("main a[href*='/en/pledges/']").first.click()
    backer.wait_for_url(re.compile(r"/pledges/[0-9a-f-]{36}/"))
    photographer.keep(backer, "pledge")
    creator = photographer.visit(who="creator")
    creator.goto("/cms/studio/")
    # The last in the list is the oldest; the newest is still a draft with terms that can be edited.
    creator.locator("a[href*='/cms/studio/campaigns/']").first.click()
    creator.wait_for_url(re.compile("/studio/campaigns/"))
    creator.goto(re.sub(r"(/campaigns/[a-z0-9]+/).*", r"\1terms/", creator.url))
    photographer.keep(creator, "terms")
    finance = photographer.visit(who="finance")
    finance.goto("/cms/finance/today/")
    photographer.keep(finance, "finance")


def main() -> None:
    """Take them all."""
    from playwright.sync_api import sync_playwright

    base = f"http://localhost:{os.environ.get('PORT', '8000')}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        take(Photographer(browser, base))
        browser.close()


if __name__ == "__main__":
    main()
