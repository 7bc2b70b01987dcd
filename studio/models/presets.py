"""Values of one setting that a team keeps under a name."""

from django.db import models

from studio.models.teams import Member, Team


class PresetKind(models.TextChoices):
    CAMERA = "camera", "Camera move"
    LEAVE_OUT = "leave_out", "Leave out"


class Preset(models.Model):
    """`value` as the setting has it: the axes of a camera move, a negative prompt."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="presets")
    kind = models.CharField(max_length=10, choices=PresetKind.choices)
    name = models.CharField(max_length=40)
    value = models.JSONField()
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "kind", "name"], name="preset_once")]

    def __str__(self) -> str:
        return self.name
