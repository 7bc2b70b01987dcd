"""Each cut is written, read back by OpenTimelineIO, and compared to the frame."""

from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree

import opentimelineio as otio
import pytest

from studio.core.errors import InvalidDownload
from studio.core.rates import exact
from studio.reports.downloads.cut import Cut
from studio.reports.downloads.formats import Format, text_of
from studio.reports.downloads.shots import Mark, Shot

RATES = ["24", "25", "29.97", "30", "120"]


def shot(number: int = 1, *, fps: str = "24", frames: int = 120, **fields) -> Shot:
    name = fields.pop("name", f"Door, take {number}.mp4")
    values = {
        "width": 1920,
        "height": 1080,
        "ids": {"clip": number, "take": number, "prompt": None},
    }
    return Shot(
        name=name, title=name.removesuffix(".mp4"), rate=exact(Decimal(fps)), frames=frames,
        **{**values, **fields},
    )  # fmt: skip


def read_otio(cut: Cut) -> otio.schema.Timeline:
    return otio.adapters.read_from_string(text_of(cut, Format.OTIO), "otio_json")


def read_edl(cut: Cut) -> otio.schema.Timeline:
    rate = round(cut.rate)
    return otio.adapters.read_from_string(text_of(cut, Format.EDL), "cmx_3600", rate=rate)


def seconds(text: str) -> Fraction:
    return Fraction(text.removesuffix("s"))


def spine(cut: Cut) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(text_of(cut, Format.FCPXML))
    return list(root.find("event/project/sequence/spine"))


class TestCut:
    def test_has_the_rate_and_size_that_most_shots_have(self):
        cut = Cut("c", [shot(fps="25"), shot(fps="30"), shot(fps="25", width=640, height=360)])
        assert cut.rate == 25
        assert cut.size == (1920, 1080)
        assert cut.remark == "This cut runs at 25 fps. Of another rate: 1 shot of 30 fps."

    def test_of_one_rate_has_no_remark(self):
        assert Cut("c", [shot(), shot()]).remark == ""

    def test_no_frame_is_shown_that_a_shot_does_not_have(self):
        cut = Cut("c", [shot(fps="24"), shot(fps="24"), shot(fps="25", frames=121)])
        assert cut.length_of(cut.shots[2]) == 116  # 4.84 s are 116.16 frames

    def test_a_shot_is_never_nothing(self):
        cut = Cut("c", [shot(fps="24"), shot(fps="24"), shot(fps="120", frames=1)])
        assert cut.length_of(cut.shots[2]) == 1


class TestOtio:
    @pytest.mark.parametrize("fps", RATES)
    def test_every_shot_is_whole_to_the_frame(self, fps):
        cut = Cut("Cut", [shot(1, fps=fps, frames=121), shot(2, fps=fps, frames=1)])
        first, second = read_otio(cut).find_clips()
        assert (first.duration().value, second.duration().value) == (121, 1)
        assert first.duration().rate == pytest.approx(float(cut.rate), abs=1e-9)
        assert first.source_range.start_time.value == 0
        assert first.media_reference.available_range.duration.value == 121

    def test_mixed_rates_keep_their_own_frames_in_the_media(self):
        cut = Cut("Cut", [shot(1), shot(2), shot(3, fps="120", frames=480)])
        fast = list(read_otio(cut).find_clips())[2]
        assert (fast.duration().value, fast.duration().rate) == (96, 24)
        assert fast.media_reference.available_range.duration.value == 480
        assert fast.media_reference.available_range.duration.rate == 120
        (marker,) = read_otio(cut).tracks.markers
        assert marker.comment == cut.remark

    def test_media_are_the_files_of_the_zip_beside_it(self):
        name = "Ünïcode, 日本 #1.mp4"
        (clip,) = read_otio(Cut("Cut", [shot(name=name)])).find_clips()
        assert clip.media_reference.name == name
        address = clip.media_reference.target_url
        assert otio.url_utils.filepath_from_url(address) == name
        assert clip.name == "Ünïcode, 日本 #1"

    def test_open_notes_are_markers_at_their_frames(self):
        marks = (
            Mark(text="too dark", by="Ana", frame=12, frames=3),
            Mark(text="x" * 200, by="Client", frame=0, frames=1, is_client=True),
        )
        (clip,) = read_otio(Cut("Cut", [shot(marks=marks)])).find_clips()
        dark, long = clip.markers
        assert (dark.name, dark.color) == ("Ana: too dark", "RED")
        assert dark.marked_range.start_time.value == 12
        assert dark.marked_range.duration.value == 3
        assert (len(long.name), long.color, len(long.comment)) == (80, "ORANGE", 208)

    def test_rows_are_found_again(self):
        ids = {"clip": 3, "take": 5, "number": 2, "job": 7, "prompt": 11}
        (clip,) = read_otio(Cut("Cut", [shot(ids=ids)])).find_clips()
        assert dict(clip.metadata["dailies"]) == ids


class TestEdl:
    @pytest.mark.parametrize("fps", ["24", "25", "29.97", "30"])
    def test_events_follow_each_other_to_the_frame(self, fps):
        cut = Cut("Cut", [shot(n, fps=fps, frames=100 + n) for n in range(1, 4)])
        timeline = read_edl(cut)
        clips = list(timeline.find_clips())
        assert [clip.duration().value for clip in clips] == [101, 102, 103]
        assert [clip.source_range.start_time.value for clip in clips] == [0, 0, 0]
        starts = [clip.range_in_parent().start_time.value for clip in clips]
        assert starts == [0, 101, 203]
        assert "FCM: NON-DROP FRAME" in text_of(cut, Format.EDL)

    def test_files_are_named_and_reels_have_eight_letters_of_their_own(self):
        shots = [shot(n, name=f"The same long beginning {n}.mp4") for n in (1, 2)]
        lines = text_of(Cut("Cut", shots), Format.EDL).splitlines()
        events = [line.split() for line in lines if line[:3].isdigit()]
        assert [event[1] for event in events] == ["T0000001", "T0000002"]
        assert "* FROM CLIP NAME:  The same long beginning 2.mp4" in lines
        assert not any("FROM CLIP:" in line or "FROM FILE" in line for line in lines)

    def test_notes_are_locators_in_the_frames_of_the_cut(self):
        mark = Mark(text="Too Dark", by="Ana", frame=60, frames=1)
        cut = Cut("Cut", [shot(1), shot(2), shot(3, fps="120", frames=480, marks=(mark,))])
        *_, clip = read_edl(cut).find_clips()
        (marker,) = clip.markers
        assert (marker.name, marker.marked_range.start_time.value) == ("Ana: Too Dark", 12)

    def test_a_remark_about_rates_stands_at_the_first_event(self):
        cut = Cut("Cut", [shot(1), shot(2), shot(3, fps="30")])
        assert f"* {cut.remark}\n002" in text_of(cut, Format.EDL)

    def test_a_title_is_one_line(self):
        text = text_of(Cut("a\nFCM: x", [shot()]), Format.EDL)
        assert text.startswith("TITLE: a FCM: x\nFCM: NON-DROP FRAME\n\n001")

    def test_999_events_fit_and_more_are_refused(self):
        shots = [shot(n) for n in range(1, 1_001)]
        assert "\n999  T0000999" in text_of(Cut("Cut", shots[:999]), Format.EDL)
        with pytest.raises(InvalidDownload, match="at most 999 takes, and these are 1,000"):
            text_of(Cut("Cut", shots), Format.EDL)

    @pytest.mark.parametrize("fps", ["120", "12", "119.88"])
    def test_a_rate_that_it_cannot_count_is_refused(self, fps):
        with pytest.raises(InvalidDownload, match=f"and this cut has {fps}: choose"):
            text_of(Cut("Cut", [shot(fps=fps)]), Format.EDL)


class TestFcpxml:
    @pytest.mark.parametrize("fps", RATES)
    def test_times_are_whole_frames_in_exact_fractions(self, fps):
        cut = Cut("Cut", [shot(n, fps=fps, frames=100 + n) for n in range(1, 4)])
        clips = spine(cut)
        assert [seconds(clip.get("duration")) * cut.rate for clip in clips] == [101, 102, 103]
        assert [seconds(clip.get("offset")) * cut.rate for clip in clips] == [0, 101, 203]

    def test_every_reference_is_there_and_files_lie_beside_it(self):
        name = "Ana's “door” & 日本.mp4"
        shots = [shot(1, name=name), shot(2, fps="29.97", width=1280, height=720)]
        root = ElementTree.fromstring(text_of(Cut("C & <D>", shots), Format.FCPXML))
        ids = {one.get("id"): one for one in root.find("resources")}
        for clip in root.iter("asset-clip"):
            asset = ids[clip.get("ref")]
            assert asset.get("format") == clip.get("format") in ids
        asset = next(one for one in ids.values() if one.tag == "asset")
        assert (
            asset.get("src") == "./Ana%27s%20%E2%80%9Cdoor%E2%80%9D%20%26%20%E6%97%A5%E6%9C%AC.mp4"
        )
        assert root.find("event/project").get("name") == "C & <D>"
        small = next(one for one in ids.values() if one.get("width") == "1280")
        assert small.get("frameDuration") == "1001/30000s"

    def test_a_shot_of_another_rate_keeps_its_speed(self):
        cut = Cut("Cut", [shot(1), shot(2), shot(3, fps="29.97"), shot(4, fps="120")])
        _, _, broadcast, fast = spine(cut)
        assert broadcast.find("conform-rate").attrib == {
            "scaleEnabled": "0", "srcFrameRate": "29.97",
        }  # fmt: skip
        assert fast.find("conform-rate") is None  # the format knows no such rate

    def test_what_xml_cannot_say_is_left_out(self):
        mark = Mark(text="bell\x07 and \ufffe", by="A\x00", frame=2, frames=1)
        (clip,) = spine(Cut("a\x08", [shot(marks=(mark,))]))
        assert clip.find("marker").get("value") == "A : bell  and  "
        assert seconds(clip.find("marker").get("start")) * 24 == 2

    def test_another_program_reads_it(self):
        """The adapter of OpenTimelineIO, which knows whole rates."""
        mark = Mark(text="too dark", by="Ana", frame=12, frames=3)
        cut = Cut("Cut", [shot(1, fps="25", marks=(mark,)), shot(2, fps="25", frames=7)])
        read = otio.adapters.read_from_string(text_of(cut, Format.FCPXML), "fcpx_xml")
        first, second = read.find_children(descended_from_type=otio.schema.Clip)
        assert (first.name, first.duration().value) == ("Door, take 1", 120)
        assert second.duration().value == 7
        assert first.media_reference.target_url == "./Door%2C%20take%201.mp4"
        assert first.markers[0].marked_range.start_time.value == 12


class TestManyShots:
    @pytest.mark.parametrize("form", Format)
    def test_500_of_mixed_sizes_and_names(self, form):
        shots = [
            shot(
                n, fps="25" if n % 5 else "24", frames=50 + n, width=1280 + n % 3, name=f"é {n}.mp4"
            )
            for n in range(1, 501)
        ]
        cut = Cut("Cut", shots)
        expected = [cut.length_of(one) for one in shots]
        if form == Format.FCPXML:
            found = [seconds(clip.get("duration")) * cut.rate for clip in spine(cut)]
        else:
            read = {Format.OTIO: read_otio, Format.EDL: read_edl}[form]
            found = [clip.duration().value for clip in read(cut).find_clips()]
        assert found == expected
