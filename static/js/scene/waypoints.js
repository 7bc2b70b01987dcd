// Waypoints as text and as numbers: pairs of a fraction of the time and an angle in radians, as
// studio/core/motion.py reads and judges them. Straight between two of them, level outside.

export const plain = (number) => String(Number(number.toFixed(4)));

// "0:0.2, 0.5:0.35" to pairs of numbers, or the sentence about the first wrong part.
export function read(text) {
  const waypoints = [];
  for (const part of text.split(/[,;\n]/).map((word) => word.trim()).filter(Boolean)) {
    const pair = part.split(":").map((word) => (word.trim() ? Number(word) : NaN));
    if (pair.length !== 2 || !pair.every(Number.isFinite)) {
      return { waypoints: [], problem: `“${part.slice(0, 40)}” is not FRACTION:ANGLE, like 0.5:0.35.` };
    }
    if (pair[0] < 0 || pair[0] > 1 || pair[0] <= (waypoints.at(-1)?.[0] ?? -1)) {
      const number = waypoints.length + 1;
      return { waypoints: [], problem: `Waypoint ${number} must be later than the one before, with a fraction from 0 to 1.` };
    }
    waypoints.push(pair);
  }
  return { waypoints, problem: "" };
}

export const write = (waypoints) => waypoints.map((pair) => pair.map(plain).join(":")).join(", ");

// The numbers at a fraction of the time, of angles as of places; and between which two they lie.
export function valueAt(waypoints, at) {
  const after = waypoints.findIndex(([fraction]) => fraction >= at);
  if (after < 1) return waypoints.at(after).slice(1);
  const [from, to] = [waypoints[after - 1], waypoints[after]];
  const share = (at - from[0]) / (to[0] - from[0]);
  return from.slice(1).map((value, index) => value + (to[index + 1] - value) * share);
}

// The path of a sketch, drawn as the server draws it (studio/forms/motion.py).
export function sketch(waypoints, width, height) {
  const angles = waypoints.map(([, angle]) => angle);
  const [low, high] = [Math.min(...angles), Math.max(...angles)];
  const points = [[0, angles[0]], ...waypoints, [1, angles.at(-1)]];
  const place = ([fraction, angle]) =>
    `${(fraction * width).toFixed(1)} ${(height - 3 - ((angle - low) / (high - low || 1)) * (height - 6)).toFixed(1)}`;
  return `M${points.map(place).join(" L")}`;
}

// Its fastest turn in radians a second, and when that begins, in seconds.
export function fastest(waypoints, seconds) {
  const turns = waypoints.slice(1).map(([fraction, angle], index) => {
    const [before, was] = waypoints[index];
    return { rate: Math.abs(angle - was) / ((fraction - before) * seconds), at: before * seconds };
  });
  return turns.reduce((most, turn) => (turn.rate > most.rate ? turn : most), { rate: 0, at: 0 });
}
