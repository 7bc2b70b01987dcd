"""Pictures made from stored files: one frame of a video, and a picture fitted to a ratio."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageCms, ImageFilter, ImageOps

from studio.core.errors import InvalidPicture, StorageFailed
from studio.core.fitting import Fit, Size
from studio.storage import images, probe

# A frame may be this share of its length off before a video counts as uneven; the clock of a .webm
# has whole milliseconds.
OFF = 0.25
BLUR_SIDE = 96
# As little as can be seen is lost; pictures that had no loss get none.
SAVED = {"JPEG": {"quality": 95, "subsampling": 0}, "WEBP": {"quality": 95}, "PNG": {}}


def require_frame(number: int, frames: int) -> None:
    """Raises InvalidPicture, with the numbers that there are, for a frame beyond the end."""
    if not 0 <= number < frames:
        raise InvalidPicture(
            f"Frame must be from 0 to {frames - 1:,}; {number:,} is beyond the end of this take."
        )


def cut(video: Path, number: int, target: Path) -> Size:
    """Write that frame as a PNG, its very pixels; decoded frames are counted from 0.

    Counting is the one way that holds for every video: those whose frames come unevenly, and those
    that store them in another order. Raises InvalidPicture beyond the end, StorageFailed.
    """
    frames = 0
    with probe.opened(video) as container:
        container.streams.video[0].thread_type = "AUTO"
        for frame in container.decode(video=0):
            if frames == number:
                frame.to_image().save(target, "PNG")
                return frame.width, frame.height
            frames += 1
    require_frame(number, frames)
    raise StorageFailed(f"The video {video.name} has no frames that can be decoded.")


def uneven_times(video: Path) -> list[float]:
    """When each frame begins, in seconds; [] where frame n begins at n / fps, as a page assumes."""
    with probe.opened(video) as container:
        stream = container.streams.video[0]
        fps, base = float(stream.average_rate or 24), stream.time_base
        ticks = sorted(p.pts for p in container.demux(stream) if p.size and p.pts is not None)
    times = [round(float((tick - ticks[0]) * base), 4) for tick in ticks]
    even = all(abs(time * fps - number) < OFF for number, time in enumerate(times))
    return [] if even else times


@dataclass(frozen=True, kw_only=True)
class Made:
    """A picture that lies on this machine; `suffix` says what it is."""

    path: Path
    size: Size
    suffix: str


def fit(source: Path, wanted: Fit, folder: Path) -> Made:
    """Write the fitted picture into the folder, in the format of the original and as large.

    It is upright, sRGB and has 8 bits. Raises InvalidPicture where too little would be left.
    """
    with images.one_at_a_time, Image.open(source, formats=["PNG", "JPEG", "WEBP"]) as file:
        form = "JPEG" if file.format == "MPO" else str(file.format)
        made = WAYS[wanted.mode](plain(file), wanted)
        path = folder / f"fitted{images.FORMATS[form][1]}"
        made.save(path, form, **SAVED[form])
    return Made(path=path, size=made.size, suffix=path.suffix)


def _crop(picture: Image.Image, wanted: Fit) -> Image.Image:
    wanted.require_room(picture.size)
    return picture.crop(wanted.box(picture.size))


def _pad(picture: Image.Image, wanted: Fit) -> Image.Image:
    picture = _small_enough(picture, wanted)
    sheet = Image.new("RGB", wanted.sheet(picture.size))
    corner = wanted.place(picture.size)
    BARS[wanted.bars](sheet, picture, corner)
    sheet.paste(picture, corner)
    return sheet


WAYS: Mapping[str, Callable[[Image.Image, Fit], Image.Image]] = {"crop": _crop, "pad": _pad}


def _small_enough(picture: Image.Image, wanted: Fit) -> Image.Image:
    """The picture, smaller where its sheet would have more pixels than any upload may have."""
    wide, high = wanted.sheet(picture.size)
    scale = min(1, settings.UPLOAD_MAX_PIXELS / (wide * high)) ** 0.5
    if scale == 1:
        return picture
    width, height = (max(1, int(side * scale)) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _black(sheet: Image.Image, picture: Image.Image, corner: Size) -> None:
    """A new sheet is black."""


def _blurred(sheet: Image.Image, picture: Image.Image, corner: Size) -> None:
    """The picture itself, so large that it covers the sheet, and out of focus."""
    small = ImageOps.fit(picture, _within(sheet.size, BLUR_SIDE))
    soft = small.filter(ImageFilter.GaussianBlur(BLUR_SIDE / 24))
    sheet.paste(soft.resize(sheet.size, Image.Resampling.BICUBIC))


def _within(size: Size, side: int) -> Size:
    scale = side / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _edged(sheet: Image.Image, picture: Image.Image, corner: Size) -> None:
    """Each bar in the mean color of the edge that it touches."""
    (left, top), (width, height), colors = corner, picture.size, edge_colors(picture)
    if left or width < sheet.width:
        sheet.paste(colors[0], (0, 0, left, sheet.height))
        sheet.paste(colors[1], (left + width, 0, *sheet.size))
    else:
        sheet.paste(colors[2], (0, 0, sheet.width, top))
        sheet.paste(colors[3], (0, top + height, *sheet.size))


BARS: Mapping[str, Callable[[Image.Image, Image.Image, Size], None]] = {
    "black": _black, "blur": _blurred, "edge": _edged,
}  # fmt: skip


def edge_colors(picture: Image.Image) -> list[tuple[int, ...]]:
    """The mean colors of the left, right, upper and lower edge of an RGB picture."""
    width, height = picture.size
    edges = [(0, 0, 1, height), (width - 1, 0, width, height),
             (0, 0, width, 1), (0, height - 1, width, height)]  # fmt: skip
    import numpy as np  # heavy: only where pixels are read

    means = [np.asarray(picture.crop(edge)).mean(axis=(0, 1)) for edge in edges]
    return [tuple(round(float(value)) for value in mean) for mean in means]


def edges(path: Path) -> list[str]:
    """The same of a stored picture, as #rrggbb."""
    with Image.open(path, formats=["PNG", "JPEG", "WEBP"]) as file:
        found = edge_colors(plain(file))
    return [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in found]


def plain(file: Image.Image) -> Image.Image:
    """The picture upright, as sRGB of 8 bits; what is transparent becomes black, as in a video."""
    image = ImageOps.exif_transpose(file)
    if image.mode.startswith("I"):
        import numpy as np

        deep = np.asarray(image, dtype=np.float32) * (255 / 65535)
        return Image.fromarray(deep.round().clip(0, 255).astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", seen.size, "black"), seen).convert("RGB")
    return _in_srgb(image, file.info.get("icc_profile"))


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colors as they were meant; a profile that nobody can read is as good as none."""
    if profile and image.mode in {"RGB", "CMYK", "L"}:
        try:
            meant = ImageCms.ImageCmsProfile(BytesIO(profile))
            ours = ImageCms.createProfile("sRGB")
            made = ImageCms.profileToProfile(image, meant, ours, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            made = None
        if made:
            return made
    return image.convert("RGB")
