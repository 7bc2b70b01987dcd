"""Films whose frames say which one they are, as a row of black and white blocks; and their clips."""

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from tests.browser.conftest import ROOT, Studio, own_environment
from tests.storage.videos import CODECS

BITS = 10
WIDTH, HEIGHT = 320, 180

# What is to be seen in the player: the sheet over the film while there is one, else the film.
READ = """
() => {
  const sheet = document.querySelector("[data-sheet]");
  const seen = sheet.hidden ? document.querySelector("video") : sheet;
  const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
  const brush = canvas.getContext("2d");
  brush.drawImage(seen, 0, 0, 320, 180);
  let number = 0;
  for (let bit = 0; bit < 10; bit += 1) number += (brush.getImageData(bit * 32 + 16, 90, 1, 1).data[1] > 128) << bit;
  return number;
}
"""
# The same once a seek is over and the picture of it is painted.
READ_AFTER_SEEK = f"""
async () => {{
  const video = document.querySelector("video");
  const painted = () => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
  await painted();
  while (video.seeking || video.readyState < 2) await painted();
  await painted();
  return ({READ})();
}}
"""
SAVE = """
from pathlib import Path
from studio.models import Member
from tests.takes import make_takes
for path in {paths!r}:
    (take,) = make_takes(Path(path), author=Member.objects.order_by("pk").first())
    print(take.clip_id)
"""


def film(path: Path, *, frames: int = 90, rate: str = "24", uneven: bool = False) -> Path:
    """Frame n shows n in bits, the lowest first; uneven ones last one or two ticks by turns."""
    with av.open(str(path), "w") as box:
        stream = box.add_stream(CODECS[path.suffix], rate=Fraction(rate))
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.time_base = 1 / Fraction(rate)
        for number in range(frames):
            picture = av.VideoFrame.from_ndarray(_pixels(number), "rgb24")
            picture.pts = number + number // 2 if uneven else number
            picture.time_base = 1 / Fraction(rate)
            box.mux(stream.encode(picture))
        box.mux(stream.encode(None))
    return path


def _pixels(number: int) -> np.ndarray:
    bits = [255 * (number >> bit & 1) for bit in range(BITS)]
    row = np.repeat(np.array(bits, np.uint8), WIDTH // BITS)
    return np.broadcast_to(row[None, :, None], (HEIGHT, WIDTH, 3)).copy()


def clips_of(studio: Studio, *paths: Path) -> list[str]:
    """The addresses of the pages of new clips whose only takes are these films."""
    code = SAVE.format(paths=[str(path) for path in paths])
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", code, "--data", str(studio.data)]
    said = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, env=own_environment()
    )
    return [f"{studio.url}/clips/{pk}/" for pk in said.stdout.split()[-len(paths) :]]
