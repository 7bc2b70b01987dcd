"""Reading which frame a film shows, as somebody in front of the screen would: from its picture."""

from math import ceil, floor, inf

from playwright.sync_api import Page

# The films are those of tests/storage/videos.numbered; a still that covers one is what is seen.
READER = """() => {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: 64, height: 1 });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  window.stillOf = (video) => video.parentNode.querySelector(".still:not([hidden])");
  window.numberOn = (video) => {
    pen.drawImage(stillOf(video) ?? video, 0, 0, 64, 1);
    const { data } = pen.getImageData(0, 0, 64, 1);
    return [...Array(8).keys()].reduce((sum, bit) => sum + ((data[(bit * 8 + 4) * 4] > 127) << bit), 0);
  };
}"""
# What is on all films at each frame of the screen, for so many milliseconds, and where each says
# that it is; null where a still covers it.
SAMPLE = """([films, duration]) => new Promise((done) => {
  const videos = [...document.querySelectorAll(films)];
  const begin = performance.now();
  const seen = [];
  const look = () => {
    const now = performance.now();
    seen.push(videos.map((video) => [numberOn(video), stillOf(video) ? null : video.currentTime]));
    if (now - begin < duration) requestAnimationFrame(look);
    else done(seen);
  };
  requestAnimationFrame(look);
})"""


def numbers_on(page: Page, films: str) -> list[int]:
    page.evaluate(READER)
    return page.evaluate("(films) => [...document.querySelectorAll(films)].map(numberOn)", films)


def sampled(page: Page, films: str, *, seconds: int) -> list["Look"]:
    """One look after the other, at each of those films."""
    page.evaluate(READER)
    return page.evaluate(SAMPLE, [films, seconds * 1000])


# Of each film the frame that is seen, and the second that it says it is at.
Look = list[tuple[int, float | None]]


class Film:
    """What a film should show while another one shows a frame."""

    def __init__(self, *, fps: int, frames: int, offset: int = 0) -> None:
        self.fps, self.frames, self.offset = fps, frames, offset

    def moment(self, frame: int) -> tuple[float, float]:
        """From when to when the clock shows it; the first and the last one stand as long as need be."""
        start, end = ((frame - self.offset + more) / self.fps for more in (0, 1))
        return (
            -inf if frame == 0 else start,
            inf if frame == self.frames - 1 else end,
        )

    def is_drawn(self, frame: int, place: float | None) -> bool:
        """Whether the browser shows the film less than a frame from where the film says it is.

        It draws ahead, for the next times that the screen is drawn, and on a busy machine late or
        not at all: no page can help that, and such a look says nothing about clocks.
        """
        return place is None or -0.75 <= place * self.fps - frame < 1

    def drift(self, frame: int, moment: tuple[float, float]) -> int:
        """How many frames it is away from where it should be at that moment."""
        start, end = moment
        low = 0 if start < 0 else self._within(floor(start * self.fps + 1e-6))
        high = self.frames - 1 if end == inf else self._within(ceil(end * self.fps - 1e-6) - 1)
        return max(low - frame, frame - high, 0)

    def _within(self, frame: int) -> int:
        return min(max(frame + self.offset, 0), self.frames - 1)
