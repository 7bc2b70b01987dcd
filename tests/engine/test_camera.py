"""The camera's mathematics: directions, amounts, and the promise that no border shows."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.engine.animatic.camera import AXES, Camera, chances, ease
from studio.engine.animatic.plate import MARGIN

SIZES = [(1280, 720), (720, 1280), (720, 720)]


def still_camera(axes: dict[str, float], size: tuple[int, int] = (1280, 720)) -> Camera:
    """A camera whose drift has died away at the end of the clip."""
    return Camera(*size, axes, seconds=5, seed=1, lands=True)


def moved(axes: dict[str, float], x: float = 639.5, y: float = 359.5) -> tuple[float, float]:
    """Where a picture point stands in the frame at the end of the move."""
    point = still_camera(axes).matrix(1) @ np.array([x, y, 1])
    return point[0] / point[2] - x, point[1] / point[2] - y


class TestDirections:
    @pytest.mark.parametrize(
        ("axis", "across", "down"),
        [
            ("horizontal", -0.15 * 1280, 0),
            ("vertical", 0, 0.15 * 720),
            ("pan", -1.2 * 1280 * math.tan(math.radians(8)), 0),
            ("tilt", 0, 1.2 * 1280 * math.tan(math.radians(6))),
        ],
    )
    def test_full_scale_moves_the_middle(self, axis: str, across: float, down: float) -> None:
        assert moved({axis: 10}) == pytest.approx((across, down), abs=0.5)
        back = moved({axis: -10})
        assert back == pytest.approx((-across, -down), abs=0.5)

    def test_roll_clockwise_turns_the_picture_the_other_way(self) -> None:
        across, down = moved({"roll": 10}, x=639.5 + 400)
        assert down == pytest.approx(-400 * math.sin(math.radians(10)), abs=0.5)
        assert across == pytest.approx(400 * math.cos(math.radians(10)) - 400, abs=0.5)

    @pytest.mark.parametrize(("zoom", "scale"), [(-10, 1.6), (10, 1 / 1.25)])
    def test_negative_zoom_comes_closer(self, zoom: float, scale: float) -> None:
        across, _ = moved({"zoom": zoom}, x=639.5 + 100)
        assert across == pytest.approx(100 * scale - 100, abs=0.1)


class TestProgress:
    def test_begins_with_the_picture_itself(self) -> None:
        camera = Camera(1280, 720, dict.fromkeys(AXES, 10.0), seconds=5, seed=3)
        assert camera.matrix(0) == pytest.approx(np.eye(3), abs=1e-9)

    def test_move_is_eased_at_both_ends(self) -> None:
        assert (ease(0, 0.2), ease(1, 0.2)) == (0, pytest.approx(1))
        steps = np.diff([ease(i / 100, 0.2) for i in range(101)])
        assert (steps > 0).all()
        assert max(steps[0], steps[-1]) < 0.2 * steps.max()

    def test_far_planes_travel_less(self) -> None:
        camera = still_camera({"horizontal": 10})
        near, far = (camera.travel(1, depth)[0] for depth in (1, 4))
        assert near == pytest.approx(4 * far)

    def test_seeds_drift_apart_but_little(self) -> None:
        paths = [Camera(1280, 720, {}, 5, seed).matrix(0.6)[:2, 2] for seed in (1, 2)]
        distance = float(np.hypot(*(paths[0] - paths[1])))
        assert 1 < distance < 60

    def test_drift_dies_away_when_the_move_lands(self) -> None:
        assert still_camera({}).matrix(1) == pytest.approx(np.eye(3), abs=1e-9)

    def test_a_tripod_does_not_sway_and_moves_all_the_same(self) -> None:
        for progress in (0.2, 0.6, 1.0):
            still = Camera(1280, 720, {}, 5, 7, sways=False).matrix(progress)
            assert still == pytest.approx(np.eye(3), abs=1e-9)
        end = Camera(1280, 720, {"zoom": -10}, 5, 7, sways=False).matrix(1)
        assert end[0, 0] == pytest.approx(1.6)

    def test_chances_spread_over_the_unit_interval(self) -> None:
        numbers = [chances(seed, 1)[0] for seed in range(200)]
        assert all(0 <= number <= 1 for number in numbers)
        assert len(set(numbers)) == 200
        assert 0.4 < sum(numbers) / 200 < 0.6


@settings(deadline=None, max_examples=60)
@given(
    axes=st.dictionaries(st.sampled_from(AXES), st.floats(-10, 10)),
    size=st.sampled_from(SIZES),
    seed=st.integers(0, 2**32),
    progress=st.floats(0, 1),
)
def test_any_legal_camera_stays_on_the_plate(
    axes: dict[str, float], size: tuple[int, int], seed: int, progress: float
) -> None:
    camera = Camera(*size, axes, 5, seed)
    moves = [camera.matrix(progress, depth) for depth in (1.0, 40.0)]
    push = camera.keep(moves, MARGIN)
    width, height = size
    assert 1 <= push[0, 0] < 2.6
    corners = np.array([[0, width - 1, 0, width - 1], [0, 0, height - 1, height - 1], [1, 1, 1, 1]])
    for move in moves:
        seen = np.linalg.inv(push @ move) @ corners
        x, y = seen[0] / seen[2], seen[1] / seen[2]
        assert x.min() >= -width * MARGIN
        assert x.max() <= width * (1 + MARGIN) - 1
        assert y.min() >= -height * MARGIN
        assert y.max() <= height * (1 + MARGIN) - 1
