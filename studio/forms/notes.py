"""What a page sends as a note: its words, where in the take, a drawing, a picture."""

from collections.abc import Mapping
from typing import Any

from django import forms

from studio.core import timecode
from studio.core.words import short
from studio.forms.base import StudioForm
from studio.models import Take

PLACES = ("frame", "last_frame")


class NoteForm(StudioForm):
    """Frames may be typed as numbers or as timecodes; the service judges all the rest."""

    slug = "note"
    text = forms.CharField(label="Note", required=False, strip=False)
    frame = forms.CharField(label="Frame", required=False)
    last_frame = forms.CharField(label="Last frame", required=False)
    drawing = forms.CharField(label="Drawing", required=False, strip=False)
    for_guests = forms.BooleanField(label="Everyone", required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, take: Take) -> None:
        super().__init__(data)
        self.take = take

    def clean_frame(self) -> int | None:
        return self._place("frame")

    def clean_last_frame(self) -> int | None:
        return self._place("last_frame")

    def _place(self, name: str) -> int | None:
        text = self.cleaned_data[name].strip()
        frame = timecode.frame_in(text, self.take.fps) if text else None
        if text and frame is None:
            raise forms.ValidationError(
                f"{self.fields[name].label} must be a number from 0 to {self.take.frames - 1:,} "
                f"or a timecode like {timecode.timecode(self.take.frames - 1, self.take.fps)}, "
                f"not “{short(text)}”."
            )
        return frame
