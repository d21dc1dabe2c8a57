"""How a promise is to be made: what backers never have to read and reviewers always do."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign


class Stage(models.TextChoices):
    """How far the thing is."""

    IDEA = "idea", _("An idea, nothing built yet")
    RENDERING = "rendering", _("Drawings or renderings")
    PROTOTYPE = "prototype", _("A working prototype")
    SAMPLES = "samples", _("Samples from the maker")
    PRODUCTION = "production", _("In production")


class FeasibilitySheet(models.Model):
    """Prototype and delivery of a campaign with physical rewards; what it costs is in its calculation."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="feasibility")
    stage = models.CharField(_("how far it is"), max_length=12, choices=Stage.choices, blank=True)
    evidence = models.TextField(
        _("what shows it"), max_length=3000, blank=True,
        help_text=_("What the prototype does today, how it was tested, and where that can be seen."),
    )  # fmt: skip
    picture = models.ForeignKey(
        "images.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("photograph of the prototype"),
    )  # fmt: skip
    uses_renderings = models.BooleanField(
        _("some pictures of the story are renderings"), default=False,
        help_text=_("Each of them says so in its caption: rendering, mock-up, 效果图 or 渲染图."),
    )  # fmt: skip
    delivery_plan = models.TextField(
        _("delivery plan"), max_length=3000, blank=True,
        help_text=_("Who makes it, in which steps, who packs and ships it, and what happens when a step fails."),
    )  # fmt: skip
    lead_weeks = models.PositiveIntegerField(_("weeks from the campaign's end to shipping"), null=True, blank=True)

    class Meta:
        verbose_name = _("feasibility sheet")
        verbose_name_plural = _("feasibility sheets")

    def __str__(self) -> str:
        return str(self.campaign)
