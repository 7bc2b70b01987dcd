"""Which field a parameter gets, by its kind."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import QueryDict

from studio.core.spec import Kind, Param
from studio.core.words import lines
from studio.forms import camera, motion
from studio.forms.camera import CameraField
from studio.forms.motion import MotionField
from studio.forms.objects import ObjectField, PairsField
from studio.forms.several import LinksField, SetField
from studio.forms.typed import ChoiceField, FlagField, Typed

Data = QueryDict | Mapping[str, Any]

FIELDS: dict[Kind, Callable[[Param], Typed]] = {
    Kind.TEXT: lambda param: Typed(param, lines),
    Kind.CHOICE: ChoiceField,
    Kind.WHOLE: lambda param: Typed(param, int),
    Kind.NUMBER: lambda param: Typed(param, float),
    Kind.FLAG: FlagField,
    Kind.CAMERA: CameraField,
    Kind.SEED: lambda param: Typed(param, int),
    Kind.SET: SetField,
    Kind.LINK: Typed,
    Kind.LINKS: LinksField,
    Kind.OBJECT: ObjectField,
    Kind.OBJECTS: ObjectField,
    Kind.MOTION: MotionField,
}
# Objects that are mostly a few names with a number each.
PAIRS = {"constraints"}

# The names under which a form sends what has more than one part.
PARTS: dict[Kind, Callable[[str], tuple[str, ...]]] = {
    Kind.CAMERA: camera.parts,
    Kind.MOTION: motion.parts,
}


def field_for(param: Param) -> Typed:
    pairs = param.kind == Kind.OBJECT and param.name in PAIRS
    field = PairsField(param) if pairs else FIELDS[param.kind](param)
    field.initial = param.default
    return field


def parts_of(param: Param) -> tuple[str, ...]:
    parts = PARTS.get(param.kind)
    return parts(param.name) if parts else (param.name,)
