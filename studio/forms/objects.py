"""Fields for JSON: an object, or a list of objects."""

from typing import Any

from django import forms

from studio.core import documents
from studio.forms.typed import Typed


class ObjectField(Typed):
    """Its text is JSON; text that is none gets a sentence that says where it breaks."""

    read_text = staticmethod(documents.read)

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            found = self.read_text(value) if value.strip() else None
        except ValueError:
            return value
        return value if isinstance(found, str) else found

    def validate(self, value: Any) -> None:
        if isinstance(value, str):
            raise forms.ValidationError(self._why(value))

    def _why(self, text: str) -> str:
        try:
            self.read_text(text)
        except ValueError as error:
            return f"{self.param.label} {error}"
        return f"{self.param.label} must be {self.param.allowed}."  # a text is JSON, too

    def text(self, value: Any) -> str:
        return value if isinstance(value, str) else documents.write(value) if value else ""


class PairsField(ObjectField):
    """An object that can also be given as lines of `name = value`."""

    read_text = staticmethod(documents.read_pairs)

    @property
    def control(self) -> str:
        return "pairs"

    def text(self, value: Any) -> str:
        return value if isinstance(value, str) else documents.write_pairs(value or {})
