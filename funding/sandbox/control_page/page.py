"""The page as a whole: its language, its contents, and what the last button did."""

from collections.abc import Callable
from html import escape
from typing import Final
from urllib.parse import parse_qs

from funding.sandbox.control_page import cases, objects
from funding.sandbox.control_page.parts import Section
from funding.sandbox.http import Request, Response, html_response
from funding.sandbox.page_frame import frame
from funding.sandbox.pay_texts import language
from funding.sandbox.world import World

SECTIONS: Final[list[tuple[str, str, Callable[[World, str], str]]]] = [
    ("faults", "Order a fault", cases.section),
    ("sessions", "Checkouts", objects.sessions),
    ("payments", "Payments", objects.payments),
    ("disputes", "Disputes", objects.contests),
    ("accounts", "Creators' accounts", objects.accounts),
    ("payouts", "Payouts to banks", objects.payouts),
    ("balance", "Balance at the provider", objects.balances),
    ("clock", "Clock", objects.clock),
    ("requests", "Calls heard", objects.requests),
    ("webhooks", "Webhooks sent", objects.webhooks),
]
LEAD: Final = "Play customers, banks and bad luck. The product is told of it as by Stripe itself."
OTHER: Final = {"en": ("zh", "中文"), "zh": ("en", "English")}


def show(world: World, request: Request, _: str) -> Response:
    """One page with everything that a person at the controls needs. `?lang=` is kept in a cookie."""
    asked = parse_qs(request.query)
    lang = _language(request, asked)
    part = Section(lang, "")
    code, name = OTHER[lang]
    links = "".join(f'<a href="#{id}">{escape(part.say(title))}</a>' for id, title, _section in SECTIONS)
    refused = "".join(f'<p class="error" role="alert">{escape(text)}</p>' for text in asked.get("refused", []))
    title = part.say("Local Stripe")
    body = (
        f'<p class="aside"><a href="/?lang={code}" lang="{code}">{name}</a></p><h1>{escape(title)}</h1>'
        f"<p>{escape(part.say(LEAD))}</p>"
        f'<nav class="contents">{links}</nav>{refused}' + "".join(draw(world, lang) for _id, _title, draw in SECTIONS)
    )
    banner = part.say("A stand-in for Stripe on this machine: no money moves")
    page = html_response(frame(title=title, body=body, banner=banner, lang=lang, wide=True, testid="control-page"))
    if "lang" in asked:
        page.headers["Set-Cookie"] = f"sandbox_lang={lang}; Path=/; SameSite=Lax"
    return page


def _language(request: Request, asked: dict[str, list[str]]) -> str:
    kept = next((part.partition("=")[2] for part in request.headers.get("cookie", "").split("; ")
                 if part.startswith("sandbox_lang=")), None)  # fmt: skip
    return language(asked.get("lang", [kept])[0] or None, request.headers.get("accept-language", ""))
