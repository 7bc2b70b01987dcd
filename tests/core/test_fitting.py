import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.errors import InvalidPicture
from studio.core.fitting import BARS, MODES, Fit, parts, ratio_of, shape

sides = st.integers(64, 6000)
ratios = st.sampled_from(["16:9", "9:16", "1:1", "3:2", "21:9"])
places = st.floats(0, 100)


class TestBox:
    @pytest.mark.parametrize(
        ("ratio", "fields", "box"),
        [
            ("16:9", {}, (0, 53, 960, 593)),
            ("16:9", {"y": 0}, (0, 0, 960, 540)),
            ("16:9", {"y": 100}, (0, 106, 960, 646)),
            ("1:1", {"x": 0}, (0, 0, 646, 646)),
            ("16:9", {"zoom": 200, "x": 100, "y": 100}, (480, 376, 960, 646)),
        ],
    )
    def test_of_a_picture_of_960_by_646(self, ratio, fields, box):
        assert Fit(ratio=ratio, **fields).box((960, 646)) == box

    @given(width=sides, height=sides, ratio=ratios, x=places, y=places, zoom=st.floats(100, 400))
    def test_it_keeps_the_ratio_and_stays_inside(self, width, height, ratio, x, y, zoom):
        left, top, right, bottom = Fit(ratio=ratio, x=x, y=y, zoom=zoom).box((width, height))
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
        wide, high = right - left, bottom - top
        assert abs(wide - high * parts(ratio)) <= 0.5 * (1 + parts(ratio)) + 1e-6


class TestSheet:
    @given(width=sides, height=sides, ratio=ratios, x=places, y=places)
    def test_it_holds_the_whole_picture_and_no_more(self, width, height, ratio, x, y):
        fit = Fit(ratio=ratio, mode="pad", x=x, y=y)
        wide, high = fit.sheet((width, height))
        left, top = fit.place((width, height))
        assert wide == width or high == height
        assert 0 <= left <= wide - width
        assert 0 <= top <= high - height
        assert abs(wide - high * parts(ratio)) <= 0.5 * (1 + parts(ratio)) + 1e-6

    def test_a_picture_of_that_ratio_is_not_changed(self):
        for mode in MODES:
            assert not Fit(ratio="16:9", mode=mode).changes((1280, 720))
            assert Fit(ratio="1:1", mode=mode).changes((1280, 720))
        assert Fit(ratio="16:9", zoom=101).changes((1280, 720))


class TestRoom:
    def test_too_much_zoom_names_the_most(self):
        with pytest.raises(InvalidPicture, match=r"Zoom may be at most 15[0-9] % here") as refused:
            Fit(ratio="1:1", zoom=300).require_room((160, 100))
        most = int(refused.value.message.split("most ")[1].split(" %")[0])
        Fit(ratio="1:1", zoom=most).require_room((160, 100))

    def test_a_picture_that_is_too_small_says_what_else(self):
        with pytest.raises(InvalidPicture, match="Pad it instead"):
            Fit(ratio="9:16").require_room((100, 80))


class TestRatios:
    @pytest.mark.parametrize(
        "text", ["", "16", "16:0", "0:9", "5:1", "1:5", "-1:1", "a:b", "9" * 9]
    )
    def test_what_is_none_is_told(self, text):
        with pytest.raises(InvalidPicture, match="Ratio must be one like 16:9, from 1:4 to 4:1"):
            parts(text)

    @pytest.mark.parametrize(
        ("size", "ratio", "words"),
        [
            ((1920, 1080), "16:9", "16:9"),
            ((1284, 720), "16:9", "16:9"),
            ((960, 640), "3:2", "3:2"),
            ((1000, 870), "100:87", "1,000 × 870"),
        ],
    )
    def test_in_words(self, size, ratio, words):
        assert (ratio_of(size), shape(size)) == (ratio, words)

    def test_it_is_stored_as_it_is(self):
        for bars in BARS:
            fit = Fit(ratio="9:16", mode="pad", x=20, y=0, zoom=100, bars=bars)
            assert Fit.from_json(fit.to_json()) == fit
