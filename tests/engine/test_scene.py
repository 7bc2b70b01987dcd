"""Scenes drawn from a prompt: what the words choose, and that every light and place can be drawn."""

import numpy as np
import pytest

from studio.engine.animatic import planes
from studio.engine.animatic.camera import Camera
from studio.engine.animatic.progress import Progress
from studio.engine.animatic.scene import scene
from studio.engine.animatic.scene.palette import MOODS, oklch, palette
from studio.engine.animatic.scene.setting import Setting
from studio.engine.animatic.scene.words import (
    CALM_LIGHTS,
    CALM_PLACES,
    LIGHTS,
    PLACES,
    light_of,
    place_of,
)
from tests.engine.shots import go_on, make_shot


def draw(prompt: str, progress: float = 0.0, **changes: object) -> np.ndarray:
    shot = make_shot(prompt=prompt, **changes)
    camera = Camera(shot.width, shot.height, shot.camera, shot.seconds, shot.seed)
    built = scene.build(shot, camera, Progress(go_on, shot.frames))
    return planes.to_rgb(built.frame(progress))


class TestWords:
    @pytest.mark.parametrize(
        ("prompt", "light", "place"),
        [
            ("A courier runs along a seaside cliff at sunset, waves far below", "sunset", "sea"),
            ("Snow mountain peaks at dawn", "dawn", "peaks"),
            ("Neon city street in the rain", "neon", "city"),
            ("Midnight desert under the stars", "night", "dunes"),
            ("Storm over a wheat field", "storm", "hills"),
            ("A raccoon in a sequoia forest", "green", "forest"),
            ("Lava flows down a volcano", "ember", "peaks"),
            ("TOKYO SKYLINE AT NOON", "day", "city"),
        ],
    )
    def test_time_of_day_outranks_weather_and_weather_the_place(
        self, prompt: str, light: str, place: str
    ) -> None:
        assert (light_of(prompt, 0), place_of(prompt, 0)) == (light, place)

    @pytest.mark.parametrize("prompt", ["", "雪山の朝", "two people talk"])
    def test_silent_prompt_is_decided_by_chance(self, prompt: str) -> None:
        assert {light_of(prompt, c) for c in (0, 0.5, 1)} <= set(CALM_LIGHTS)
        assert {place_of(prompt, c) for c in (0, 0.5, 1)} <= set(CALM_PLACES)

    def test_tables_agree(self) -> None:
        assert {name for rank in LIGHTS for name in rank} | set(CALM_LIGHTS) == set(MOODS)
        assert set(PLACES) | set(CALM_PLACES) == set(scene.PLACES)


class TestPalette:
    def test_oklch_white_and_black(self) -> None:
        assert oklch(1, 0, 0) == pytest.approx([1, 1, 1], abs=1e-3)
        assert oklch(0, 0, 0) == pytest.approx([0, 0, 0], abs=1e-3)

    @pytest.mark.parametrize("light", MOODS)
    def test_the_ground_is_darker_than_the_horizon(self, light: str) -> None:
        colors = palette(light, 0)
        assert colors.near[0] < colors.far[0] < colors.horizon[0]


class TestScene:
    @pytest.mark.parametrize("light", MOODS)
    @pytest.mark.parametrize("place", ["city", "forest", "sea", "dunes", "peaks", "hills"])
    def test_every_light_and_place_is_a_picture(
        self, light: str, place: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        setting = Setting.read("", 3, (160, 90))
        chosen = Setting(
            **{**vars_of(setting), "light": light, "place": place, "palette": palette(light, 0)}
        )
        monkeypatch.setattr(Setting, "read", lambda *args: chosen)
        picture = draw("", width=160, height=90)
        assert picture.std() > 8
        assert 15 < picture.mean() < 240

    @pytest.mark.parametrize("size", [(320, 180), (180, 320), (200, 200)])
    def test_extreme_camera_shows_no_border(self, size: tuple[int, int]) -> None:
        axes = {"horizontal": 10, "vertical": -10, "pan": 10, "tilt": 10, "roll": 10, "zoom": 10}
        for sign in (1, -1):
            camera = {axis: sign * value for axis, value in axes.items()}
            picture = draw(
                "day over hills", 1.0, width=size[0], height=size[1], camera=camera
            ).astype(int)
            edges = [picture[0], picture[-1], picture[:, 0], picture[:, -1]]
            inner = [picture[3], picture[-4], picture[:, 3], picture[:, -4]]
            for edge, near in zip(edges, inner, strict=True):
                assert np.abs(edge - near).mean() < 25

    def test_near_layers_travel_further_than_the_sky(self) -> None:
        before, after = (
            draw("day over dunes", p, camera={"horizontal": 10}, width=640, height=360)
            for p in (0, 1)
        )
        assert travel(before[:60], after[:60]) < 30
        assert travel(before[-50:], after[-50:]) > 60

    def test_prompt_and_seed_change_the_scene(self) -> None:
        base = draw("hills at dawn").astype(int)
        assert np.abs(base - draw("hills at dawn", seed=8)).mean() > 3
        assert np.abs(base - draw("rolling hills at dawn")).mean() > 3
        assert (base == draw("hills at dawn")).all()


def vars_of(setting: Setting) -> dict[str, object]:
    return {name: getattr(setting, name) for name in setting.__dataclass_fields__}


def travel(before: np.ndarray, after: np.ndarray) -> int:
    """How many pixels to the left the rows went, by the best match of their brightness."""
    one, other = (rows.astype(float).mean(axis=2) for rows in (before, after))
    one, other = one - one.mean(axis=1, keepdims=True), other - other.mean(axis=1, keepdims=True)
    misses = [np.abs(one[:, shift:-1] - other[:, : -shift - 1]).mean() for shift in range(150)]
    return int(np.argmin(misses))
