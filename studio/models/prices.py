"""What things cost: price versions, insert-only, each valid until the next one of its kind."""

from django.db import models

from studio.core.money import CREDIT
from studio.models.frozen import FrozenQuerySet, FrozenRow
from studio.models.teams import Member, Team


class Per(models.TextChoices):
    SECOND = "second", "second of each take"
    TAKE = "take", "take"


class PriceVersion(FrozenRow):
    """`amount` micro-units of `unit` per second or take, from `valid_from` on.

    Without a team it is the studio's price; a team's own version comes before it. `model` may be
    empty for all models, `conditions` ({"resolution": "1080p"}) narrows it to matching settings.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True)
    provider = models.CharField(max_length=20)
    model = models.CharField(max_length=60, blank=True)
    conditions = models.JSONField(default=dict, blank=True)
    per = models.CharField(max_length=6, choices=Per.choices, default=Per.SECOND)
    amount = models.PositiveBigIntegerField()
    unit = models.CharField(max_length=8, default=CREDIT)
    valid_from = models.DateTimeField()
    source = models.CharField(max_length=200)
    checked_on = models.DateField()
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FrozenQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("provider", "team", models.F("valid_from").desc(), name="price_lookup")
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.model} from {self.valid_from:%Y-%m-%d}".replace("  ", " ")


class Rate(FrozenRow):
    """What one of a provider's own credits costs in pico-USD, from `valid_from` on.

    Only for units whose price is no fact (see `core.money.UNIT_PRICES`). `team` as in PriceVersion.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True)
    unit = models.CharField(max_length=8)
    price = models.PositiveBigIntegerField()
    valid_from = models.DateTimeField()
    source = models.CharField(max_length=200)
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FrozenQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("unit", "team", models.F("valid_from").desc(), name="rate_lookup")]

    def __str__(self) -> str:
        return f"{self.unit} from {self.valid_from:%Y-%m-%d}"
