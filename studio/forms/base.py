"""What every form of the studio has: the design's classes, ids of its own, clear error text."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms

from studio.core.errors import NotAllowed, StudioError

CLASSES: dict[type[forms.Widget], str] = {
    forms.Select: "select",
    forms.Textarea: "textarea",
    forms.CheckboxInput: "",
    forms.CheckboxSelectMultiple: "",
}


class StudioForm(forms.Form):
    """`slug` begins the ids of its fields, so that several forms fit on a page."""

    slug = "form"

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial, auto_id=f"{self.slug}-%s", label_suffix="")
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", CLASSES.get(type(field.widget), "input"))

    def sentences(self) -> list[str]:
        """Everything that is wrong, where there is no room for it beside the fields."""
        return [str(sentence) for found in self.errors.values() for sentence in found]

    def done(self, act: Callable[..., object]) -> bool:
        """Give the clean values to a service; what it refuses becomes an error of the form.

        NotAllowed is no error of the values and goes on to whoever answers it with 403.
        """
        if not self.is_valid():
            return False
        try:
            act(**self.cleaned_data)
        except NotAllowed:
            raise
        except StudioError as error:
            self.add_error(None, error.message)
            return False
        return True


class NameField(forms.CharField):
    """The name of a person, a team or a project: one line of at most 80 characters."""

    def __init__(self, *, label: str, autocomplete: str = "off", **kwargs: Any) -> None:
        messages = {
            "required": f"{label} is needed: 1 to 80 characters.",
            "max_length": f"{label} may have at most 80 characters.",
        }
        widget = forms.TextInput(attrs={"autocomplete": autocomplete})
        super().__init__(
            label=label, max_length=80, error_messages=messages, widget=widget, **kwargs
        )


class EmailField(forms.EmailField):
    """An e-mail as accounts are known by: in lower case."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {
            "required": "E-mail is needed, like ana@studio.example.",
            "invalid": "E-mail must look like ana@studio.example.",
        }
        widget = forms.EmailInput(attrs={"autocomplete": "username"})
        super().__init__(
            label="E-mail", max_length=254, error_messages=messages, widget=widget, **kwargs
        )

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").lower()
