import pytest

from studio.core.timecode import frame_in, short, timecode

FPS = (24, 25, 29.97, 30, 23.976, 12.5, 60)


class TestTimecode:
    @pytest.mark.parametrize(
        ("frame", "fps", "said"),
        [
            (52, 24, "00:00:02:04"), (0, 24, "00:00:00:00"), (24 * 3600, 24, "01:00:00:00"),
            (900, 29.97, "00:00:30:00"), (24, 23.976, "00:00:01:00"),
        ],
    )  # fmt: skip
    def test_says_hours_minutes_seconds_and_frames(self, frame, fps, said):
        assert timecode(frame, fps) == said

    @pytest.mark.parametrize(("frame", "said"), [(52, "02:04"), (1440, "00:01:00:00")])
    def test_is_short_in_the_first_minute(self, frame, said):
        assert short(frame, 24) == said

    @pytest.mark.parametrize("fps", FPS)
    def test_every_frame_has_a_name_of_its_own_that_leads_back(self, fps):
        names = [timecode(frame, fps) for frame in range(5000)]
        assert [frame_in(name, fps) for name in names] == list(range(5000))

    @pytest.mark.parametrize(
        ("typed", "frame"),
        [
            ("52", 52),
            (" 52 ", 52),
            ("02:04", 52),
            ("2:4", 52),
            ("0:02:04", 52),
            ("00:00:02:04", 52),
        ],
    )
    def test_is_read_as_people_type_it(self, typed, frame):
        assert frame_in(typed, 24) == frame

    @pytest.mark.parametrize(
        "typed", ["", "now", "-1", "1.5", "02:24", "1:2:3:4:5", "٥٢", "9" * 10, "02:04:"]
    )
    def test_is_none_for_anything_else(self, typed):
        assert frame_in(typed, 24) is None
