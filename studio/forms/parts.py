"""What is wrong with a part of a field, such as one joint of a motion, so that it is said there."""

from collections.abc import Iterable

from django import forms


class AtPart(forms.ValidationError):
    """Means one `part` of its field; None is all of the field."""

    def __init__(self, message: str, part: str | None = None) -> None:
        super().__init__(message)
        self.part = part


def said_at(
    errors: Iterable[forms.ValidationError], parts: Iterable[str]
) -> tuple[dict[str, list[str]], list[str]]:
    """The sentences by part, and those that mean none of these parts."""
    found: dict[str, list[str]] = {part: [] for part in parts}
    rest: list[str] = []
    for error in errors:
        found.get(getattr(error, "part", None), rest).extend(error.messages)  # type: ignore[arg-type]
    return found, rest
