"""What mails say of the money must hold for the campaign's own mode."""

import pytest

from cms.mail.rendering import render

CONTEXT = {"title": "Lamp", "amount": 100, "currency": "CNY", "backers": 2, "deadline": "1 May", "lines": []}


def test_who_keeps_all_promises_no_way_back_below_the_goal() -> None:
    keeps, returns = {**CONTEXT, "keeps": True}, {**CONTEXT, "keeps": False}
    _subject, text, html = render(template="receipt", locale="en", context=keeps, to="a@b.example")
    for body in (text, html):
        assert "misses its goal" not in body
        assert "whatever the sum" in body
    _subject, text, _html = render(template="receipt", locale="en", context=returns, to="a@b.example")
    assert "misses its goal" in text


@pytest.mark.parametrize("template", ["campaign_succeeded", "creator_succeeded"])
def test_below_the_goal_nobody_is_told_that_it_was_reached(template: str) -> None:
    for reached in (True, False):
        context = {**CONTEXT, "goal": 100 if reached else 101}
        parts = render(template=template, locale="en", context=context, to="a@b.example")
        assert all(("reached" in part) is reached for part in parts)
