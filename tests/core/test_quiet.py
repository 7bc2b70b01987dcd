"""Quiet hours and digests by the clocks of a place, also in the nights that clocks change."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.quiet import HELD, Digest, Quiet, next_digest

VIENNA = ZoneInfo("Europe/Vienna")  # clocks put on 2026-03-29 02:00, back 2026-10-25 03:00
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # by half an hour
KOLKATA = ZoneInfo("Asia/Kolkata")
ZONES = [VIENNA, LORD_HOWE, KOLKATA, ZoneInfo("America/New_York"), ZoneInfo("UTC")]

MOMENTS = st.integers(0, 2 * 365 * 24 * 3600).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def night(begins, ends, zone=VIENNA):
    return Quiet(begins=time.fromisoformat(begins), ends=time.fromisoformat(ends), zone=zone)


class TestQuietHours:
    @pytest.mark.parametrize(
        ("moment", "ends"),
        [
            ("2026-06-01T19:59", None),
            ("2026-06-01T20:00", "2026-06-02T05:00"),
            ("2026-06-01T23:30", "2026-06-02T05:00"),
            ("2026-06-02T04:59", "2026-06-02T05:00"),
            ("2026-06-02T05:00", None),
        ],
    )
    def test_over_midnight(self, moment, ends):
        assert night("22:00", "07:00").end(utc(moment)) == (utc(ends) if ends else None)

    def test_within_a_day(self):
        siesta = night("13:00", "15:00")
        assert siesta.end(utc("2026-01-05T12:30")) == utc("2026-01-05T14:00")
        assert siesta.end(utc("2026-01-05T23:30")) is None

    @pytest.mark.parametrize(
        ("moment", "ends"),
        [
            # 02:30 does not exist: the night lasts as long as every other one.
            ("2026-03-28T22:00", "2026-03-29T01:30"),
            ("2026-03-29T01:00", "2026-03-29T01:30"),
            ("2026-03-29T01:30", None),
            # 02:30 is twice: the night ends with the second one, and not twice.
            ("2026-10-24T21:00", "2026-10-25T01:30"),
            ("2026-10-25T00:45", "2026-10-25T01:30"),
            ("2026-10-25T01:30", None),
        ],
    )
    def test_end_in_the_hour_that_is_missing_or_double(self, moment, ends):
        assert night("22:00", "02:30").end(utc(moment)) == (utc(ends) if ends else None)

    def test_beginning_in_the_hour_that_is_double_is_the_first(self):
        assert night("02:30", "06:00").end(utc("2026-10-25T00:30")) == utc("2026-10-25T05:00")

    @pytest.mark.parametrize("begin", ["2026-03-28T21:30", "2026-10-24T20:30"])
    def test_a_whole_night_of_changed_clocks_ends_in_the_morning(self, begin):
        end = night("22:00", "07:00").end(utc(begin))
        assert end.astimezone(VIENNA).time() == time(7)

    @given(
        st.sampled_from(ZONES), st.times(), st.times(),
        MOMENTS,
    )  # fmt: skip
    def test_what_is_held_comes_once_and_within_a_day(self, zone, begins, ends, moment):
        begins, ends = (one.replace(second=0, microsecond=0) for one in (begins, ends))
        if begins == ends:
            return
        quiet = Quiet(begins=begins, ends=ends, zone=zone)
        end = quiet.end(moment)
        if end is not None:
            assert moment < end <= moment + timedelta(hours=25)
            again = quiet.end(end)  # the next night may begin at once only by a changed clock
            assert again is None or again > end


class TestDigest:
    @pytest.mark.parametrize(
        ("digest", "moment", "told"),
        [
            (Digest.NOW, "2026-06-01T10:00:00", "2026-06-01T10:05"),
            (Digest.NOW, "2026-06-01T10:00:01", "2026-06-01T10:10"),
            (Digest.NOW, "2026-06-01T10:04:59", "2026-06-01T10:10"),
            (Digest.HOURLY, "2026-06-01T10:20:00", "2026-06-01T11:00"),
            (Digest.HOURLY, "2026-06-01T10:55:00", "2026-06-01T11:00"),
            (Digest.HOURLY, "2026-06-01T10:56:00", "2026-06-01T12:00"),
            (Digest.DAILY, "2026-06-01T05:00:00", "2026-06-01T06:00"),
            (Digest.DAILY, "2026-06-01T05:56:00", "2026-06-02T06:00"),
            (Digest.DAILY, "2026-03-28T12:00:00", "2026-03-29T06:00"),
            (Digest.DAILY, "2026-10-24T12:00:00", "2026-10-25T07:00"),
        ],
    )
    def test_comes_at_its_time(self, digest, moment, told):
        assert next_digest(utc(moment), digest, zone=VIENNA, hour=8) == utc(told)

    def test_hours_are_those_of_the_place(self):
        told = next_digest(utc("2026-06-01T10:00"), Digest.HOURLY, zone=KOLKATA)
        assert told == utc("2026-06-01T10:30")

    @pytest.mark.parametrize(
        ("moment", "told"),
        [
            ("2026-03-29T00:30", "2026-03-29T01:00"),  # there is no 02:00: it is 03:00 then
            ("2026-10-25T00:30", "2026-10-26T01:00"),  # the second 02:00 is not told again
        ],
    )
    def test_hour_that_is_missing_or_double(self, moment, told):
        assert next_digest(utc(moment), Digest.DAILY, zone=VIENNA, hour=2) == utc(told)

    @given(
        st.sampled_from(Digest), st.sampled_from(ZONES), st.integers(0, 23),
        MOMENTS,
    )  # fmt: skip
    def test_is_held_for_five_minutes_and_never_lost(self, digest, zone, hour, moment):
        told = next_digest(moment, digest, zone=zone, hour=hour)
        most = {Digest.NOW: 10, Digest.HOURLY: 100, Digest.DAILY: 25 * 60 + 10}[digest]
        assert HELD <= told - moment <= timedelta(minutes=most)
