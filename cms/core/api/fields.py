"""Shapes of what goes in and out. Input is strict: nothing is coerced, unknown keys are refused."""

from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class Shape(serializers.Serializer):
    """What an answer looks like: read by the OpenAPI file; the answers themselves are built as plain data."""


class Strict(serializers.Serializer):
    """Input whose unknown keys are errors of their own."""

    def to_internal_value(self, data: Any) -> Any:
        """Validate, after refusing what nobody asked for."""
        if isinstance(data, dict) and (unknown := [key for key in data if key not in self.fields]):
            raise serializers.ValidationError({str(key)[:60]: [_("Unknown field.")] for key in unknown})
        return super().to_internal_value(data)


class WholeNumber(serializers.IntegerField):
    """A JSON integer: no string, no fraction, no boolean."""

    def to_internal_value(self, data: Any) -> int:
        """Take integers only, within what a database column holds."""
        if type(data) is not int:
            raise serializers.ValidationError(_("Enter a whole number."), code="invalid")
        if abs(data) >= 2**62:
            raise serializers.ValidationError(_("The number is too large."), code="too_large")
        return data


class Truth(serializers.BooleanField):
    """A JSON boolean and nothing that looks like one."""

    def to_internal_value(self, data: Any) -> bool:
        """Take true and false only."""
        if type(data) is not bool:
            raise serializers.ValidationError(_("Enter true or false."), code="invalid")
        return data


class Text(serializers.CharField):
    """A JSON string."""

    def to_internal_value(self, data: Any) -> str:
        """Take strings only."""
        if not isinstance(data, str):
            raise serializers.ValidationError(_("Enter text."), code="invalid")
        return super().to_internal_value(data)


class Choice(serializers.ChoiceField):
    """One of a few words."""

    def to_internal_value(self, data: Any) -> Any:
        """Take strings only: a list is not hashable, a number no choice."""
        if not isinstance(data, str):
            raise serializers.ValidationError(_("Enter text."), code="invalid")
        return super().to_internal_value(data)


class Instant(serializers.DateTimeField):
    """UTC, ISO 8601 with Z on the way out; any offset, but an offset, on the way in."""

    def to_internal_value(self, value: Any) -> datetime:
        """Refuse an instant without its zone: it would be a guess."""
        if not isinstance(value, str) or value.isdigit():
            raise serializers.ValidationError(_("Enter an instant as ISO 8601 text."), code="invalid")
        try:
            parsed = datetime.fromisoformat(value)
            if parsed.tzinfo is None:
                raise serializers.ValidationError(_("Give the offset from UTC, or Z."), code="invalid")
            return parsed.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise serializers.ValidationError(_("Enter an instant as ISO 8601 text."), code="invalid") from error


class Money(Shape):
    """An amount in minor units: `{"amount": 12345, "currency": "CNY"}` is ¥123.45."""

    amount = serializers.IntegerField(help_text="Minor units of the currency (ISO 4217).")
    currency = serializers.CharField(min_length=3, max_length=3)


def Page(item: type[serializers.Serializer]) -> type[Shape]:  # noqa: N802
    """The shape of a window on a list: its items, and the cursor of the next one (null at the end)."""
    fields = {
        "items": item(many=True),
        "next_cursor": serializers.CharField(allow_null=True, help_text="Pass it as `cursor`; null at the end."),
    }
    return type(f"{item.__name__}Page", (Shape,), {"__doc__": f"A window on a list of {item.__name__}.", **fields})


def money(amount: int, currency: str) -> dict[str, Any]:
    """An amount as every answer writes it."""
    return {"amount": amount, "currency": currency}


def instant(value: datetime | None) -> str | None:
    """A time as every answer writes it: UTC, microseconds kept, Z."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None


class Stream(serializers.JSONField):
    """A StreamField: the OpenAPI file describes each block of `stream_block` exactly."""

    def __init__(self, stream_block: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.stream_block = stream_block

    def to_internal_value(self, data: Any) -> Any:
        """A list; what is in it, the blocks themselves validate."""
        if not isinstance(data, list):
            raise serializers.ValidationError(_("Enter a list of blocks."), code="invalid")
        return data
