"""Forms of what people take home: an archive, a timeline, and how files are called."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from studio.core.filenames import MOST_CHARACTERS
from studio.core.words import listed, short
from studio.forms.base import StudioForm

# A browser shortens no list; more digits than this are no row's number.
MOST_DIGITS = 18
WHICH = {
    "best": "The best take of each clip", "approved": "Approved takes only", "all": "All takes",
}  # fmt: skip
ONE_EACH = {"approved": WHICH["approved"], "best": WHICH["best"]}
SORTS = {
    "given": "As they were chosen", "board": "As on their boards", "created": "Oldest first",
    "title": "By title",
}  # fmt: skip
FORMATS = {"otio": "OpenTimelineIO", "edl": "EDL (CMX 3600)", "fcpxml": "FCPXML"}


class Numbers(forms.HiddenInput):
    """Numbers with commas between, in one field or in several of the same name."""

    def value_from_datadict(self, data: Any, _files: Any, name: str) -> str:
        values = data.getlist(name) if isinstance(data, QueryDict) else [data.get(name) or ""]
        return ",".join(value for value in values if value)


class NumbersField(forms.CharField):
    """The primary keys of rows, each once, in their order."""

    widget = Numbers

    def to_python(self, value: Any) -> Any:
        words = [word.strip() for word in str(value or "").split(",") if word.strip()]
        for word in words:
            if not (word.isascii() and word.isdecimal() and len(word) <= MOST_DIGITS):
                raise forms.ValidationError(
                    f"{self.label} must be whole numbers with commas between, not “{short(word)}”."
                )
        return tuple(dict.fromkeys(map(int, words)))

    def prepare_value(self, value: Any) -> Any:
        return ",".join(map(str, value)) if isinstance(value, tuple) else value


class OneOf(forms.ChoiceField):
    """One of a few words; the first one, or none with `empty`, where nothing is said."""

    def __init__(self, label: str, choices: Mapping[str, str], *, empty: str = "") -> None:
        self.usual = "" if empty else next(iter(choices))
        rows = [("", empty), *choices.items()] if empty else [*choices.items()]
        sentence = f"{label} must be {listed([*choices], 'or')}, not “%(value)s”."
        super().__init__(
            label=label, choices=rows, required=False, initial=self.usual,
            error_messages={"invalid_choice": sentence},
        )  # fmt: skip

    def clean(self, value: Any) -> Any:
        return super().clean(short(value) if value else self.usual)


class ChosenForm(StudioForm):
    """Clips and takes, by their numbers."""

    clips = NumbersField(label="Clips", required=False)
    takes = NumbersField(label="Takes", required=False)


class ArchiveForm(ChosenForm):
    slug = "archive"
    which = OneOf("Which takes", WHICH)
    clean_copies = forms.BooleanField(
        required=False, label="Clean copies, for people outside",
        help_text="Neither the files nor the manifest tell what was asked for, said or paid.",
    )  # fmt: skip
    posters = forms.BooleanField(required=False, label="With posters")
    timeline = OneOf("Timeline beside them", FORMATS, empty="None")
    sort = OneOf("Order", SORTS)


class TimelineForm(ChosenForm):
    slug = "timeline"
    format = OneOf("Format", FORMATS)
    which = OneOf("Which takes", ONE_EACH)
    sort = OneOf("Order", SORTS)


class FileNamesForm(StudioForm):
    slug = "files"
    file_names = forms.CharField(
        label="File names", required=False, strip=True,
        widget=forms.TextInput(attrs={
            "autocomplete": "off", "spellcheck": "false", "maxlength": MOST_CHARACTERS,
        }),
    )  # fmt: skip
