// The chart over the table of joints: every curve, and the waypoints of one of them to be dragged,
// moved by keys, added and removed. What changes is given to `onChange` as a new list of waypoints.

import { plain, valueAt } from "./waypoints.js";

const SVG = "http://www.w3.org/2000/svg";
const [TOP, BOTTOM] = [8, 108];
const FINE = 0.01; // of the time, and radians: what a drag snaps to, and one step of a key
const COLORS = 6;

const make = (name, attributes, text = "") => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
};
const within = (value, low, high) => Math.min(high, Math.max(low, value));
const snapped = (value) => Number((Math.round(value / FINE) * FINE).toFixed(4));

let low = -1;
let high = 1;
let step = 0.5;
let dragged = null; // the number of the waypoint under the pointer

const yOf = (angle) => BOTTOM - ((angle - low) / (high - low)) * (BOTTOM - TOP);
const lineOf = (waypoints) =>
  `M${[[0, waypoints[0][1]], ...waypoints, [1, waypoints.at(-1)[1]]].map(([x, angle]) => `${x * 1000} ${yOf(angle).toFixed(1)}`).join("L")}`;

// A range that holds all angles with round numbers at its lines.
function scale(curves) {
  const angles = curves.flatMap(({ waypoints }) => waypoints.map(([, angle]) => angle));
  const [least, most] = [Math.min(0, ...angles), Math.max(0, ...angles)];
  const rough = (most - least || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  low = Math.floor(least / step - 0.2) * step;
  high = Math.ceil(most / step + 0.2) * step;
}

function drawGrid(svg, seconds) {
  const lines = [];
  for (let angle = low; angle < high + step / 2; angle += step) {
    const y = yOf(angle);
    lines.push(make("line", { x1: 0, x2: "100%", y1: y, y2: y }));
    lines.push(make("text", { x: -8, y: y + 4, "text-anchor": "end" }, plain(angle)));
  }
  for (const [share, anchor] of [[0, "start"], [0.5, "middle"], [1, "end"]]) {
    lines.push(make("text", { x: `${share * 100}%`, y: 130, "text-anchor": anchor }, `${plain(share * seconds)} s`));
  }
  svg.querySelector("[data-curve-grid]").replaceChildren(...lines);
}

// `curves` are { name, waypoints, row }, `picked` the one of them that can be changed, or undefined.
export function drawCurves(svg, { curves, picked, seconds }) {
  if (dragged === null) scale(curves);
  drawGrid(svg, seconds);
  const shown = curves.filter(({ waypoints }) => waypoints.length);
  svg.querySelector("[data-curve-lines]").replaceChildren(
    ...shown.map((curve) => {
      const group = make("g", { class: `s${(curves.indexOf(curve) % COLORS) + 1}${curve === picked ? "" : " c-dim"}` });
      group.append(make("path", { class: "curve", d: lineOf(curve.waypoints) }));
      return group;
    }),
  );
  drawKnots(svg, picked, (curves.indexOf(picked) % COLORS) + 1, seconds);
}

// The knots stay the same elements, since one of them may have the pointer or the focus.
function drawKnots(svg, picked, color, seconds) {
  const group = svg.querySelector("[data-curve-knots]");
  const waypoints = picked?.waypoints ?? [];
  group.setAttribute("class", `s${color}`);
  while (group.children.length > waypoints.length) group.lastChild.remove();
  while (group.children.length < waypoints.length) {
    const knot = make("g", { tabindex: 0, role: "slider", class: "knot-at", "data-knot": "" });
    knot.append(make("circle", { class: "reach", r: 14 }), make("circle", { class: "knot", r: 4 }));
    group.append(knot);
  }
  waypoints.forEach(([fraction, angle], index) => {
    const knot = group.children[index];
    for (const circle of knot.children) {
      circle.setAttribute("cx", `${fraction * 100}%`);
      circle.setAttribute("cy", yOf(angle));
    }
    knot.ariaLabel = `Waypoint ${index + 1} of ${waypoints.length} of ${picked.name || "the joint"}`;
    [knot.ariaValueMin, knot.ariaValueMax, knot.ariaValueNow] = [plain(low), plain(high), plain(angle)];
    knot.ariaValueText = `${plain(angle)} rad at ${plain(fraction * seconds)} s`;
  });
}

// The waypoints with that one at another place; it stays between its neighbors.
function moved(waypoints, index, fraction, angle) {
  const [before, after] = [waypoints[index - 1]?.[0] ?? -FINE, waypoints[index + 1]?.[0] ?? 1 + FINE];
  const room = Math.min(FINE, (after - before) / 3);
  const place = within(fraction, before + room, after - room);
  return waypoints.with(index, [Number(place.toFixed(4)), angle]);
}

// With one more at this fraction; where one is already, halfway to the next.
export function added(waypoints, at, angle) {
  const near = waypoints.findIndex(([fraction]) => Math.abs(fraction - at) < FINE);
  if (near >= 0) {
    const other = waypoints[near + 1] ?? waypoints[near - 1] ?? [at < 0.5 ? 1 : 0];
    at = (waypoints[near][0] + other[0]) / 2;
  }
  const fraction = Number(at.toFixed(4));
  if (waypoints.some(([taken]) => taken === fraction)) return waypoints;
  const one = [fraction, snapped(angle ?? (waypoints.length ? valueAt(waypoints, at)[0] : 0))];
  return [...waypoints, one].sort((a, b) => a[0] - b[0]);
}

const KEYS = { ArrowLeft: [-FINE, 0], ArrowRight: [FINE, 0], ArrowUp: [0, FINE], ArrowDown: [0, -FINE] };

// `now()` gives the waypoints that can be changed, `onChange` takes new ones: the number of the
// one that is meant comes along, and whether it is where it stays.
export function listen(svg, { now, onChange }) {
  const numberOf = (target) => {
    const knot = target.closest("[data-knot]");
    return knot ? [...knot.parentNode.children].indexOf(knot) : -1;
  };
  const placeOf = (event) => {
    const box = svg.getBoundingClientRect();
    const angle = low + ((BOTTOM - (event.clientY - box.top)) / (BOTTOM - TOP)) * (high - low);
    return [snapped(within((event.clientX - box.left) / box.width, 0, 1)), snapped(angle)];
  };
  svg.addEventListener("pointerdown", (event) => {
    const number = numberOf(event.target);
    if (number < 0 || event.button) return;
    event.preventDefault();
    const knot = event.target.closest("[data-knot]");
    knot.setPointerCapture(event.pointerId);
    knot.focus({ preventScroll: true });
    dragged = number;
  });
  svg.addEventListener("pointermove", (event) => {
    if (dragged !== null) onChange(moved(now(), dragged, ...placeOf(event)), dragged, false);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    svg.addEventListener(end, () => {
      if (dragged === null) return;
      const number = dragged;
      dragged = null;
      onChange(now(), number, true);
    });
  }
  svg.addEventListener("dblclick", (event) => {
    if (numberOf(event.target) >= 0) return;
    const [at, angle] = placeOf(event);
    const waypoints = added(now(), at, angle);
    onChange(waypoints, waypoints.findIndex(([fraction]) => fraction >= at), true);
  });
  svg.addEventListener("keydown", (event) => {
    const number = numberOf(event.target);
    if (number < 0) return;
    const waypoints = now();
    const [fraction, angle] = waypoints[number];
    const times = event.shiftKey ? 10 : 1;
    if (event.key in KEYS) {
      const [x, y] = KEYS[event.key];
      onChange(moved(waypoints, number, fraction + x * times, Number((angle + y * times).toFixed(4))), number, true);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      onChange(waypoints.toSpliced(number, 1), Math.max(0, number - 1), true);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
