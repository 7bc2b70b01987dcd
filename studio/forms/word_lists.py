"""The form of a word list: its name, and its words as lines."""

from collections.abc import Mapping
from typing import Any

from django import forms

from studio.core.lines import as_text
from studio.forms.base import StudioForm
from studio.models import WordList


class WordListForm(StudioForm):
    """Stands once for each list on the page; the service judges what is typed."""

    slug = "list"
    name = forms.CharField(
        label="Name", required=False, strip=False, help_text="In a prompt: {{name}}",
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 60}),
    )  # fmt: skip
    words = forms.CharField(
        label="Words", required=False, strip=False,
        help_text="One on each line, or a line of them with commas. At most 1,000 of 200 characters.",
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "true"}),
    )  # fmt: skip

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, row: WordList | None = None
    ) -> None:
        self.slug = f"{self.slug}-{row.pk if row else 'new'}"
        held = {"name": row.name, "words": as_text(row.words)} if row else None
        super().__init__(data, initial=held)
