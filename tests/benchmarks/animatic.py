"""How the Animatic engine compares with ffmpeg encoding the very same frames from raw YUV.

`python -m tests.benchmarks.animatic` prints, for 1080p clips at quality 95, the best seconds of a
few interleaved runs of both, their ratio (promised: camera clip at most 1.3, prompt scene at most
2.0) and the peak memory of the rendering process (at most 700 MB). A renderer lives as long as the
studio, so its process has made one clip before the clock starts. ffmpeg has its default threads
and the same preset, crf, keyframe distance and profile. Option `--quick` renders 2 s instead of 5 s
and 10 s; the frames lie in /dev/shm, or the temporary folder, and are deleted.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from studio.engine.animatic import FPS, SIZES, Shot
from studio.engine.animatic.progress import Progress
from studio.engine.animatic.render import frames, prepare

MOVE = {"horizontal": 4.0, "vertical": 2.0, "pan": -3.0, "tilt": 1.0, "roll": 1.0, "zoom": -4.0}
QUALITY, CRF = 95, 17
ROUNDS = 3


@dataclass(frozen=True)
class Case:
    name: str
    prompt: str
    seconds: int
    limit: float
    pictures: int = 0


CASES = (
    Case("camera over a picture", "a still", 5, 1.3, pictures=1),
    Case("first to last picture", "two stills", 5, 9.9, pictures=2),
    Case("scene: sea at sunset", "a seaside cliff at sunset", 5, 2.0),
    Case("scene: snowy peaks", "snow mountain peaks at dawn", 5, 2.0),
    Case("scene: forest", "a raccoon in a sequoia forest", 5, 2.0),
    Case("scene: neon city", "neon city street in the rain", 5, 2.0),
    Case("scene: neon city, 10 s", "neon city street in the rain", 10, 2.0),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="2 s clips, one run each")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return _child(options.child)
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        _table(Path(folder), quick=options.quick)
    return None


def _table(folder: Path, *, quick: bool) -> None:
    print(
        f"{'1080p, H.264 veryfast':26}{'clip':>6}{'engine':>9}{'ffmpeg':>9}{'ratio':>7}{'at most':>9}{'peak RSS':>10}"
    )
    for case in CASES:
        seconds = 2 if quick else case.seconds
        ours, theirs, memory = _measure(case, seconds, folder, 1 if quick else ROUNDS)
        print(
            f"{case.name:26}{seconds:4} s{ours:7.2f} s{theirs:7.2f} s{ours / theirs:7.2f}"
            f"{case.limit if case.limit < 9 else '-':>9}{memory:7.0f} MB"
        )


def _measure(case: Case, seconds: int, folder: Path, rounds: int) -> tuple[float, float, float]:
    shot = _shot(case, seconds, folder)
    raw = folder / "frames.yuv"
    with raw.open("wb") as file:
        stage = prepare(shot, Progress(lambda done, total: True, shot.frames))
        for frame in frames(shot, stage):
            for plane in frame:
                file.write(np.ascontiguousarray(plane).data)
    order = json.dumps({"name": case.name, "seconds": seconds, "folder": str(folder)})
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(_engine(order))
        theirs.append(_ffmpeg(raw, shot, folder / "floor.mp4"))
    raw.unlink()
    return min(o[0] for o in ours), min(theirs), max(o[1] for o in ours)


def _engine(order: str) -> tuple[float, float]:
    """Seconds of a whole render in a fresh process (imports apart) and its peak memory in MB."""
    command = [sys.executable, "-m", "tests.benchmarks.animatic", "--child", order]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seconds, memory = answer.split()
    return float(seconds), float(memory)


def _child(order: str) -> None:
    import resource

    from studio.engine.animatic import render

    asked = json.loads(order)
    case = next(case for case in CASES if case.name == asked["name"])
    folder = Path(asked["folder"])
    shot = _shot(case, asked["seconds"], folder)
    render(shot, folder / "warm", report=lambda done, total: True)
    began = time.perf_counter()
    render(shot, folder / "clip", report=lambda done, total: True)
    seconds = time.perf_counter() - began
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _ffmpeg(raw: Path, shot: Shot, target: Path) -> float:
    size = f"{shot.width}x{shot.height}"
    source = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", size, "-r", str(FPS), "-i", str(raw)]
    codec = ["-c:v", "libx264", "-preset", "veryfast", "-crf", str(CRF), "-g", str(2 * FPS)]
    command = [
        "ffmpeg",
        "-y",
        "-v",
        "error",
        *source,
        *codec,
        "-profile:v",
        "high",
        "-movflags",
        "+faststart",
    ]
    began = time.perf_counter()
    subprocess.run([*command, str(target)], check=True)
    return time.perf_counter() - began


def _shot(case: Case, seconds: int, folder: Path) -> Shot:
    width, height = SIZES["16:9", "1080p"]
    pictures = [_photograph(folder / f"{n}.png", n) for n in range(case.pictures)] + [None, None]
    return Shot(
        prompt=case.prompt,
        width=width,
        height=height,
        seconds=seconds,
        seed=7,
        container="mp4",
        quality=QUALITY,
        camera=MOVE,
        first_frame=pictures[0],
        last_frame=pictures[1],
    )


def _photograph(path: Path, number: int) -> Path:
    """A picture with detail at every scale, as a photograph has; the second is the first one moved."""
    if not path.exists():
        dice = np.random.default_rng(3)
        total = np.zeros((1180, 2020, 3), np.float32)
        for octave in range(8):
            rows, columns = 5 * 2**octave, 8 * 2**octave
            small = Image.fromarray(dice.integers(0, 256, (rows, columns, 3), np.uint8))
            total += 0.6**octave * np.asarray(small.resize((2020, 1180), Image.Resampling.BICUBIC))
        whole = ((total - total.min()) / np.ptp(total) * 255).astype(np.uint8)
        part = whole[40 * number : 40 * number + 1080, 60 * number : 60 * number + 1920]
        Image.fromarray(part).filter(ImageFilter.GaussianBlur(0.6)).save(path, compress_level=1)
    return path


if __name__ == "__main__":
    main()
