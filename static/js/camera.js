// The camera move as two frames over the author's own picture: the same pinhole as the engine
// (studio/engine/animatic/camera.py), at the end of the move and without hand-held drift.

const RADIANS = Math.PI / 180;
const REACH = { horizontal: 0.15, vertical: 0.15, pan: 8 * RADIANS, tilt: 6 * RADIANS, roll: 10 * RADIANS };
const CLOSER = Math.log(1.6);
const WIDER = Math.log(1.25);
const SIZES = { "16:9": [1280, 720], "9:16": [720, 1280], "1:1": [720, 720] };

const multiply = (a, b) => a.map((row) => b[0].map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)));

export function inverse([[a, b, c], [d, e, f], [g, h, i]]) {
  const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  return [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ].map((row) => row.map((value) => value / det));
}

const lens = (focal, width, height) => [[focal, 0, (width - 1) / 2], [0, focal, (height - 1) / 2], [0, 0, 1]];

function turn({ pan, tilt, roll }) {
  const [sp, cp, st, ct, sr, cr] = [pan, tilt, roll].flatMap((angle) => [Math.sin(angle), Math.cos(angle)]);
  const panned = [[cp, 0, -sp], [0, 1, 0], [sp, 0, cp]];
  const tilted = [[1, 0, 0], [0, ct, st], [0, -st, ct]];
  const rolled = [[cr, sr, 0], [-sr, cr, 0], [0, 0, 1]];
  return multiply(multiply(rolled, tilted), panned);
}

function pose(axes, width, height) {
  const asked = (axis) => (axes[axis] ?? 0) / 10;
  const end = Object.fromEntries(Object.entries(REACH).map(([axis, reach]) => [axis, asked(axis) * reach]));
  end.pan *= width / Math.max(width, height);
  end.zoom = asked("zoom") * (asked("zoom") < 0 ? CLOSER : WIDER);
  return end;
}

// Pixels of the picture to pixels of the last frame.
export function matrix(axes, width, height) {
  const end = pose(axes, width, height);
  const focal = 1.2 * Math.max(width, height);
  const shift = [[1, 0, -end.horizontal * width], [0, 1, end.vertical * height], [0, 0, 1]];
  const view = multiply(lens(focal * Math.exp(-end.zoom), width, height), turn(end));
  return multiply(multiply(view, inverse(lens(focal, width, height))), shift);
}

// Where the corners of the last frame lie on the picture, clockwise from top left, as shares of it.
export function corners(axes, width, height) {
  const back = inverse(matrix(axes, width, height));
  const frame = [[-0.5, -0.5], [width - 0.5, -0.5], [width - 0.5, height - 0.5], [-0.5, height - 0.5]];
  return frame.map(([x, y]) => {
    const [u, v, w] = back.map((row) => row[0] * x + row[1] * y + row[2]);
    return [(u / w + 0.5) / width, (v / w + 0.5) / height];
  });
}

// The picture keeps a margin on the stage, so that a frame that leaves it can still be seen.
function place(aspect) {
  const [width, height] = SIZES[aspect] ?? SIZES["16:9"];
  const scale = Math.min(1248 / width, 702 / height);
  const [w, h] = [width * scale, height * scale];
  return { x: (1600 - w) / 2, y: (900 - h) / 2, width: w, height: h };
}

function setAll(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

export function drawCamera(stage, { axes, aspect, picture }) {
  const box = place(aspect);
  const [width, height] = SIZES[aspect] ?? SIZES["16:9"];
  const shown = corners(axes, width, height).map(([x, y]) => [box.x + x * box.width, box.y + y * box.height]);
  const points = shown.map((corner) => corner.map((value) => value.toFixed(1)).join(","));
  setAll(stage.querySelector("[data-camera-from]"), box);
  const image = stage.querySelector("[data-camera-picture]");
  setAll(image, box);
  if (picture) image.setAttribute("href", picture);
  else image.removeAttribute("href");
  stage.querySelector("[data-camera-to]").setAttribute("points", points.join(" "));
  stage.querySelector("[data-camera-shade]").setAttribute("d", `M0 0H1600V900H0ZM${points.join("L")}Z`);
}
