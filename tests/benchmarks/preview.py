"""What one frame of the camera's preview costs, and how many a second a browser shows.

    python -m tests.benchmarks.preview [--seconds 5]

In headless Chromium, on a canvas as large as the director's (442 x 249) over a picture of 1280 x 720.
"Our code" is the JavaScript of a frame: the camera's mathematics, and handing the picture to WebGL,
which draws later. The rate is what the browser shows beside the rate at which it shows an empty
page; without a graphics card the drawing itself runs on the processor.
"""

import argparse
import functools
import http.server
import shutil
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).parents[2] / "static"
SIZE, CANVAS = (1280, 720), (442, 249)
AXES = {"zoom": 10, "roll": 6, "pan": 4, "horizontal": -3}
MEASURE = """async ([size, canvas, axes, seconds]) => {
  const [{ Camera }, { Stage }] = await Promise.all(["camera", "stage"].map((name) => import(`/js/${name}.js`)));
  const [width, height] = size;
  const camera = new Camera({ width, height, axes, seconds: 5, seed: 7 });
  const each = (count, act) => {
    const began = performance.now();
    for (let n = 0; n < count; n += 1) act(n / (count - 1));
    return (1000 * (performance.now() - began)) / count;
  };
  each(2000, (progress) => camera.view(progress));
  const mathematics = each(20000, (progress) => camera.view(progress));
  const stage = new Stage();
  document.body.append(stage.canvas);
  stage.resize(...canvas);
  stage.show([], size);
  let inside = 0;
  const rate = (act) => new Promise((resolve) => {
    let [frames, began] = [0, 0];
    const step = (now) => {
      began ||= now;
      if (now - began > 1000 * seconds) return resolve((1000 * frames) / (now - began));
      const before = performance.now();
      act(((now - began) / 5000) % 1);
      inside += performance.now() - before;
      frames += 1;
      return requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
  const empty = await rate(() => {});
  inside = 0;
  const shown = await rate((progress) => stage.frame(camera, progress));
  return { mathematics, frame: (1000 * inside) / (shown * seconds), empty, shown };
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def measured(seconds: float) -> dict[str, float]:
    handler = functools.partial(Quiet, directory=STATIC)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            return in_chromium(f"http://127.0.0.1:{server.server_port}/css/tokens.css", seconds)
        finally:
            server.shutdown()


def in_chromium(address: str, seconds: float) -> dict[str, float]:
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
        page.goto(address)
        found = page.evaluate(MEASURE, [SIZE, CANVAS, AXES, seconds])
        browser.close()
    return dict(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    found = measured(parser.parse_args().seconds)
    print(f"mathematics of a frame        {found['mathematics']:6.1f} µs")
    print(
        f"all of our code for a frame   {found['frame']:6.1f} µs, of 16,667 at 60 frames a second"
    )
    print(f"frames a second, empty page   {found['empty']:6.1f}")
    print(f"frames a second, with a move  {found['shown']:6.1f}")


if __name__ == "__main__":
    main()
