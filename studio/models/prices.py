"""What things cost: price versions, insert-only, each valid until the next one of its kind."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from studio.core.money import CREDIT, decimal
from studio.models.frozen import FrozenQuerySet, FrozenRow
from studio.models.teams import Member, Team


class Per(models.TextChoices):
    SECOND = "second", "second of each take"
    TAKE = "take", "take"


class PriceVersion(FrozenRow):
    """`amount` micro-units of `unit` per second or take, from `valid_from` on.

    It ends where the next version of its kind begins, or before at its own `valid_until`
    (exclusive): then there is no price of this kind. Without a team it is the studio's price; a
    team's own version comes before it. `model` may be empty for all models, `conditions`
    ({"resolution": "1080p"}, in the order of their names) narrow it to matching settings. What it
    `replaces` is a version that would have been valid at its `valid_from`.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True)
    provider = models.CharField(max_length=20)
    model = models.CharField(max_length=60, blank=True)
    conditions = models.JSONField(default=dict, blank=True)
    per = models.CharField(max_length=6, choices=Per.choices, default=Per.SECOND)
    amount = models.PositiveBigIntegerField()
    unit = models.CharField(max_length=8, default=CREDIT)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=200)
    checked_on = models.DateField()
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = FrozenQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("provider", "team", F("valid_from").desc(), name="price_lookup")]
        constraints = [
            models.UniqueConstraint(
                Coalesce("team", 0), "provider", "model", "conditions", "valid_from",
                Coalesce("replaces", 0), name="price_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="price_ends_after_it_begins",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.provider} {self.model} from {self.valid_from:%Y-%m-%d}".replace("  ", " ")

    @property
    def kind(self) -> tuple[Any, ...]:
        """Equal for versions that follow each other."""
        return self.team_id, self.provider, self.model, tuple(sorted(self.conditions.items()))

    def is_over(self, moment: datetime) -> bool:
        return self.valid_until is not None and self.valid_until <= moment


class Rate(FrozenRow):
    """What one of a provider's own credits, or of a currency, costs in pico-USD, from then on.

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
        indexes = [models.Index("unit", "team", F("valid_from").desc(), name="rate_lookup")]
        constraints = [
            models.UniqueConstraint(Coalesce("team", 0), "unit", "valid_from", name="rate_once"),
            models.CheckConstraint(condition=Q(price__gt=0), name="rate_not_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} from {self.valid_from:%Y-%m-%d}"

    @property
    def dollars(self) -> str:
        """“0.0115”."""
        return f"{decimal(self.price, places=12):f}"
