"""Rewards as frozen at launch, with their stock."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from funding.models.escrow import Escrow

IN_STOCK = Q(quantity=None) | Q(quantity__gte=F("reserved") + F("sold"))


class RewardKind(models.TextChoices):
    """What a backer gets."""

    PHYSICAL = "physical", "physical"
    DIGITAL = "digital", "digital"
    SERVICE = "service", "service"


class Reward(models.Model):
    """A tier. `price` in minor units of the escrow's currency; `quantity` None is unlimited.

    `shipping` maps ISO 3166 countries, or "*" for the rest of the world, to a fee per unit in minor units; empty
    for what isn't shipped. Once claimed, a trigger refuses every change but more quantity.
    """

    escrow = models.ForeignKey(Escrow, on_delete=models.PROTECT, related_name="rewards")
    key = models.CharField(max_length=20)
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=RewardKind.choices)
    titles = models.JSONField(default=dict, help_text="by locale")
    descriptions = models.JSONField(default=dict, help_text="by locale")
    image_url = models.CharField(max_length=300, blank=True)
    price = models.BigIntegerField()
    is_addon = models.BooleanField(default=False)
    quantity = models.PositiveIntegerField(null=True)
    reserved = models.PositiveIntegerField(default=0)
    sold = models.PositiveIntegerField(default=0)
    per_person_limit = models.PositiveIntegerField(null=True)
    shipping = models.JSONField(default=dict)
    delivery_month = models.DateField(null=True, help_text="the first of the promised month")
    # Where the creator has moved it since; the promise above stays.
    expected_month = models.DateField(null=True)
    window_start = models.DateTimeField(null=True)
    window_end = models.DateTimeField(null=True)
    secret = models.BooleanField(default=False, help_text="offered only to those who were let in to it")

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["escrow", "key"], name="reward_key_unique"),
            models.CheckConstraint(condition=Q(price__gt=0), name="reward_price_positive"),
            models.CheckConstraint(condition=IN_STOCK, name="reward_never_oversold"),
        ]

    def __str__(self) -> str:
        return self.title()

    def title(self, locale: str | None = None) -> str:
        """The title in a language (the reader's where none is named), else in whichever there is."""
        return self.titles.get(locale or get_language() or "en") or next(iter(self.titles.values()), self.key)

    @property
    def claimed(self) -> bool:
        """Whether somebody holds or has bought one."""
        return self.reserved + self.sold > 0

    @property
    def remaining(self) -> int | None:
        """How many can still be taken; None is unlimited."""
        return None if self.quantity is None else self.quantity - self.reserved - self.sold


class RewardVariant(models.Model):
    """A size or colour: may have its own quantity, never its own price."""

    reward = models.ForeignKey(Reward, on_delete=models.PROTECT, related_name="variants")
    key = models.CharField(max_length=20)
    position = models.PositiveIntegerField(default=0)
    names = models.JSONField(default=dict, help_text="by locale")
    quantity = models.PositiveIntegerField(null=True)
    reserved = models.PositiveIntegerField(default=0)
    sold = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reward", "key"], name="variant_key_unique"),
            models.CheckConstraint(condition=IN_STOCK, name="variant_never_oversold"),
        ]

    def __str__(self) -> str:
        return self.name()

    def name(self, locale: str | None = None) -> str:
        """The name in a language (the reader's where none is named), else in whichever there is."""
        return self.names.get(locale or get_language() or "en") or next(iter(self.names.values()), self.key)


class Holding(models.Model):
    """How many of a limited-per-person reward one person holds or has bought, guest or signed in."""

    reward = models.ForeignKey(Reward, on_delete=models.PROTECT, related_name="holdings")
    person = models.CharField(max_length=64, help_text="keyed hash of the e-mail address")
    quantity = models.PositiveIntegerField()
    per_person_limit = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reward", "person"], name="holding_unique"),
            models.CheckConstraint(condition=Q(quantity__lte=F("per_person_limit")), name="holding_within_limit"),
        ]
