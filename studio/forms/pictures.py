"""The form that fits a picture to a ratio; its names begin with "pic-"."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from studio.core.errors import InvalidPicture
from studio.core.fitting import BARS, LEAST_ZOOM, MODES, MOST_ZOOM, Fit, parts

PREFIX = "pic"


class Between(forms.FloatField):
    """A number with one sentence for whatever is wrong with it."""

    def __init__(self, label: str, low: int, high: int) -> None:
        said = f"{label} must be from {low} to {high} percent."
        names = ("invalid", "required", "min_value", "max_value")
        super().__init__(
            label=label, min_value=low, max_value=high, error_messages=dict.fromkeys(names, said)
        )


class OneOf(forms.ChoiceField):
    def __init__(self, label: str, choices: Mapping[str, str]) -> None:
        said = f"{label} must be {' or '.join(choices.values())}."
        super().__init__(
            label=label,
            choices=list(choices.items()),
            error_messages={"invalid_choice": said, "required": said},
        )


class FitForm(forms.Form):
    """How a picture is to be fitted. `fit` is what was sent, once the form is valid."""

    mode = OneOf("Way", MODES)
    bars = OneOf("Bars", BARS)
    x = Between("Left or right", 0, 100)
    y = Between("Up or down", 0, 100)
    zoom = Between("Zoom", LEAST_ZOOM, MOST_ZOOM)
    ratio = forms.CharField(error_messages={"required": "Ratio is needed, like 16:9."})

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, start: Fit, ratios: Sequence[str]
    ) -> None:
        super().__init__(
            data, prefix=PREFIX, initial=start.to_json(), auto_id="pic-%s", label_suffix=""
        )
        self.start, self.ratios = start, ratios

    def clean_ratio(self) -> str:
        ratio = str(self.cleaned_data["ratio"])
        try:
            parts(ratio)
        except InvalidPicture as error:
            raise forms.ValidationError(error.message) from error
        return ratio

    @property
    def fit(self) -> Fit:
        return Fit(**self.cleaned_data)

    @property
    def sentences(self) -> list[str]:
        return [str(sentence) for found in self.errors.values() for sentence in found]

    def now(self, name: str) -> Any:
        return self[name].value()
