"""Refusals: what a service raises when it won't do something, with a code that outsiders may rely on."""

from typing import Any


class Refusal(Exception):
    """A typed "no". Subclasses name the fact and set `code`; `field` names the offending input.

    `message` is a translated sentence for people; `status` the HTTP status an API answers with;
    `extra` travels in the problem+json body.
    """

    code = "refused"
    status = 409

    def __init__(self, message: Any = "", *, field: str | None = None, **extra: Any) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.extra = extra

    def __str__(self) -> str:
        return str(self.message) or self.code


class InvalidInput(Refusal):
    """The input can't be right whatever the state is: 400, with the field named."""

    code = "invalid_input"
    status = 400


class NotAllowed(Refusal):
    """The actor may not do this."""

    code = "not_allowed"
    status = 403
