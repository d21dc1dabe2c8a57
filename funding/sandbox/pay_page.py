"""The hosted pay page: plain HTML that works without JavaScript.

For browser tests. On ``/pay/{session}``, data-testid: `pay-page`, `test-banner`, `amount`, `line-item`,
`method-card`, `method-alipay`, `method-wechat_pay` (radios, name `method`), `email` (only when the session has
none), `card-number`, `card-expiry`, `card-cvc` (names `card_number`, `card_expiry`, `card_cvc`), `pay-button`,
`pay-error`, `cancel-link`. On ``/pay/{session}/authorise`` (3-D Secure, Alipay, WeChat Pay): `authorise-page`,
`wechat-code`, `authorise-button`, `fail-button`, `cancel-link`. On a session that is over: `closed-page`,
`return-link`. Every test id is also the element's id.
"""

import re
from html import escape

from funding.sandbox import checkout, paying
from funding.sandbox.currencies import format_amount
from funding.sandbox.http import Request, Response, html_response, redirect
from funding.sandbox.page_frame import frame
from funding.sandbox.pay_cards import read_card
from funding.sandbox.pay_code import code_svg
from funding.sandbox.pay_texts import REFUSALS, TEXTS, language
from funding.sandbox.store import Json
from funding.sandbox.world import World


def show(world: World, request: Request, id: str) -> Response:
    """The pay page, or what became of the session."""
    session = world.store.get(id, kind=checkout.KIND)
    lang = language(session["locale"] if session else None, request.headers.get("accept-language", ""))
    if session is None:
        return _closed(lang, "missing", None, status=404)
    if session["status"] == "complete":
        return _closed(lang, "complete", success_url(session))
    if session["status"] == "expired":
        return _closed(lang, "expired", session["cancel_url"])
    return html_response(_pay_html(world, session, lang, _last_refusal(world, session, lang), {}))


def submit(world: World, request: Request, id: str) -> Response:
    """The customer pressed the button."""
    session = world.store.get(id, kind=checkout.KIND)
    if session is None or session["status"] != "open":
        return show(world, request, id)
    lang = language(session["locale"], request.headers.get("accept-language", ""))
    form = request.form()
    problem = _problem(session, form)
    method = form.get("method", "")
    card = read_card(form, world.clock.now()) if method == "card" else None
    if problem is None and isinstance(card, str):
        problem = card
    if problem or isinstance(card, str):
        page = _pay_html(world, session, lang, TEXTS[lang][problem or "invalid_method"], form)
        return html_response(page, status=400)
    world.store.set_secret(id, email=form.get("email", "").strip() or None)
    if card is None:
        paying.challenge(world, session, paying.payment_method(method))
        return redirect(f"/pay/{id}/authorise")
    used = paying.payment_method("card", number=card.number, expires=card.expires)
    if card.challenged:
        paying.challenge(world, session, used)
        return redirect(f"/pay/{id}/authorise")
    if card.refusal:
        paying.decline(world, session, used, card.refusal)
        return redirect(f"/pay/{id}")
    paying.succeed(world, session, used, email=world.store.secret(id).get("email"))
    return redirect(success_url(session))


def _problem(session: Json, form: dict[str, str]) -> str | None:
    if form.get("method") not in session["payment_method_types"]:
        return "invalid_method"
    if not session["customer_email"] and not re.fullmatch(r"[^@\s]+@[^@\s]+", form.get("email", "").strip()):
        return "invalid_email"
    return None


def show_challenge(world: World, request: Request, id: str) -> Response:
    """The page that stands in for the bank or the wallet."""
    session = world.store.get(id, kind=checkout.KIND)
    method = _challenged(world, session)
    if session is None or method is None:
        return redirect(f"/pay/{id}")
    lang = language(session["locale"], request.headers.get("accept-language", ""))
    texts = TEXTS[lang]
    kind = "secure" if method["type"] == "card" else "wallet"
    title = texts["secure"] if kind == "secure" else texts[method["type"]]
    lead = texts[f"{kind}_body"].format(method=title)
    code = ""
    if method["type"] == "wechat_pay":
        code = code_svg(id, label=texts["code"]) + f'<p class="muted">{escape(texts["scan"])}</p>'
    body = (
        f"<h1>{escape(title)}</h1><p>{escape(lead)}</p>{_total(session)}{code}"
        f'<form method="post" action="/pay/{id}/authorise">'
        '<button id="authorise-button" data-testid="authorise-button" name="outcome" value="succeed">'
        f"{escape(texts[f'{kind}_yes'])}</button>"
        '<button id="fail-button" data-testid="fail-button" class="quiet" name="outcome" value="fail">'
        f"{escape(texts[f'{kind}_no'])}</button></form>{_cancel(f'/pay/{id}', texts)}"
    )
    return html_response(frame(title=title, body=body, banner=texts["banner"], lang=lang, testid="authorise-page"))


def answer_challenge(world: World, request: Request, id: str) -> Response:
    """The customer authorised the payment, or failed to."""
    session = world.store.get(id, kind=checkout.KIND)
    method = _challenged(world, session)
    if session is None or method is None:
        return redirect(f"/pay/{id}")
    if request.form().get("outcome") != "succeed":
        name = "card_3ds" if method["type"] == "card" else method["type"]
        paying.decline(world, session, method, paying.failure_for(name))
        return redirect(f"/pay/{id}")
    email = world.store.secret(id).get("email")
    paying.succeed(world, session, method, authenticated=method["type"] == "card", email=email)
    return redirect(success_url(session))


def _challenged(world: World, session: Json | None) -> Json | None:
    """The method that the open session waits for, if it does."""
    if session is None or session["status"] != "open" or not session["payment_intent"]:
        return None
    intent = world.store.get(session["payment_intent"])
    if intent is None or intent["status"] != "requires_action":
        return None
    method: Json = world.store.secret(intent["id"])["method"]
    return method


def success_url(session: Json) -> str:
    """Where the customer goes when done, with the session's id filled in."""
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _last_refusal(world: World, session: Json, lang: str) -> str | None:
    intent = world.store.get(session["payment_intent"]) if session["payment_intent"] else None
    error = intent["last_payment_error"] if intent else None
    if not error:
        return None
    return REFUSALS[lang].get(error.get("decline_code") or error["code"], error["message"])


def _pay_html(world: World, session: Json, lang: str, error: str | None, form: dict[str, str]) -> str:
    texts, id = TEXTS[lang], session["id"]
    amount = format_amount(session["amount_total"], session["currency"])
    methods = session["payment_method_types"]
    chosen = form.get("method") if form.get("method") in methods else methods[0]
    radios = "".join(_method(m, m == chosen, texts) for m in methods)
    alert = f'<p class="error" role="alert" id="pay-error" data-testid="pay-error">{escape(error)}</p>' if error else ""
    email = (
        "" if session["customer_email"] else _field("email", "email", texts["email"], form, kind="email", auto="email")
    )
    body = (
        f"<h1>{escape(texts['pay_to'])}</h1>{_total(session)}{_lines(world, session, texts)}{alert}"
        f'<form method="post" action="/pay/{id}" id="pay-form">{email}<fieldset>'
        f"<legend>{escape(texts['method'])}</legend>{radios}</fieldset>"
        f"{_card_fields(texts, form) if 'card' in methods else ''}"
        f'<button id="pay-button" data-testid="pay-button">{escape(texts["pay"].format(amount=amount))}</button></form>'
        f"{_cancel(session['cancel_url'], texts)}"
    )
    return frame(title=texts["title"], body=body, banner=texts["banner"], lang=lang, testid="pay-page")


def _total(session: Json) -> str:
    amount = escape(format_amount(session["amount_total"], session["currency"]))
    return f'<p class="total" id="amount" data-testid="amount">{amount}</p>'


def _lines(world: World, session: Json, texts: dict[str, str]) -> str:
    items = []
    for line in checkout.line_items_of(world, session):
        unit = format_amount(line["price"]["unit_amount"], line["currency"])
        count = texts["quantity"].format(quantity=line["quantity"], amount=unit)
        detail = f"<br><small>{escape(count)}</small>" if line["quantity"] > 1 else ""
        amount = escape(format_amount(line["amount_total"], line["currency"]))
        name = escape(line["description"])
        items.append(f'<li data-testid="line-item"><span>{name}{detail}</span><span class="sum">{amount}</span></li>')
    return f'<ul class="lines">{"".join(items)}</ul>'


def _method(method: str, checked: bool, texts: dict[str, str]) -> str:
    mark = " checked" if checked else ""
    return (
        f'<label class="method"><input type="radio" name="method" value="{method}" id="method-{method}"'
        f' data-testid="method-{method}" required{mark}>{escape(texts[method])}</label>'
    )


def _card_fields(texts: dict[str, str], form: dict[str, str]) -> str:
    return (
        f'<div class="card-fields"><div class="whole">'
        f"{_field('card_number', 'card-number', texts['number'], form, auto='cc-number', numeric=True)}</div>"
        f"{_field('card_expiry', 'card-expiry', texts['expiry'], form, auto='cc-exp', numeric=True)}"
        f"{_field('card_cvc', 'card-cvc', texts['cvc'], {}, auto='cc-csc', numeric=True)}"
        f'<small class="whole">{escape(texts["try"])}</small></div>'
    )


def _field(
    name: str,
    testid: str,
    label: str,
    form: dict[str, str],
    *,
    kind: str = "text",
    auto: str,
    numeric: bool = False,
) -> str:
    mode = ' inputmode="numeric"' if numeric else ""
    return (
        f'<label class="field">{escape(label)}<input type="{kind}" name="{name}" id="{testid}" data-testid="{testid}"'
        f' value="{escape(form.get(name, ""))}" autocomplete="{auto}"{mode}></label>'
    )


def _cancel(url: str | None, texts: dict[str, str]) -> str:
    if not url:
        return ""
    label = escape(texts["cancel"])
    return f'<a class="back" id="cancel-link" data-testid="cancel-link" href="{escape(url)}">{label}</a>'


def _closed(lang: str, state: str, url: str | None, *, status: int = 200) -> Response:
    texts = TEXTS[lang]
    text = texts.get(f"{state}_body", "")
    link = ""
    if url:
        label = escape(texts["return"])
        link = f'<a class="button" id="return-link" data-testid="return-link" href="{escape(url)}">{label}</a>'
    body = f"<h1>{escape(texts[state])}</h1><p>{escape(text)}</p>{link}"
    page = frame(title=texts[state], body=body, banner=texts["banner"], lang=lang, testid="closed-page")
    return html_response(page, status=status)
