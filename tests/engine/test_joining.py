"""Joining real videos: exact frames and samples, whatever they are made of."""

from fractions import Fraction

import av
import numpy as np
import pytest

from studio.engine.joining import film
from studio.engine.joining.letterbox import fitting, framed
from studio.engine.joining.parts import NoPictures, Part, planned
from studio.engine.joining.pictures import Stopped
from studio.engine.joining.sound import filled
from tests.storage import videos

GO_ON = lambda done, total: True  # noqa: E731


def make(tmp_path, name, *, frames=24, fps=24, **options):
    return videos.video(tmp_path / name, frames=frames, fps=fps, **options)


def joined(tmp_path, *parts, counts):
    target = tmp_path / "film.mp4"
    film.join(parts, target, counts=counts, report=GO_ON)
    return target


def grays(path):
    """The mean gray of the middle of each frame, in the order of time."""
    with av.open(str(path)) as box:
        return [
            frame.to_ndarray(format="gray")[60:120, 140:180].mean() for frame in box.decode(video=0)
        ]


def times(path):
    with av.open(str(path)) as box:
        return [Fraction(frame.pts * frame.time_base) for frame in box.decode(video=0)]


def samples(path):
    with av.open(str(path)) as box:
        blocks = [frame.to_ndarray().mean(axis=0) for frame in box.decode(audio=0)]
    return np.concatenate(blocks)


def packets(path):
    with av.open(str(path)) as box:
        return [bytes(packet) for packet in box.demux(video=0) if packet.size]


class TestPictures:
    def test_of_the_same_sort_are_copied_packet_by_packet(self, tmp_path):
        one, two = make(tmp_path, "a.mp4", frames=30), make(tmp_path, "b.mp4", frames=12)
        whole = joined(tmp_path, Part(path=one), Part(path=two), counts=[30, 12])
        assert packets(whole) == packets(one) + packets(two)
        assert times(whole) == [Fraction(n, 24) for n in range(42)]

    def test_of_another_size_get_bars(self, tmp_path):
        one = make(tmp_path, "a.mp4", frames=6)
        two = make(tmp_path, "b.mp4", frames=6, size=(180, 180))
        whole = joined(tmp_path, Part(path=one), Part(path=two), counts=[6, 6])
        assert len(grays(whole)) == 12
        with av.open(str(whole)) as box:
            last = list(box.decode(video=0))[-1].to_ndarray(format="gray")
        assert last.shape == (180, 320)
        assert last[:, :64].max() < 24
        assert last[:, 80:240].mean() > 30

    def test_of_another_codec_are_encoded(self, tmp_path):
        one, two = make(tmp_path, "a.webm", frames=10), make(tmp_path, "b.mp4", frames=10)
        whole = joined(tmp_path, Part(path=one), Part(path=two), counts=[10, 10])
        with av.open(str(whole)) as box:
            assert box.streams.video[0].codec_context.name == "h264"
        assert grays(whole) == pytest.approx(grays(one) + grays(two), abs=4)

    def test_of_another_rate_take_as_long_as_before(self, tmp_path):
        one, two = make(tmp_path, "a.mp4", frames=12), make(tmp_path, "b.mp4", frames=12, fps=12)
        whole = joined(tmp_path, Part(path=one), Part(path=two), counts=[12, 12])
        seen = grays(whole)
        assert len(seen) == 12 + 24
        assert seen[12::2] == pytest.approx(grays(two), abs=4)
        assert seen[13::2] == pytest.approx(grays(two), abs=4)

    def test_end_and_begin_at_the_frame(self, tmp_path):
        one, two = make(tmp_path, "a.mp4"), make(tmp_path, "b.mp4")
        whole = joined(tmp_path, Part(path=one, end=7), Part(path=two, first=3), counts=[24, 24])
        assert grays(whole) == pytest.approx(grays(one)[:7] + grays(two)[3:], abs=4)
        assert times(whole) == [Fraction(n, 24) for n in range(7 + 21)]

    def test_a_report_that_says_no_stops_it(self, tmp_path):
        one = make(tmp_path, "a.mp4")
        parts, counts = [Part(path=one, end=9), Part(path=one)], [24, 24]
        told = []

        def report(done, total):
            told.append((done, total))
            return done < 5

        with pytest.raises(Stopped):
            film.join(parts, tmp_path / "film.mp4", counts=counts, report=report)
        assert told == [(n, 33) for n in range(1, 6)]


class TestSharedFrame:
    def test_is_dropped_where_the_next_one_begins_with_it(self, tmp_path):
        one = make(tmp_path, "a.mp4", frames=8)  # ends with gray 56
        two = make(tmp_path, "b.mp4", frames=20)  # its frame 7 is that gray, its first is not
        cut = Part(path=two, end=20)
        assert planned([Part(path=one), cut])[1].first == 0
        same = make(tmp_path, "c.mp4", frames=1)
        assert [part.first for part in planned([Part(path=same), cut])] == [0, 1]

    def test_counts_where_the_one_before_was_cut(self, tmp_path):
        one, two = make(tmp_path, "a.mp4"), make(tmp_path, "b.mp4")
        assert planned([Part(path=one, end=1), Part(path=two)])[1].first == 1
        assert planned([Part(path=one, end=9), Part(path=two)])[1].first == 0

    def test_stays_where_it_is_all_there_is(self, tmp_path):
        one, two = make(tmp_path, "a.mp4", frames=1), make(tmp_path, "b.mp4", frames=1)
        assert planned([Part(path=one), Part(path=two, end=1)])[1].first == 0

    def test_nothing_can_be_said_of_no_pictures(self, tmp_path):
        one = make(tmp_path, "a.mp4")
        with pytest.raises(NoPictures):
            planned([Part(path=one, end=0), Part(path=one)])


class TestSound:
    def test_there_is_none_where_no_part_has_any(self, tmp_path):
        one = make(tmp_path, "a.mp4")
        whole = joined(tmp_path, Part(path=one), Part(path=one), counts=[24, 24])
        with av.open(str(whole)) as box:
            assert not box.streams.audio

    @pytest.mark.parametrize("rate", [48_000, 44_100])
    def test_silence_stands_for_the_part_that_has_none(self, tmp_path, rate):
        plain = make(tmp_path, "a.mp4", frames=24)
        loud = videos.sound(plain, tmp_path / "loud.mp4", rate=rate)
        parts = [Part(path=plain), Part(path=loud), Part(path=plain)]
        whole = joined(tmp_path, *parts, counts=[24, 24, 24])
        assert packets(whole) == 3 * packets(plain)
        heard = samples(whole)
        assert len(heard) == pytest.approx(3 * 48_000, abs=1024)
        quiet, tone, end = (
            np.abs(heard[at : at + 40_000]).max() for at in (2_000, 52_000, 100_000)
        )
        assert (quiet < 0.01, tone > 0.3, end < 0.01) == (True, True, True)

    def test_begins_and_ends_with_its_pictures(self, tmp_path):
        plain = make(tmp_path, "a.mp4", frames=24)
        loud = videos.sound(plain, tmp_path / "loud.mp4")
        parts = [Part(path=loud, end=6), Part(path=plain, first=12)]
        whole = joined(tmp_path, *parts, counts=[24, 24])
        heard = np.abs(samples(whole))
        assert len(times(whole)) == 18
        assert heard[3_000:11_000].max() > 0.3
        assert heard[14_000:34_000].max() < 0.01

    @pytest.mark.parametrize(
        ("blocks", "expected"),
        [
            ([], [0, 0, 0, 0, 0, 0]),
            ([(0, 9)], [1, 1, 1, 1, 1, 1]),
            ([(2, 2)], [0, 0, 1, 1, 0, 0]),
            ([(-3, 5)], [1, 1, 0, 0, 0, 0]),
            ([(0, 2), (0, 2)], [1, 1, 1, 1, 0, 0]),
            ([(9, 9)], [0, 0, 0, 0, 0, 0]),
        ],
    )
    def test_is_exactly_as_long_as_wanted(self, blocks, expected):
        ones = [(place, np.ones((2, count), np.float32)) for place, count in blocks]
        assert np.concatenate(list(filled(ones, 6)), axis=1).tolist() == [expected, expected]


class TestBars:
    @pytest.mark.parametrize(
        ("size", "into", "expected"),
        [
            ((1920, 1080), (1280, 720), (1280, 720)),
            ((1080, 1080), (1280, 720), (720, 720)),
            ((720, 1280), (1280, 720), (404, 720)),
            ((1918, 1078), (1280, 720), (1280, 720)),
            ((1, 1000), (320, 180), (2, 180)),
        ],
    )
    def test_the_shape_stays(self, size, into, expected):
        assert fitting(size, into) == expected

    @pytest.mark.parametrize("size", [(4, 8), (8, 4), (4, 4), (8, 8)])
    def test_the_picture_is_in_the_middle(self, size):
        planes = np.full((size[1] * 3 // 2, size[0]), 200, np.uint8)
        whole = framed(planes, size, (8, 8))
        assert (whole == 200).sum() == size[0] * size[1] * 3 // 2
        assert whole.reshape(-1)[:64].reshape(8, 8)[3:5, 3:5].min() == 200
