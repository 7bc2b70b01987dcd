"""What a prompt says about a scene: its light and its place."""

import re
from collections.abc import Mapping

# What decides the light, in rank order: the time of day outranks the weather, the weather the place.
LIGHTS: tuple[Mapping[str, str], ...] = (
    {
        "sunset": "sunset dusk evening twilight golden",
        "dawn": "dawn sunrise morning daybreak",
        "night": "night midnight moonlit moonlight moon starry star",
        "neon": "neon cyberpunk cyber hologram synthwave arcade",
        "day": "noon midday daylight sunny",
    },
    {
        "storm": "storm thunderstorm thunder lightning rain rainy hurricane gale tornado overcast",
        "winter": "snow snowy winter frost frozen ice icy arctic blizzard",
        "mist": "mist misty fog foggy haze hazy",
        "ember": "fire lava ember burning war explosion apocalypse inferno",
    },
    {
        "ember": "volcano mars hell",
        "winter": "glacier alpine antarctica polar",
        "green": "forest jungle garden meadow sequoia wood tree green moss valley field",
        "sea": "sea ocean beach wave lake river boat island coast harbor underwater",
        "night": "space galaxy cosmos planet aurora",
        "neon": "tokyo robot android drone",
        "sunset": "autumn desert savanna canyon romance",
        "dawn": "cherry blossom pastel spring",
        "day": "bright summer sky city street",
    },
)
PLACES: Mapping[str, str] = {
    "city": "city street tokyo skyline building urban downtown arcade rooftop tower traffic town neon",
    "forest": "forest jungle tree sequoia wood woodland grove pine",
    "sea": "sea ocean beach wave lake boat island harbor seaside coast ship sail shore river whale",
    "dunes": "desert dune sand sahara mars camel oasis",
    "peaks": "mountain alps peak summit canyon glacier volcano snow ridge dragon",
    "hills": "hill meadow field valley farm village garden countryside grass savanna road",
}
CALM_LIGHTS = ("sunset", "dawn", "day", "night", "mist", "green")
CALM_PLACES = ("peaks", "hills", "hills", "forest", "sea")


def light_of(prompt: str, chance: float) -> str:
    """The light of the scene; `chance` 0..1 decides when the prompt says nothing about it."""
    for rank in LIGHTS:
        if found := _loudest(rank, prompt):
            return found
    return _pick(CALM_LIGHTS, chance)


def place_of(prompt: str, chance: float) -> str:
    """The place of the scene; `chance` 0..1 decides when the prompt names none."""
    return _loudest(PLACES, prompt) or _pick(CALM_PLACES, chance)


def _loudest(table: Mapping[str, str], prompt: str) -> str | None:
    """The entry with the most words in the prompt, the one named first among equals."""
    spoken = [word.removesuffix("s") for word in re.findall(r"[a-z]+", prompt.lower())]
    places = {
        name: [at for at, word in enumerate(spoken) if word in _stems(known)]
        for name, known in table.items()
    }
    heard = {name: at for name, at in places.items() if at}
    return min(heard, key=lambda name: (-len(heard[name]), heard[name][0])) if heard else None


def _stems(known: str) -> set[str]:
    return {word.removesuffix("s") for word in known.split()}


def _pick(choices: tuple[str, ...], chance: float) -> str:
    return choices[min(int(chance * len(choices)), len(choices) - 1)]
