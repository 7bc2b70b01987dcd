"""Hypothesis strategies for everything that a capability allows, built from its data alone."""

import string
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from studio.core.camera import AXIS_NAMES, HIGHEST, LOWEST
from studio.core.orders import Order
from studio.core.spec import FILES, Capability, Kind, Param, Way
from studio.core.wire import Sending

LONG = 300
LARGE = 10**9
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
LINKS = st.builds(
    "https://studio.example/{}/{}?token={}&w=1%20a".format,
    st.sampled_from(["files", "ä/b", "a:b"]),
    st.integers(0, LARGE),
    st.text(string.ascii_letters + string.digits, min_size=1, max_size=20),
)
INLINE = st.sampled_from(["data:image/png;base64,iVBORw0KGgo=", "data:image/jpeg;base64,/9j/4AA="])
PARTS = st.sampled_from(["scene.glb", "a b.glb", "zelle-ü.fbx"])
NAMES = st.text(string.ascii_letters + "_", min_size=1, max_size=12)
LEAVES = (
    st.none() | st.booleans() | st.integers(-LARGE, LARGE) | st.text(LETTERS, max_size=20)
    | st.floats(allow_nan=False, allow_infinity=False)
)  # fmt: skip
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
OBJECTS = st.dictionaries(NAMES, JSON, max_size=4)
HEX = st.text("0123456789abcdef", min_size=32, max_size=32)
REFERENCES = st.builds("dl-{}-{}".format, st.integers(1, 10**12), HEX)


def values(param: Param) -> st.SearchStrategy[Any]:
    """Every value that the parameter allows, its edges often."""
    return KINDS[param.kind](param)


def _texts(param: Param) -> st.SearchStrategy[str]:
    least, most = max(1, int(param.low or 0)), int(param.high or LONG)
    short = st.text(LETTERS, min_size=least, max_size=max(least, min(most, LONG)))
    return (short | st.sampled_from(["é" * most, "😀" * least])).filter(str.strip)


def _numbers(param: Param) -> st.SearchStrategy[float]:
    low = -LARGE if param.low is None else param.low
    high = LARGE if param.high is None else param.high
    edges = st.sampled_from([low, high])
    if param.step:
        step = Decimal(str(param.step))
        steps = st.integers(int(Decimal(str(low)) / step), int(Decimal(str(high)) / step))
        return edges | steps.map(lambda number: float(number * step))
    return edges | st.floats(low, high)


def _wholes(param: Param) -> st.SearchStrategy[int]:
    low = -LARGE if param.low is None else int(param.low)
    high = LARGE if param.high is None else int(param.high)
    step = int(param.step or 1)
    steps = st.integers(-(-low // step), high // step).map(lambda number: number * step)
    return steps | st.sampled_from([-(-low // step) * step, high // step * step])


def _many(param: Param, items: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(items, min_size=int(param.low or 0), max_size=int(param.high or 4), unique=True)


@st.composite
def _curves(draw: Callable[..., Any], points: str, size: int) -> list[dict[str, Any]]:
    number = st.floats(-1000, 1000)
    whole = st.tuples(*[number] * (size - 1))
    names = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    times = st.lists(st.floats(0, 1), min_size=1, max_size=4, unique=True).map(sorted)
    return [
        {"name": name, points: [[time, *draw(whole)] for time in draw(times)]} for name in names
    ]


MOTIONS = st.fixed_dictionaries(
    {}, optional={"joints": _curves("angles", 2), "paths": _curves("points", 4)}
).filter(bool)
CAMERAS = st.dictionaries(
    st.sampled_from(AXIS_NAMES),
    st.floats(LOWEST, HIGHEST) | st.integers(int(LOWEST), int(HIGHEST)),
    min_size=1,
)
KINDS: dict[Kind, Callable[[Param], st.SearchStrategy[Any]]] = {
    Kind.TEXT: _texts,
    Kind.CHOICE: lambda param: st.sampled_from(param.choices),
    Kind.WHOLE: _wholes,
    Kind.NUMBER: _numbers,
    Kind.FLAG: lambda param: st.booleans(),
    Kind.CAMERA: lambda param: CAMERAS,
    Kind.SEED: _wholes,
    Kind.SET: lambda param: _many(param, st.sampled_from(param.choices)),
    Kind.LINK: lambda param: LINKS,
    Kind.LINKS: lambda param: _many(param, LINKS),
    Kind.OBJECT: lambda param: OBJECTS,
    Kind.OBJECTS: lambda param: st.lists(OBJECTS, max_size=3),
    Kind.MOTION: lambda param: MOTIONS,
}


def orders(
    able: Capability, suited: Callable[[Order], Order] = lambda order: order
) -> st.SearchStrategy[Order]:
    """Orders within the limits. `suited` mends what the rules would mostly refuse."""
    settings = {param.name: values(param) for param in able.settings}
    needed = {param.name for param in able.settings if param.required}
    given = st.fixed_dictionaries(
        {name: settings[name] for name in settings if name in needed},
        optional={name: settings[name] for name in settings if name not in needed},
    )
    prompt = able.param("prompt")
    words = st.just("") if prompt is None else values(prompt)
    if prompt is not None and not prompt.required:
        words |= st.just("")
    files = {name: _key(able, name) for name in FILES}
    made = st.builds(
        Order,
        provider=st.just(able.provider), model=st.just(able.model), prompt=words,
        settings=given, **files,
    )  # fmt: skip
    return made.map(suited).filter(lambda order: not able.problems(order))


def _key(able: Capability, name: str) -> st.SearchStrategy[int | None]:
    if not getattr(able, name):
        return st.none()
    return st.integers(1, 99) if name in able.needs else st.none() | st.integers(1, 99)


@st.composite
def sendings(
    draw: Callable[..., Any],
    able: Capability,
    *,
    suited: Callable[[Order], Order] = lambda order: order,
    uploads: st.SearchStrategy[str] = LINKS,
) -> Sending:
    """An order with its files, each in one of the ways in which the model takes them."""
    order = draw(orders(able, suited))
    places = {Way.LINK: LINKS, Way.INLINE: INLINE, Way.UPLOAD: uploads, Way.PART: PARTS}
    links, parts = {}, {}
    for name in FILES:
        if getattr(order, name) is not None:
            way = draw(st.sampled_from(able.ways))
            (parts if way == Way.PART else links)[name] = draw(places[way])
    return Sending(
        order=order,
        reference=draw(REFERENCES),
        links=links,
        parts=parts,
        callback=draw(st.just("") | LINKS) if able.calls_back else "",
    )
