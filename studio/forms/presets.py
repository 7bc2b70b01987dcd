"""What a form holds of one setting, to be kept under a name."""

from typing import Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from studio.core.spec import Param
from studio.forms.camera import CameraField
from studio.forms.fields import field_for
from studio.forms.orders import all_capabilities


def present(param: Param, data: QueryDict) -> Any:
    """The value as the director's form sends it, read but not judged."""
    field = field_for(param)
    if isinstance(field, CameraField):
        field.stand_beside(one.name for able in all_capabilities() for one in able.params)
    return field.to_python(field.widget.value_from_datadict(data, MultiValueDict(), param.name))
