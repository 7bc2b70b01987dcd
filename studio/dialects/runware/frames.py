"""The frames of a Runware task, in all the forms that are documented.

The model's page of 2026-11-20 has `inputs.frameImages`: strings, or objects with `image` and
`frame`, also mixed. Older pages and clients have `frameImages` in the task itself, with
`inputImage`. An image is a UUID, a link, a data URI or base64: the same to us, a string.
"""

from typing import Any

from studio.core.errors import Problem
from studio.dialects.runware.fields import FRAMES

WHERE = "inputs.frameImages"
# JSON of the position → our name; a bool is no 0, so the type counts.
POSITIONS = {"first": "first_frame", "last": "last_frame", 0: "first_frame", -1: "last_frame"}
FORMS = "an image, or an object with image and frame"


def links_of(left: dict[str, Any], problems: list[Problem]) -> dict[str, str]:
    """Take the frames out of what is `left` of a task; add what is wrong with them."""
    try:
        return _placed(_listed(left))
    except ValueError as error:
        problems.append(Problem(WHERE, f"{WHERE} {error}."))
        return {}


def _listed(left: dict[str, Any]) -> list[Any]:
    inputs, legacy = left.pop("inputs", {}), left.pop("frameImages", None)
    if not isinstance(inputs, dict) or set(inputs) - {"frameImages"}:
        raise ValueError("is all that inputs may have with this model")
    images = inputs.get("frameImages")
    if images is not None and legacy is not None:
        raise ValueError("and frameImages are two names of the same; give one of them")
    images = legacy if images is None else images
    if images is None:
        return []
    if not isinstance(images, list) or not 1 <= len(images) <= len(FRAMES):
        raise ValueError("must be a list of one or two images")
    return images


def _placed(images: list[Any]) -> dict[str, str]:
    """Those that say where they belong first; the others fill up, first frame before last."""
    frames = [_frame(image) for image in images]
    places = [place for place, _ in frames if place]
    if len(set(places)) < len(places):
        raise ValueError("has two images for the same frame; give one first and one last")
    free = iter([name for name in FRAMES if name not in places])
    found = {place or next(free): image for place, image in frames}
    if "last_frame" in found and "first_frame" not in found:
        raise ValueError(
            "has a last frame only; with this model it needs a first frame too, add one"
        )
    return {name: found[name] for name in FRAMES if name in found}


def _frame(given: Any) -> tuple[str, str]:
    """Our name of its place, "" if it says none, and the image."""
    if isinstance(given, str):
        given = {"image": given}
    if not isinstance(given, dict) or set(given) - {"image", "inputImage", "frame"}:
        raise ValueError(f"takes {FORMS}")
    image = given.get("image", given.get("inputImage"))
    if not isinstance(image, str) or not image.strip():
        raise ValueError("needs an image in each: a UUID, a link, a data URI or base64")
    return _place(given.get("frame")), image


def _place(frame: Any) -> str:
    if frame is None:
        return ""
    if (
        isinstance(frame, bool | float)
        or not isinstance(frame, str | int)
        or frame not in POSITIONS
    ):
        raise ValueError("takes first, last, 0 or -1 as frame")
    return POSITIONS[frame]
