"""Rules about orders: what may be sent at all, checked before it costs anything."""

import secrets
from dataclasses import replace

from studio.core import motion
from studio.core.errors import InvalidOrder, Problem, StudioError
from studio.core.orders import Order
from studio.core.pictures import Picture
from studio.core.spec import FILES, PICTURES, Capability, Kind
from studio.core.words import lines, short
from studio.models import Asset
from studio.providers.animatic import SEED_LIMIT
from studio.providers.base import Provider
from studio.providers.registry import capability_of, provider_of
from studio.storage import scenes
from studio.storage.scenes import Scene

# Each file of an order → the assets of the team that it may be.
SOURCES = {"first_frame": "pictures", "last_frame": "pictures", "scene": "scenes"}
MOST_LISTED = 20
PICTURE_OF_A_TAKE = "picture of a take"


def check(team_id: int, order: Order) -> Order:
    """The order with defaults and seed filled in. Raises InvalidOrder with every problem."""
    whole = complete(order)
    problems = problems_of(whole) + _file_problems(team_id, whole)
    if problems:
        raise InvalidOrder(problems)
    return _with_seed(whole)


def problems_of(order: Order) -> list[Problem]:
    """What can be said against a complete order without looking at its files."""
    able, provider = capability_of(order), provider_of(order.provider)
    closed = [Problem("provider", why)] if (why := closed_for(provider)) else []
    given = [name for name in FILES if getattr(able, name) and getattr(order, name) is not None]
    blocked = {name: provider.file_problem(able, name) for name in given}
    return [
        *closed,
        *able.problems(order),
        *(Problem(name, sentence) for name, sentence in blocked.items() if sentence),
    ]


def closed_for(provider: Provider) -> str:
    """Why it takes no new orders, as a sentence, or ""."""
    if not provider.is_on:
        return f"{provider.label} is switched off; an admin can switch it on in the settings."
    return provider.needs


def complete(order: Order) -> Order:
    """The order with its model's defaults, unchecked. Raises InvalidOrder for an unknown model."""
    given = {name: value for name, value in order.settings.items() if value not in (None, "")}
    settings = {**capability_of(order).defaults(), **given}
    return replace(order, prompt=lines(order.prompt).strip(), settings=settings)


def _file_problems(team_id: int, order: Order) -> list[Problem]:
    problems = []
    for name, source in SOURCES.items():
        key = getattr(order, name)
        asset = _asset(team_id, key, source) if _is_key(key) else None
        if key is not None and asset is None:
            what = f"The {FILES[name]} is not in this team's {source}; add it again."
            problems.append(Problem(name, what))
        if asset and name in PICTURES:
            problems += picture_problems(capability_of(order), name, asset.name, asset)
        elif asset:
            problems += _scene_problems(asset, order)
    return problems


def picture_problems(able: Capability, slot: str, name: str, picture: Picture) -> list[Problem]:
    """What the model has against a picture that may be a frame of any other; `name` is its own."""
    told = able.pictures.problem(_label(slot), name or PICTURE_OF_A_TAKE, picture)
    return [Problem(slot, told)] if told else []


def _label(slot: str) -> str:
    return FILES[slot].capitalize()


def advised(team_id: int, order: Order) -> list[Problem]:
    """What is allowed, but not wise, of its files as well."""
    able = capability_of(order)
    found = able.advised(order)
    for slot in PICTURES:
        key = getattr(order, slot)
        if asset := _asset(team_id, key, "pictures") if _is_key(key) else None:
            found += picture_advice(able, slot, asset.name, asset)
    return found


def picture_advice(able: Capability, slot: str, name: str, picture: Picture) -> list[Problem]:
    told = able.wiser_pictures.doubt(_label(slot), name or PICTURE_OF_A_TAKE, picture)
    return [Problem(slot, told)] if told else []


def _asset(team_id: int, key: int, source: str) -> Asset | None:
    known = Asset.objects.pictures() if source == "pictures" else Asset.objects.scenes()
    return known.filter(team_id=team_id, pk=key).first()


def _scene_problems(asset: Asset, order: Order) -> list[Problem]:
    if not motion.joints_of(order.settings.get("motion")):
        return []
    try:
        return motion_problems(scenes.stored(asset.path), order)
    except StudioError:
        return [Problem("scene", "The scene can not be read any more; add it again.")]


def motion_problems(scene: Scene, order: Order) -> list[Problem]:
    """Each joint that the scene does not have; of .fbx the joints are not known."""
    if scene.suffix != ".glb":
        return []
    wanted = motion.joints_of(order.settings.get("motion"))
    there = _listed(scene.joints) or "no nodes with names"
    return [
        Problem("motion", f"The scene has no joint “{short(name)}”; it has {there}.", name)
        for name in wanted
        if name not in scene.nodes
    ]


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(f"“{short(name)}”" for name in names[:MOST_LISTED])
    more = len(names) - MOST_LISTED
    return f"{shown} and {more:,} more" if more > 0 else shown


def _is_key(key: object) -> bool:
    """Whether a database can be asked for it."""
    return isinstance(key, int) and not isinstance(key, bool) and 0 < key < 2**63


def _with_seed(order: Order) -> Order:
    """A model with a seed always gets one, so that the same shot can be made again."""
    param = next((one for one in capability_of(order).params if one.kind == Kind.SEED), None)
    if param is None or order.settings.get("seed") is not None:
        return order
    highest = SEED_LIMIT if param.high is None else min(SEED_LIMIT, int(param.high))
    return replace(order, settings={**order.settings, "seed": secrets.randbelow(highest + 1)})
