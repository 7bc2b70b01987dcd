"""Fields of several values: some of the choices, and a list of links."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from studio.forms.typed import Typed


class SeveralInput(forms.Widget):
    """Every value that was sent under the name; None where the form has no such control."""

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> Any:
        if name not in data or not isinstance(data, MultiValueDict):
            return data.get(name)
        return [value for value in data.getlist(name) if value]


class SetField(Typed):
    """An empty text beside the boxes says that there are boxes, also when none is ticked."""

    widget = SeveralInput

    def to_python(self, value: Any) -> Any:
        known = {str(choice): choice for choice in self.param.choices}
        return value and [known.get(item, item) for item in value]

    def written(self, value: Any) -> list[tuple[str, str]]:
        texts = [str(item) for item in value or []]
        return [(self.param.name, text) for text in ("", *texts)]


class LinksField(Typed):
    """One link on each line."""

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return [line.strip() for line in value.splitlines() if line.strip()] or None

    def text(self, value: Any) -> str:
        return value if isinstance(value, str) else "\n".join(map(str, value or []))
