"""What a person decides, as a page sends it; and who decides in a project."""

from typing import Any

from django import forms

from studio.core.errors import InvalidChoice
from studio.core.review import Verdict, Voters
from studio.forms.base import StudioForm
from studio.models import Project

VERDICTS = "Decision must be approve, changes or reject, or empty to take it back"
CLIPS = "Clips must be their numbers, like 12,13; choose at least one."
MOST_DIGITS = 18


class VerdictForm(StudioForm):
    """An empty verdict takes a decision back."""

    verdict = forms.TypedChoiceField(
        choices=[(one, one) for one in Verdict], coerce=Verdict, empty_value=None, required=False,
        error_messages={"invalid_choice": f"{VERDICTS}, not “%(value)s”."},
    )  # fmt: skip

    def said(self) -> Verdict | None:
        """Raises InvalidChoice."""
        if not self.is_valid():
            raise InvalidChoice(" ".join(self.sentences()))
        verdict: Verdict | None = self.cleaned_data["verdict"]
        return verdict


def clip_keys(values: list[str]) -> list[int]:
    """Each of `clips=12&clips=13` or of `clips=12,13`. Raises InvalidChoice."""
    keys = [key.strip() for value in values for key in value.split(",") if key.strip()]
    if not keys or not all(key.isdecimal() and len(key) <= MOST_DIGITS for key in keys):
        raise InvalidChoice(CLIPS)
    return list(dict.fromkeys(map(int, keys)))


class KeysField(forms.TypedMultipleChoiceField):
    """Keys of rows that the service looks up: it knows better sentences about who is not there."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, **kwargs)

    def valid_value(self, value: Any) -> bool:
        return str(value).isdecimal() and len(str(value)) <= MOST_DIGITS


WHO = "Who decides must be anybody, any admin or named reviewers."
WHOLE = "Needed must be a whole number, like 2."


class RuleForm(StudioForm):
    slug = "rule"
    voters = forms.TypedChoiceField(
        coerce=Voters, choices=[(one, one) for one in Voters],
        error_messages={"required": WHO, "invalid_choice": WHO},
    )  # fmt: skip
    reviewers = KeysField(
        required=False,
        error_messages={
            "invalid_choice": "Reviewers must be people of this team, not “%(value)s”.",
        },
    )
    needed = forms.IntegerField(error_messages={"required": WHOLE, "invalid": WHOLE})
    guests_count = forms.BooleanField(required=False)

    @classmethod
    def of(cls, project: Project) -> "RuleForm":
        """The rule as it is."""
        named = list(project.reviewers.values_list("pk", flat=True))
        return cls(
            initial={
                "voters": project.voters, "needed": project.needed, "reviewers": named,
                "guests_count": project.guests_count,
            }
        )  # fmt: skip

    def chosen(self) -> set[str]:
        """Keys of the reviewers that are ticked, also in a form that was refused."""
        return {str(key) for key in self["reviewers"].value() or ()}
