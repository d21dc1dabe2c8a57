"""Which kind of event is handled by what: a small registry, filled when the app is ready."""

from collections.abc import Callable

from funding.gateways.base import ProviderEvent

# True when the event was about something of ours, False when its object is not known (yet).
Handler = Callable[[ProviderEvent], bool]
_handlers: dict[str, Handler] = {}


def on(prefix: str, handler: Handler) -> None:
    """Handle events whose type begins with `prefix`; the longest prefix wins."""
    _handlers[prefix] = handler


def handler_for(event_type: str) -> Handler | None:
    """The handler of a type; None for what we don't need to hear."""
    fitting = [prefix for prefix in _handlers if event_type.startswith(prefix)]
    return _handlers[max(fitting, key=len)] if fitting else None
