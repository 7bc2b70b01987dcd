// The camera: six axes become one homography per moment, number for number as the Animatic engine
// does it (studio/engine/animatic/camera.py and morph.py say what it means; a test compares both).

const RADIANS = Math.PI / 180;
const REACH = { horizontal: 0.15, vertical: 0.15, pan: 8 * RADIANS, tilt: 6 * RADIANS, roll: 10 * RADIANS };
const CLOSER = Math.log(1.6);
const WIDER = Math.log(1.25);
const DRIFT = { horizontal: 0.007, vertical: 0.006, pan: 0.28 * RADIANS, tilt: 0.2 * RADIANS, roll: 0.16 * RADIANS };
export const MARGIN = 0.14;
export const FPS = 24;

// Pixels of a clip: "1080p" is the shorter side.
export function sizeOf(aspect, resolution) {
  const [wide, high] = /^\d+:\d+$/.test(aspect) ? aspect.split(":").map(Number) : [16, 9];
  const short = /^\d{3,4}p$/.test(resolution) ? Number.parseInt(resolution, 10) : 720;
  return [wide, high].map((side) => Math.round((short * side) / Math.min(wide, high) / 2) * 2);
}

// Where a frame of that size stands in the middle of a box, filling so much of it.
export function place([width, height], box, share) {
  const scale = share * Math.min(box.width / width, box.height / height);
  const [w, h] = [width, height].map((side) => side * scale);
  return { x: (box.width - w) / 2, y: (box.height - h) / 2, width: w, height: h };
}

const ONE = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];

export const multiply = (a, b) =>
  a.map((row) => b[0].map((_, j) => row[0] * b[0][j] + row[1] * b[1][j] + row[2] * b[2][j]));

const mixed = (a, b, share) => a.map((row, i) => row.map((value, j) => value * (1 - share) + b[i][j] * share));

export function inverse([[a, b, c], [d, e, f], [g, h, i]]) {
  const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  return [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ].map((row) => row.map((value) => value / det));
}

function project([u, v, w], x, y) {
  const depth = w[0] * x + w[1] * y + w[2];
  return [(u[0] * x + u[1] * y + u[2]) / depth, (v[0] * x + v[1] * y + v[2]) / depth];
}

export function ease(progress, ramp) {
  const top = 1 / (1 - ramp);
  if (progress < ramp) return (top * progress * progress) / (2 * ramp);
  if (progress > 1 - ramp) return 1 - (top * (1 - progress) ** 2) / (2 * ramp);
  return top * (progress - ramp / 2);
}

// xorshift32, after four numbers that warm it up.
export function chances(seed, count) {
  let state = (Math.imul(seed, 2654435761) + 0x9e3779b9) >>> 0 || 1;
  const numbers = [];
  for (let n = 0; n < count + 4; n += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    numbers.push((state >>> 0) / 0xffffffff);
  }
  return numbers.slice(4);
}

const smooth = (share) => {
  const inside = Math.min(Math.max(share, 0), 1);
  return inside * inside * (3 - 2 * inside);
};

const lens = (focal, width, height) => [[focal, 0, (width - 1) / 2], [0, focal, (height - 1) / 2], [0, 0, 1]];

function turn({ pan, tilt, roll }) {
  const [sp, cp, st, ct, sr, cr] = [pan, tilt, roll].flatMap((angle) => [Math.sin(angle), Math.cos(angle)]);
  const panned = [[cp, 0, -sp], [0, 1, 0], [sp, 0, cp]];
  const tilted = [[1, 0, 0], [0, ct, st], [0, -st, ct]];
  const rolled = [[cr, sr, 0], [-sr, cr, 0], [0, 0, 1]];
  return multiply(multiply(rolled, tilted), panned);
}

export class Camera {
  constructor({ width, height, axes, seconds, seed, lands = false, sways = true }) {
    Object.assign(this, { width, height, axes, seconds, lands, sways });
    this.focal = 1.2 * Math.max(width, height);
    this.chances = chances(seed, 1 + 4 * Object.keys(DRIFT).length);
  }

  pose(progress) {
    const eased = ease(progress, 0.17 + 0.1 * this.chances[0]);
    const drift = this.#drift(progress);
    const asked = (axis) => (this.axes[axis] ?? 0) / 10;
    const pose = {};
    for (const [axis, reach] of Object.entries(REACH)) pose[axis] = asked(axis) * reach * eased + drift[axis];
    pose.pan *= this.width / Math.max(this.width, this.height);
    pose.zoom = asked("zoom") * (asked("zoom") < 0 ? CLOSER : WIDER) * eased;
    return pose;
  }

  // Pixels of the picture to pixels of the frame.
  matrix(progress) {
    const { width, height, focal } = this;
    const pose = this.pose(progress);
    const shift = [[1, 0, -pose.horizontal * width], [0, 1, pose.vertical * height], [0, 0, 1]];
    const view = multiply(lens(focal * Math.exp(-pose.zoom), width, height), turn(pose));
    return multiply(multiply(view, inverse(lens(focal, width, height))), shift);
  }

  // The smallest push-in that keeps the frame on the plate.
  keep(matrix) {
    const [x, y] = [(this.width - 1) / 2, (this.height - 1) / 2];
    const back = inverse(matrix);
    const reach = [this.width, this.height].map((side) => side * (0.5 + MARGIN) - 1.5);
    const stays = (push) =>
      this.#corners().every(([cx, cy]) => {
        const [u, v] = project(back, x + (cx - x) / push, y + (cy - y) / push);
        return Math.abs(u - x) <= reach[0] && Math.abs(v - y) <= reach[1];
      });
    let [low, high] = [1, 8];
    if (stays(low)) return ONE;
    for (let step = 0; step < 18; step += 1) {
      const middle = (low + high) / 2;
      if (stays(middle)) high = middle;
      else low = middle;
    }
    return [[high, 0, (1 - high) * x], [0, high, (1 - high) * y], [0, 0, 1]];
  }

  // What a clip of one picture shows.
  view(progress) {
    const move = this.matrix(progress);
    return multiply(this.keep(move), move);
  }

  // What a dissolve of two pictures shows: a matrix for each, and how much of the last one.
  views(progress) {
    const share = smooth((progress - 0.28) / 0.44);
    const first = this.matrix(progress);
    const last = multiply(first, inverse(this.matrix(1)));
    const push = mixed(this.keep(first), this.keep(last), share);
    return { first: multiply(push, first), last: multiply(push, last), share };
  }

  // Where the corners of the last frame lie on the picture, clockwise from top left, as shares of it.
  end() {
    const back = inverse(this.view(1));
    const [topLeft, topRight, bottomLeft, bottomRight] = this.#corners().map(([x, y]) => project(back, x, y));
    return [topLeft, topRight, bottomRight, bottomLeft].map(([x, y]) => [(x + 0.5) / this.width, (y + 0.5) / this.height]);
  }

  #corners() {
    const [right, bottom] = [this.width - 0.5, this.height - 0.5];
    return [[-0.5, -0.5], [right, -0.5], [-0.5, bottom], [right, bottom]];
  }

  #drift(progress) {
    const time = progress * this.seconds;
    const window = (this.lands ? Math.min(1, (1 - progress) * 4) : 1) * Math.min(1, time) * Number(this.sways);
    const drift = {};
    let next = 1;
    for (const [axis, reach] of Object.entries(DRIFT)) {
      const [slow, fast, phase, other] = this.chances.slice(next, (next += 4));
      const wave = Math.sin(2 * Math.PI * ((0.12 + 0.12 * slow) * time + phase));
      drift[axis] = reach * window * (wave + 0.5 * Math.sin(2 * Math.PI * ((0.3 + 0.2 * fast) * time + other)));
    }
    return drift;
  }
}
