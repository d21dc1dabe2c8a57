"""The hosted onboarding of a connected account: one plain form, then back to the platform.

For browser tests, data-testid (and id): `onboarding-page`, `full-name`, `birthday`, `bank-account`, `terms`,
`submit-onboarding`, `later-link`. A link that was used or has expired sends its visitor to `refresh_url`.
"""

from html import escape
from typing import Final

from funding.sandbox import accounts
from funding.sandbox.http import Request, Response, html_response, redirect
from funding.sandbox.page_frame import frame
from funding.sandbox.pay_texts import language
from funding.sandbox.store import Json
from funding.sandbox.world import World

TEXTS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "banner": "Test mode: nothing is verified",
        "title": "Set up your payouts",
        "lead": "Kindling pays creators through Stripe. Tell us who you are and where the money should go.",
        "name": "Full name",
        "birthday": "Date of birth",
        "bank": "Bank account number (test: 000123456789)",
        "terms": "I accept the terms of this test account.",
        "submit": "Finish",
        "later": "Save and finish later",
        "problem": "Please fill in every field and accept the terms.",
    },
    "zh": {
        "banner": "测试模式：不会核验任何信息",
        "title": "设置收款账户",
        "lead": "拾柴通过 Stripe 向创作者付款。请填写您的身份信息和收款账户。",
        "name": "姓名",
        "birthday": "出生日期",
        "bank": "银行账号（测试可填 000123456789）",
        "terms": "我接受此测试账户的条款。",
        "submit": "完成",
        "later": "保存，稍后再填",
        "problem": "请填写所有项目并接受条款。",
    },
}


def show(world: World, request: Request, id: str) -> Response:
    """The form, or the way to a fresh link."""
    link = world.store.get(id, kind="account_link")
    if link is None:
        return html_response(_page("en", "<p>This link is not valid.</p>"), status=404)
    kept = world.store.secret(id)
    if kept.get("used") or link["expires_at"] <= world.clock.now():
        return redirect(kept["refresh_url"])
    world.store.set_secret(id, opened=True)
    return html_response(_form(_language(request), id, kept, {}, problem=False))


def submit(world: World, request: Request, id: str) -> Response:
    """Complete the account; whoever opened the link in time may take as long as needed."""
    link = world.store.get(id, kind="account_link")
    if link is None:
        return show(world, request, id)
    kept = world.store.secret(id)
    if kept.get("used") or not kept.get("opened"):
        return redirect(kept["refresh_url"])
    form = request.form()
    bank = form.get("bank_account", "").strip()
    complete = form.get("full_name", "").strip() and form.get("birthday") and form.get("terms")
    if not complete or not bank.isalnum() or len(bank) < 4:
        return html_response(_form(_language(request), id, kept, form, problem=True), status=400)
    world.store.set_secret(id, used=True)
    accounts.onboard(world, kept["account"], name=form["full_name"].strip(), bank_last4=bank[-4:])
    return redirect(kept["return_url"])


def _language(request: Request) -> str:
    return language(None, request.headers.get("accept-language", ""))


def _form(lang: str, id: str, kept: Json, form: dict[str, str], *, problem: bool) -> str:
    texts = TEXTS[lang]
    error = ""
    if problem:
        error = f'<p class="error" role="alert" data-testid="onboarding-error">{escape(texts["problem"])}</p>'
    fields = "".join(
        f'<p><label class="field">{escape(texts[label])}<input name="{name}" id="{testid}" data-testid="{testid}"'
        f' type="{kind}" value="{escape(form.get(name, ""))}"></label></p>'
        for name, testid, label, kind in (
            ("full_name", "full-name", "name", "text"),
            ("birthday", "birthday", "birthday", "date"),
            ("bank_account", "bank-account", "bank", "text"),
        )
    )
    return _page(
        lang,
        f"<h1>{escape(texts['title'])}</h1><p>{escape(texts['lead'])}</p>{error}"
        f'<form method="post" action="/onboarding/{id}">{fields}'
        f'<label><input type="checkbox" name="terms" value="yes" id="terms" data-testid="terms">'
        f" {escape(texts['terms'])}"
        '</label><button id="submit-onboarding" data-testid="submit-onboarding">'
        f"{escape(texts['submit'])}</button></form>"
        f'<a class="back" id="later-link" data-testid="later-link" href="{escape(kept["return_url"])}">'
        f"{escape(texts['later'])}</a>",
    )


def _page(lang: str, body: str) -> str:
    texts = TEXTS[lang]
    return frame(title=texts["title"], body=body, banner=texts["banner"], lang=lang, testid="onboarding-page")
