"""What can be said to `shoot`: a flag for every parameter that any provider's model has."""

import re
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from studio.core.errors import InvalidOrder, Problem, StudioError
from studio.core.orders import Order
from studio.core.spec import FILES, PICTURES, Capability, Kind, Param
from studio.core.words import short
from studio.forms.sections import SECTIONS, in_order, section_of
from studio.management import values
from studio.providers.registry import all_providers, capability_of

FORMATS = {**dict.fromkeys(PICTURES, "a picture"), "scene": ".glb or .fbx"}
USAGE = "%(prog)s PROMPT [--provider NAME] [--model NAME] [--duration N] … [--no-wait] [--json]"
# For a parameter that a value can not be guessed for, by the kind.
HINTS = {Kind.MOTION: "a JSON file with joints and paths", Kind.LINKS: "links, with commas between"}


def add(parser: ArgumentParser) -> None:
    """Values stay text here: the model that is asked for says what they must be."""
    parser.usage = USAGE
    parser.add_argument("prompt", nargs="?", default="", help="What to film, in quotation marks.")
    parser.add_argument("--provider", default=next(iter(all_providers())), help=_one_of_providers())
    parser.add_argument("--model", help=f"The provider's first, if none is given. {_models()}")
    _add_wildcards(parser)
    parser.add_argument("--project", metavar="NAME", help="The team's first, if none is given.")
    parser.add_argument("--as", dest="email", metavar="EMAIL", help="Whose job; the first admin's.")
    parser.add_argument("--no-wait", action="store_true", help="Return as soon as it is ordered.")
    parser.add_argument("--json", action="store_true", help="Answer with JSON.")
    parser.add_argument("--data", metavar="FOLDER", help="The data folder; DAILIES_DATA or ./var.")
    _add_files(parser)
    _add_parameters(parser)


def _add_wildcards(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--wildcards", action="store_true",
        help="Read {dawn|dusk} and {{list}} in the prompt; one job for each combination.",
    )  # fmt: skip
    parser.add_argument(
        "--random", metavar="N", help="Only N of the combinations; needs --wildcards."
    )
    parser.add_argument("--random-seed", metavar="N", help="Which N of them; 1, if none is given.")


def _one_of_providers() -> str:
    return f"One of {', '.join(all_providers())}; {next(iter(all_providers()))}, if none is given."


def _models() -> str:
    told = [
        f"{slug}: {', '.join(able.model for able in provider.capabilities)}"
        for slug, provider in all_providers().items()
    ]
    return "; ".join(told).replace("%", "%%")


def _add_files(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("Files")
    for name, words in FILES.items():
        label = f"{words.capitalize()}, {FORMATS[name]}: {_whose(name)}."
        group.add_argument(flag(name), dest=name, metavar="FILE", help=label)


def _whose(name: str) -> str:
    """The models that take this file."""
    return ", ".join(able.model for able in _capabilities() if getattr(able, name)) or "no model"


def _add_parameters(parser: ArgumentParser) -> None:
    known = parameters()
    for section in SECTIONS:
        names = [name for name in in_order(known) if section_of(name) is section]
        group = parser.add_argument_group(section.title) if names else parser
        for name in names:
            shown = values.SHOWN[known[name][0].kind]
            group.add_argument(flag(name), dest=name, metavar=shown, help=_help(known[name]))
    parser.add_argument(
        "--option", action="append", metavar="NAME=VALUE", default=[],
        help="Any parameter by its name, as often as needed; the value as for its flag.",
    )  # fmt: skip


def flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _capabilities() -> Iterator[Capability]:
    for provider in all_providers().values():
        yield from provider.capabilities


def parameters() -> dict[str, list[Param]]:
    """Every parameter by its name, as each model that has it describes it."""
    found: dict[str, list[Param]] = {}
    for able in _capabilities():
        for param in able.settings:
            found.setdefault(param.name, []).append(param)
    return found


def _help(params: list[Param]) -> str:
    different = dict.fromkeys(HINTS.get(param.kind, param.allowed) for param in params)
    return f"{params[0].label}: {'; '.join(different)}.".replace("%", "%%")


def explain(message: str) -> NoReturn:
    """Say in one sentence what argparse found; raises InvalidOrder."""
    known = parameters()
    at = re.match(r"argument --([\w-]+)", message)
    if at and (params := known.get(name := at[1].replace("-", "_"))):
        raise InvalidOrder([Problem(name, f"{flag(name)} needs a value. {_help(params)}")])
    others = ["option", "project", "as", "no_wait", "json", "data", "wildcards", "random",
              "random_seed"]  # fmt: skip
    flags = ["provider", "model", *known, *FILES, *others]
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


def remarks(order: Order, advice: Iterable[Problem] = ()) -> Iterator[str]:
    """What is uncertain about what was said, and what is allowed but not wise.

    `order` has the settings that were said, and no others; `advice` is about its files.
    """
    able = capability_of(order)
    for name, value in order.settings.items():
        if (param := able.param(name)) and (doubt := param.doubt_about(value)):
            yield f"{flag(name)}: {doubt}"
    for problem in [*able.advised(order), *advice]:
        yield _sentence(problem)


def read(options: Mapping[str, Any]) -> Reading:
    """The order without its files. Raises InvalidOrder for an unknown provider or model."""
    order = Order(provider=options["provider"], model=model_of(options), prompt=options["prompt"])
    able = capability_of(order)
    given, problems = _given(able, options)
    settings = {}
    for name, text in given.items():
        try:
            param = able.param(name)
            settings[name] = values.read(param, text) if param else text
        except ValueError as error:
            problems.append(Problem(name, str(error)))
    return Reading(order=replace(order, settings=settings), problems=tuple(problems))


def _given(able: Capability, options: Mapping[str, Any]) -> tuple[dict[str, str], list[Problem]]:
    """Each parameter that was said, by flag or as an option, and options that are none."""
    known = parameters()
    given = {name: options[name] for name in known if options.get(name) is not None}
    problems = []
    for option in options["option"]:
        name, equals, text = option.partition("=")
        name = name.strip().replace("-", "_")
        if not equals or name not in known:
            problems.append(_no_option(able, option))
        elif name in given:
            problems.append(Problem(name, f"{flag(name)} is there twice; give it once."))
        else:
            given[name] = text
    return given, problems


def _no_option(able: Capability, option: str) -> Problem:
    names = ", ".join(param.name for param in able.settings)
    told = f"--option “{short(option)}” is not NAME=VALUE with a name of {names}."
    return Problem("option", told)


def model_of(options: Mapping[str, Any]) -> str:
    """The model that is asked for, or the first of its provider; "" where there is none."""
    provider = all_providers().get(options["provider"])
    return options["model"] or (provider.capabilities[0].model if provider else "")
