"""What can be said to `shoot`: a flag for every parameter that any provider's model has."""

import re
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from studio.core import camera
from studio.core.errors import InvalidOrder, Problem, StudioError
from studio.core.orders import Order
from studio.core.spec import Kind, Param
from studio.providers.registry import all_providers, capability_of

FRAMES = {"first_frame": "First frame", "last_frame": "Last frame"}
FLAGS = {"yes": True, "no": False, "true": True, "false": False}


def add(parser: ArgumentParser) -> None:
    """Values stay text here: the model that is asked for says what they must be."""
    parser.add_argument("prompt", nargs="?", default="", help="What to film, in quotation marks.")
    parser.add_argument("--provider", default=next(iter(all_providers())))
    parser.add_argument("--model", help="The provider's first, if none is given.")
    for name, params in parameters().items():
        parser.add_argument(flag(name), dest=name, metavar=name.upper(), help=_help(params))
    for name, label in FRAMES.items():
        parser.add_argument(flag(name), dest=name, metavar="FILE", help=f"{label}, a picture.")
    parser.add_argument("--project", metavar="NAME", help="The team's first, if none is given.")
    parser.add_argument("--as", dest="email", metavar="EMAIL", help="Whose job; the first admin's.")
    parser.add_argument("--no-wait", action="store_true", help="Return as soon as it is ordered.")
    parser.add_argument("--json", action="store_true", help="Answer with JSON.")
    parser.add_argument("--data", metavar="FOLDER", help="The data folder; DAILIES_DATA or ./var.")


def flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def parameters() -> dict[str, list[Param]]:
    """Every parameter by its name, as each model that has it describes it."""
    found: dict[str, list[Param]] = {}
    for provider in all_providers().values():
        for able in provider.capabilities:
            for param in able.settings:
                found.setdefault(param.name, []).append(param)
    return found


def _help(params: list[Param]) -> str:
    different = dict.fromkeys(param.allowed for param in params)
    return f"{params[0].label}: {'; '.join(different)}.".replace("%", "%%")


def explain(message: str) -> NoReturn:
    """Say in one sentence what argparse found; raises InvalidOrder."""
    known = parameters()
    at = re.match(r"argument --([\w-]+)", message)
    if at and (params := known.get(name := at[1].replace("-", "_"))):
        raise InvalidOrder([Problem(name, f"{flag(name)} needs a value. {_help(params)}")])
    flags = ["provider", "model", *known, *FRAMES, "project", "as", "no_wait", "json", "data"]
    told = f"shoot: {message}; it takes one prompt in quotation marks and "
    raise InvalidOrder([Problem("shoot", f"{told}{', '.join(map(flag, flags))}.")])


def sentences(error: StudioError) -> list[str]:
    """One for each problem that there is."""
    return list(map(_sentence, error.problems)) if isinstance(error, InvalidOrder) else [str(error)]


def _sentence(problem: Problem) -> str:
    """The problem's message, after the flag where the form's word for it is another one."""
    words = problem.field.replace("_", " ")
    if problem.message.lower().removeprefix("--").startswith((words, problem.field)):
        return problem.message
    return f"{flag(problem.field)}: {problem.message}"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was said, as far as it could be read, and what could not."""

    order: Order
    problems: tuple[Problem, ...]


def read(options: Mapping[str, Any]) -> Reading:
    """The order without its frames. Raises InvalidOrder for an unknown provider or model."""
    order = Order(provider=options["provider"], model=model_of(options), prompt=options["prompt"])
    able = capability_of(order)
    settings, problems = {}, []
    for name in parameters():
        if (text := options.get(name)) is not None:
            try:
                settings[name] = _value(able.param(name), text)
            except ValueError as error:
                problems.append(Problem(name, str(error)))
    return Reading(order=replace(order, settings=settings), problems=tuple(problems))


def model_of(options: Mapping[str, Any]) -> str:
    """The model that is asked for, or the first of its provider; "" where there is none."""
    provider = all_providers().get(options["provider"])
    return options["model"] or (provider.capabilities[0].model if provider else "")


def _value(param: Param | None, text: str) -> Any:
    """Empty text is kept apart from a flag that is not there: it is a wrong value, no default."""
    if param is None:
        return text
    if not text.strip():
        raise ValueError(f"{param.label} must be {param.allowed}, not empty.")
    return READ[param.kind](param, text)


def _read_whole(_param: Param, text: str) -> Any:
    """A whole number, else the text, of which the parameter says what it should have been."""
    return int(text) if re.fullmatch(r"[+-]?[0-9]{1,30}", text) else text


def _read_number(_param: Param, text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def _read_choice(param: Param, text: str) -> Any:
    return {str(choice): choice for choice in param.choices}.get(text, text)


READ: dict[Kind, Callable[[Param, str], Any]] = {
    Kind.TEXT: lambda _param, text: text,
    Kind.CHOICE: _read_choice,
    Kind.WHOLE: _read_whole,
    Kind.SEED: _read_whole,
    Kind.NUMBER: _read_number,
    Kind.FLAG: lambda _param, text: FLAGS.get(text.lower(), text),
    Kind.CAMERA: lambda _param, text: camera.read(text),
}
