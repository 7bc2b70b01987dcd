"""The small pictures that go with every take: how large they are, whoever makes them."""

Size = tuple[int, int]

POSTER_SIDE, PREVIEW_SIDE = 640, 320
STRIP_FRAMES, STRIP_WIDTH, STRIP_HEIGHT = 11, 160, 90


def fitted(size: Size, side: int) -> Size:
    """Even sides of the same shape whose longer one is `side`, never larger than `size`."""
    scale = min(1.0, side / max(size))
    return max(2, round(size[0] * scale / 2) * 2), max(2, round(size[1] * scale / 2) * 2)


def strip_cell(size: Size) -> Size:
    """The size of one frame in the filmstrip: 160 wide when landscape, else 90 high."""
    width, height = size
    if width > height:
        return STRIP_WIDTH, max(1, round(STRIP_WIDTH * height / width))
    return max(1, round(STRIP_HEIGHT * width / height)), STRIP_HEIGHT


def strip_picks(frames: int) -> list[int]:
    """Which frames the filmstrip shows, first and last included; short clips repeat some."""
    return [round(step * (frames - 1) / (STRIP_FRAMES - 1)) for step in range(STRIP_FRAMES)]
