"""Small real videos for tests."""

from pathlib import Path

import av
import numpy as np

CODECS = {".mp4": "libx264", ".mov": "libx264", ".webm": "libvpx-vp9"}


def video(path: Path, *, frames: int, fps: int, size: tuple[int, int] = (320, 180)) -> Path:
    """A video whose frame number n is a flat gray of 8 n, a little grainy."""
    width, height = size
    grain = np.random.default_rng(3).integers(0, 8, (height, width, 3)).astype(np.uint8)
    options = {"movflags": "+faststart"} if path.suffix == ".mp4" else {}
    with av.open(str(path), "w", options=options) as box:
        stream = box.add_stream(CODECS[path.suffix], rate=fps)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(frames):
            pixels = np.full((height, width, 3), 8 * number % 248, np.uint8) + grain
            box.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, "rgb24")))
        box.mux(stream.encode(None))
    return path


def numbered(path: Path, *, frames: int, fps: int, size: tuple[int, int] = (320, 180)) -> Path:
    """A video that says in each frame which one it is: eight black or white columns, lowest bit left."""
    width, height = size
    with av.open(str(path), "w") as box:
        stream = box.add_stream(CODECS[path.suffix], rate=fps)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(frames):
            bits = np.array([255 * (number >> bit & 1) for bit in range(8)], np.uint8)
            line = np.repeat(bits, -(-width // 8))[:width]
            pixels = np.broadcast_to(line[None, :, None], (height, width, 3))
            box.mux(stream.encode(av.VideoFrame.from_ndarray(pixels.copy(), "rgb24")))
        box.mux(stream.encode(None))
    return path


def copied(path: Path, target: Path, **options: str) -> Path:
    """The same streams in a new file, as other programs copy them."""
    with av.open(str(path)) as source, av.open(str(target), "w", options=options) as box:
        box.metadata.update(source.metadata)
        pairs = {one.index: box.add_stream_from_template(one) for one in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = pairs[packet.stream_index]
                box.mux(packet)
    return target


def sound(path: Path, target: Path, *, rate: int = 48_000, pitch: int = 440) -> Path:
    """The same video with a tone as long as it is."""
    with av.open(str(path)) as source, av.open(str(target), "w") as box:
        picture = source.streams.video[0]
        copy = box.add_stream_from_template(picture)
        tone = box.add_stream("aac", rate=rate, layout="mono")
        seconds = float(picture.duration * picture.time_base)
        wave = np.sin(np.arange(round(seconds * rate)) * 2 * np.pi * pitch / rate)
        for at in range(0, len(wave), 1024):
            part = wave[at : at + 1024].astype(np.float32)[None] / 2
            frame = av.AudioFrame.from_ndarray(part, "fltp", "mono")
            frame.sample_rate, frame.pts = rate, at
            box.mux(tone.encode(frame))
        box.mux(tone.encode(None))
        for packet in source.demux(picture):
            if packet.dts is not None:
                packet.stream = copy
                box.mux(packet)
    return target
