// The panel of a simulation: its scene, the chart over the table of joints and the play head, kept
// in step with what is typed. What is typed is the truth; everything here is drawn from it anew.

import { added, drawCurves, listen } from "./curve.js";
import { showNodes, walk } from "./nodes.js";
import { fastest, plain, read, valueAt, write } from "./waypoints.js";

const HEAVY = 50e6; // bytes that are not fetched before somebody asks for them
const WHERE = { scene: "[data-scene-view]", chart: "[data-curve]", motion: "[data-motion]" };
const find = (selector) => document.querySelector(selector);
const part = (name, inside = "") => find(`${WHERE[name]} ${inside}`);

let view; // the module that draws, once there is a scene
let nodes = []; // of the scene that is shown
let shown = ""; // which one that is: an address, or "picked" while a file is on its way
let joint = ""; // the one that is picked
let at = 0; // the play head, a fraction of the time
let playing = 0;
const axes = new Map(); // joint → the axis that it turns about in this view

// ── What is typed ──

const source = () => find('[name="motion_source"]:checked')?.value;
const seconds = () => Number(find("#director [name=duration]:checked, #director [name=duration]:not([type=radio])")?.value) || 1;
const isTaken = (row) => nameIn(row) || anglesIn(row).value.trim();
const nameIn = (row) => row.querySelector(".joint-name").value.trim();
const anglesIn = (row) => row.querySelector("[data-joint-angles]");
const rowsOf = () => [...document.querySelectorAll("[data-joints] [data-joint]")];
const rowNamed = (name) => rowsOf().find((row) => nameIn(row) === name);
const curves = () =>
  rowsOf().filter(isTaken).map((row) => ({ row, name: nameIn(row), waypoints: read(anglesIn(row).value).waypoints }));
const pickedCurve = () => curves().find(({ name }) => name === joint);

function typedJson() {
  try {
    return JSON.parse(find("#motion").value) ?? {};
  } catch {
    return {};
  }
}

const listed = (value, key) => (Array.isArray(value?.[key]) ? value[key].filter((one) => one?.name && sound(one)) : []);
const sound = ({ angles, points }) => {
  const list = angles ?? points;
  return Array.isArray(list) && list.length && list.every((point) => Array.isArray(point) && point.every(Number.isFinite));
};

function motionNow() {
  if (source() === "curves") return { joints: curves().filter(({ waypoints }) => waypoints.length), paths: [] };
  if (source() !== "json") return { joints: [], paths: [] };
  const json = typedJson();
  const joints = listed(json, "joints").map(({ name, angles }) => ({ name, waypoints: angles }));
  return { joints, paths: listed(json, "paths") };
}

// ── Drawing ──

function draw() {
  const chart = part("chart");
  if (!chart) return;
  chart.hidden = source() !== "curves" || !curves().length;
  for (const row of rowsOf()) row.toggleAttribute("data-picked", Boolean(joint) && nameIn(row) === joint);
  const all = curves();
  const picked = all.find(({ name }) => name === joint);
  drawCurves(part("chart", "svg"), { curves: all, picked, seconds: seconds() });
  part("chart", "[data-curve-picked]").inert = !picked; // in its place, so that nothing jumps under a press
  part("chart", "[data-turn-axis]").value = axes.get(joint) ?? "z";
  judge();
  drawTime();
}

// What a row says of itself besides what can not be read: twice there, not in the scene, too fast.
function judge() {
  const names = rowsOf().map(nameIn);
  const limit = Number(/joint_speed_rad"?\s*[=:]\s*([\d.]+)/.exec(find("#constraints")?.value)?.[1]) || Infinity;
  for (const { row, name, waypoints } of curves()) {
    const { rate, at: when } = fastest(waypoints, seconds());
    const twice = name && names.filter((other) => other === name).length > 1;
    const said = [
      twice && `“${name}” is there twice; give each joint once.`,
      name && nodes.length && !nodes.some((node) => node.name === name) && `The scene has no joint “${name}”.`,
      rate > limit && `It turns at ${plain(rate)} rad/s from ${plain(when)} s on; the limit is ${limit}.`,
    ];
    const line = row.querySelector("[data-joint-doubt]");
    line.textContent = said.filter(Boolean).join(" ");
    line.hidden = !line.textContent;
  }
}

function drawTime() {
  const head = part("chart", "[data-curve-head]");
  head.setAttribute("x1", `${at * 100}%`);
  head.setAttribute("x2", `${at * 100}%`);
  const said = `${(at * seconds()).toFixed(2)} / ${seconds().toFixed(2)} s`;
  for (const time of document.querySelectorAll("[data-time]")) {
    time.value = Math.round(at * 1000);
    time.ariaValueText = `${(at * seconds()).toFixed(2)} seconds`;
  }
  for (const code of document.querySelectorAll("[data-time-said]")) code.textContent = said;
  const { joints, paths } = motionNow();
  const curve = joints.find(({ name }) => name === joint);
  const label = part("scene", "[data-scene-picked]");
  label.hidden = !joint;
  label.textContent = curve ? `${joint} ${valueAt(curve.waypoints, at)[0].toFixed(2)} rad` : joint;
  view?.pose({
    angles: new Map(joints.map(({ name, waypoints }) => [name, [valueAt(waypoints, at)[0], axes.get(name) ?? "z"]])),
    places: new Map(paths.map(({ name, points }) => [name, valueAt(points, at)])),
  });
  view?.trace((paths.find(({ name }) => name === joint) ?? paths[0])?.points.map((point) => point.slice(1)) ?? []);
}

// ── Time ──

function setTime(share) {
  at = share;
  drawTime();
}

// Only ever on request; it stops at the end.
function play(on) {
  for (const button of document.querySelectorAll("[data-play]")) button.ariaPressed = on;
  cancelAnimationFrame(playing);
  playing = 0;
  if (!on) return;
  if (at >= 1) at = 0;
  let last;
  const tick = (now) => {
    if (!part("chart")) return;
    setTime(Math.min(1, at + (last ? (now - last) / 1000 / seconds() : 0)));
    last = now;
    if (at < 1) playing = requestAnimationFrame(tick);
    else play(false);
  };
  playing = requestAnimationFrame(tick);
}

// ── Joints ──

function select(name) {
  const listed = find("[data-nodes] ul")?.children.length;
  const same = name === joint && listed; // then its items stay, since one of them may have the focus
  joint = name;
  view?.pick(name);
  draw();
  if (!same) listNodes();
}

const listNodes = () => showNodes(find("[data-nodes]"), nodes, joint);

const tell = (element, kind) => element.dispatchEvent(new Event(kind, { bubbles: true }));

function fill(row, name, waypoints) {
  row.querySelector(".joint-name").value = name;
  anglesIn(row).value = write(waypoints);
  tell(anglesIn(row), "input");
}

// The row of that joint, made if there is none: it is what a picked node leads to.
function useNode(name) {
  const curvesChosen = find('[name="motion_source"][value="curves"]');
  if (!curvesChosen.checked) curvesChosen.click();
  let row = rowNamed(name);
  if (!row) {
    row = rowsOf().find((one) => !isTaken(one));
    if (!row) find("[data-joint-add]").click();
    row ??= rowsOf().at(-1);
    fill(row, name, [[0, 0], [1, 0]]);
    tell(anglesIn(row), "change");
  }
  select(name);
  anglesIn(row).focus({ preventScroll: true });
  showChart();
}

// Right under the scene, which stays in sight. Twice, for the scene moves along until it sticks; not
// by scrollIntoView, which would push the director out of the window.
function showChart() {
  const chart = part("chart");
  for (const box of [".director-col", ".director-body", ".director-col", ".director-body"]) {
    const gap = chart.getBoundingClientRect().top - part("scene").getBoundingClientRect().bottom;
    chart.closest(box).scrollTop += gap - 8;
  }
}

function change(waypoints, number, stays) {
  const row = rowNamed(joint);
  if (!waypoints.length) return; // the last one stays
  fill(row, joint, waypoints);
  if (waypoints[number]) setTime(waypoints[number][0]);
  if (!stays) return;
  tell(anglesIn(row), "change");
  part("chart", "[data-curve-knots]").children[number]?.focus({ preventScroll: true });
}

// ── JSON ──

// The table as JSON, with the paths that the JSON has; "" where the table can not be read.
function tableAsJson() {
  const all = curves();
  if (!all.length || all.some(({ name, waypoints }) => !name || !waypoints.length)) return "";
  const { paths } = typedJson();
  const value = { joints: all.map(({ name, waypoints }) => ({ name, angles: waypoints })), ...(paths && { paths }) };
  return JSON.stringify(value, null, 1);
}

function fillTable() {
  const { paths } = typedJson();
  const joints = listed(typedJson(), "joints");
  for (const { name, angles } of joints) {
    if (!rowNamed(name) && rowsOf().every(isTaken)) find("[data-joint-add]").click();
    fill(rowNamed(name) ?? rowsOf().find((row) => !isTaken(row)), name, angles);
  }
  for (const row of rowsOf()) {
    if (joints.length && isTaken(row) && !joints.some(({ name }) => name === nameIn(row))) row.remove();
  }
  const note = part("motion", "[data-paths-note]");
  note.hidden = !paths?.length;
}

let before = source();

// The same motion in both places, so that it can be seen and changed either way.
function switchSource() {
  if (before === "curves" && source() === "json") find("#motion").value = tableAsJson() || find("#motion").value;
  if (before === "json" && source() === "curves") fillTable();
  before = source();
}

function download() {
  const text = source() === "json" ? find("#motion").value : tableAsJson();
  if (!text) {
    part("motion", "[aria-invalid=true], .joint-name")?.focus(); // there it says what is wrong
    return;
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = "motion.json";
  link.click();
  URL.revokeObjectURL(link.href);
}

// ── The scene ──

const stored = () => find("[data-scene-file]");

let told = ["", false]; // the words over the scene, and whether they ask to show it

function tellScene(words, ask = false) {
  told = [words, ask];
  const line = part("scene", "[data-scene-said]");
  if (line && line.textContent !== words) line.textContent = words;
  if (line) part("scene", "[data-scene-show]").hidden = !ask;
}

let opened = 0; // counts, so that the last one that was asked for stays

async function open(name, bytes) {
  part("scene").hidden = false;
  tellScene("Opening the scene…");
  shown = name;
  const mine = ++opened;
  let [found, words] = [[], ""];
  try {
    const buffer = await bytes();
    view = await (starting ??= started());
    if (mine !== opened) return;
    found = await view.show(buffer);
    if (view.isEmpty()) words = "Nothing in this scene has a surface. Its nodes are in the list.";
  } catch (error) {
    words = `This scene can not be shown here: ${reason(error)}. It can be ordered all the same.`;
    if (!view) starting = null; // the next scene may try again
  }
  if (mine !== opened) return;
  if (!found.length) view?.clear();
  nodes = found;
  tellScene(words);
  dress();
  if (part("motion")) listNodes();
}

// What libraries say, in words.
const REASONS = [
  [/draco|meshopt|ktx2/i, "its data is compressed in a way that this view does not read"],
  [/webgl/i, "this browser does not draw in three dimensions"],
  [/elsewhere/, "parts of it lie elsewhere"],
  [/no scene/, "it names no scene to show"],
];
const reason = ({ message }) => REASONS.find(([sign]) => sign.test(message))?.[1] ?? "it could not be read";

let starting;

async function started() {
  const drawn = await import("./view.js");
  drawn.start(useNode);
  return drawn;
}

function showStored() {
  const { sceneFile: address, sceneBytes } = stored()?.dataset ?? {};
  if (address === shown || shown === "picked") return;
  if (!address) {
    shown = "";
    nodes = [];
    view?.clear();
    part("scene").hidden = true;
  } else if (Number(sceneBytes) > HEAVY) {
    part("scene").hidden = false;
    tellScene(`This scene has ${Math.round(sceneBytes / 1e6)} MB.`, true);
  } else fetchStored();
}

function fetchStored() {
  const address = stored().dataset.sceneFile;
  open(address, async () => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error("gone");
    return answer.arrayBuffer();
  });
}

// ── Events ──

const PRESSES = {
  "[data-node]": (item) => useNode(item.dataset.node),
  "[data-scene-frame]": () => view?.frame(),
  "[data-scene-show]": fetchStored,
  "[data-scene-grid]": (button) => {
    button.ariaPressed = button.ariaPressed !== "true";
    view?.showGrid(button.ariaPressed === "true");
  },
  "[data-play]": () => play(!playing),
  "[data-waypoint-add]": () => {
    const waypoints = added(pickedCurve().waypoints, at);
    change(waypoints, waypoints.findIndex((pair) => !pickedCurve().waypoints.some(([taken]) => taken === pair[0])), true);
  },
  "[data-waypoint-remove]": () => {
    const { waypoints } = pickedCurve();
    const gaps = waypoints.map(([fraction]) => Math.abs(fraction - at));
    const number = gaps.indexOf(Math.min(...gaps));
    change(waypoints.toSpliced(number, 1), Math.max(0, number - 1), true);
  },
  "[data-motion-download]": download,
};

function onPress(event) {
  const [, act] = Object.entries(PRESSES).find(([selector]) => event.target.closest?.(selector)) ?? [];
  if (!act) return;
  event.preventDefault();
  act(event.target.closest(Object.keys(PRESSES).find((selector) => event.target.closest(selector))));
}

function onInput(event) {
  const { target } = event;
  if (target.matches("[data-time]")) setTime(target.value / 1000);
  else if (target.matches("[data-node-search]")) listNodes();
  else if (target.matches("[data-turn-axis]")) {
    axes.set(joint, target.value);
    drawTime();
  } else {
    if (target.matches(".joint-name") && target.closest("[data-picked]")) joint = target.value.trim();
    if (target.closest("#director")) draw();
  }
}

function onKey(event) {
  const { target } = event;
  if (target.matches("[data-node-search]") && event.key === "Enter") event.preventDefault();
  if (target.closest("[data-nodes]")) walk(event, useNode);
  if (target.matches("[data-scene-stage]") && view?.press(event)) event.preventDefault();
}

function onFocus({ target }) {
  const knot = target.closest?.("[data-knot]");
  if (knot) setTime(pickedCurve().waypoints[[...knot.parentNode.children].indexOf(knot)][0]);
  const row = target.closest?.("[data-joint]");
  if (row && nameIn(row) !== joint) select(nameIn(row));
}

const dressed = new WeakSet(); // a form that is drawn anew may keep its chart

// After a form is drawn anew: its places are empty, and may be those of another form.
function dress() {
  if (!part("motion")) return;
  const svg = part("chart", "svg");
  if (!dressed.has(svg)) listen(svg, { now: () => pickedCurve()?.waypoints ?? [], onChange: change });
  dressed.add(svg);
  before = source();
  part("scene").hidden = !shown;
  if (view && shown) view.attach(part("scene", "[data-scene-stage]"));
  tellScene(...told);
  showStored();
  select(joint);
}

document.addEventListener("click", onPress);
document.addEventListener("input", onInput);
document.addEventListener("keydown", onKey);
document.addEventListener("focusin", onFocus);
document.addEventListener("change", (event) => {
  if (event.target.name === "motion_source") switchSource();
  if (part("motion") && event.target.closest("#director")) draw();
});
document.addEventListener("file-picked", ({ detail }) => {
  if (part("motion") && detail.slot === "scene") open("picked", () => detail.file.arrayBuffer());
});
for (const end of ["frames-changed", "file-refused"]) {
  document.addEventListener(end, ({ target }) => {
    if (!part("motion") || target.dataset.slot !== "scene") return;
    // What was picked has arrived, or what was there before is shown again.
    if (shown === "picked") shown = end === "file-refused" ? "refused" : (stored()?.dataset.sceneFile ?? "");
    showStored();
  });
}
document.addEventListener("htmx:after:swap", dress);
dress();
