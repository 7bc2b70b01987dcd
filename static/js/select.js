// Choosing clips: click, Shift for a range, Space, everything that is loaded, none; and the bar that
// says how many and what can be done with them. Chosen clips may be out of the document.

import { act } from "./act.js";
import { doorOf, order, stateOf } from "./window.js";
import { openSheet } from "./sheet.js";

const MOST = 5000;
const COMPARED = [2, 4];
const PRESS_MILLISECONDS = 500;

const form = document.getElementById("bulk");
const wall = document.getElementById("wall");
const chosen = new Set(); // `clip-12`
let last = null; // where a range begins

export const selected = () => [...chosen];
export const isSelected = (id) => chosen.has(id);
export const numbers = (ids) => ids.map((id) => id.slice(5)).join(",");

// ── Which ──

export function select(ids, { only = false, off = false } = {}) {
  if (only) chosen.clear();
  for (const id of ids) off ? chosen.delete(id) : chosen.add(id);
  paint();
}

export function toggle(id, { range = false } = {}) {
  const on = !chosen.has(id);
  select(range && last ? between(last, id) : [id], { off: !on });
  last = id;
}

function between(one, other) {
  const all = order();
  const ends = [all.indexOf(one), all.indexOf(other)].sort((a, b) => a - b);
  return ends[0] < 0 ? [other] : all.slice(ends[0], ends[1] + 1);
}

export function clear() {
  chosen.clear();
  last = null;
  paint();
}

// What went, to the trash or with a reload, is chosen no more.
function forget() {
  const there = new Set(order());
  for (const id of chosen) if (!there.has(id)) chosen.delete(id);
}

// ── How it looks ──

const small = (count) => count.toLocaleString("en");

function paint() {
  for (const box of wall.querySelectorAll(".tile-select")) {
    const on = chosen.has(`clip-${box.value}`);
    if (box.checked !== on) box.checked = on;
  }
  document.body.toggleAttribute("data-selecting", chosen.size > 0);
  form.querySelector("[data-selected]").textContent = `${small(chosen.size)} selected`;
  offer();
  announce();
}

function offer() {
  const trashed = chosen.size > 0 && [...chosen].every((id) => stateOf(id) === "trashed");
  for (const acts of form.querySelectorAll("[data-kind]")) acts.hidden = (acts.dataset.kind === "trashed") !== trashed;
  const few = form.querySelector("[data-few]");
  few.hidden = chosen.size < COMPARED[0] || chosen.size > COMPARED[1];
  const said = form.querySelector("[data-selbar-said]");
  const over = chosen.size > MOST;
  said.hidden = !over;
  said.textContent = over ? `At most ${small(MOST)} clips go at once; ${small(chosen.size)} are selected. Select fewer.` : "";
  for (const button of form.querySelectorAll("[data-kind] button")) button.disabled = over;
}

let spoken = 0;
let timer = null;

function announce() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (spoken === chosen.size) return;
    spoken = chosen.size;
    document.querySelector("[data-selected-said]").textContent = `${small(spoken)} selected`;
  }, 300);
}

// ── Pointer ──

function onClick(event) {
  const box = event.target.closest?.(".tile-select");
  if (!box) return;
  toggle(`clip-${box.value}`, { range: event.shiftKey });
}

// With the finger: a long press chooses; while something is chosen a tap does.
let press = null;
let finger = false; // what the pointer was that went down last

function onPointerDown(event) {
  const tile = event.target.closest?.("#wall > .tile");
  finger = event.pointerType !== "mouse";
  if (!finger || !tile) return;
  const [x, y] = [event.clientX, event.clientY];
  press = { x, y, timer: setTimeout(() => hold(tile.id), PRESS_MILLISECONDS) };
}

function hold(id) {
  press = { held: true };
  toggle(id);
}

function onPointerMove(event) {
  if (press?.timer && Math.hypot(event.clientX - press.x, event.clientY - press.y) > 10) letGo();
}

function letGo() {
  clearTimeout(press?.timer);
  if (!press?.held) press = null;
}

function onTap(event) {
  const tile = event.target.closest?.("#wall > .tile");
  const held = press?.held;
  press = null;
  if (!tile || event.target.closest(".tile-select, button, [data-more]")) return;
  const taps = finger && chosen.size > 0;
  if (!held && !taps) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!held) toggle(tile.id);
}

// ── Keys ──

export function onKey(event) {
  const tile = event.target.closest?.("#wall > .tile");
  if (event.key === " " && tile && !event.target.closest("button, input, [data-more]")) {
    event.preventDefault();
    toggle(tile.id, { range: event.shiftKey });
  } else if (event.key === "Escape" && chosen.size) {
    clear();
  }
}

export function selectAll(event) {
  event.preventDefault();
  select(order(), { only: true });
}

// ── What is done with them ──

async function onSubmit(event) {
  const button = event.submitter;
  if (!button?.matches("[data-here], [data-sheet]")) return; // a page of its own
  event.preventDefault();
  const values = { clips: numbers(selected()) };
  if (button.name) values[button.name] = button.value;
  if (button.dataset.sheet) await openSheet(button.formAction, button.dataset.sheet, { ...values, ...lookedAt() });
  else if (await act(button.formAction, values)) clear();
}

// Pages that change nothing: their address says which clips.
function onGo(event) {
  const button = event.target.closest("[data-goes]");
  if (button) location.assign(`${button.dataset.goes}?clips=${numbers(selected())}`);
}

// The board whose clips are on the wall.
export function lookedAt() {
  const board = document.querySelector("[data-board]:has([aria-current])");
  return board ? { off: board.dataset.board } : {};
}

for (const button of form.querySelectorAll("[data-goes]")) button.hidden = false;
form.addEventListener("submit", onSubmit);
form.addEventListener("click", onGo);
form.addEventListener("formdata", ({ formData }) => {
  formData.delete("clips");
  formData.set("clips", numbers(selected()));
});
form.addEventListener("reset", (event) => {
  event.preventDefault();
  const [first] = selected();
  clear();
  const tile = first && document.getElementById(first);
  if (tile) doorOf(tile)?.focus({ preventScroll: true });
});
document.addEventListener("click", onTap, { capture: true });
document.addEventListener("click", onClick);
document.addEventListener("pointerdown", onPointerDown);
document.addEventListener("pointermove", onPointerMove);
document.addEventListener("pointerup", letGo);
document.addEventListener("pointercancel", letGo);
document.addEventListener("contextmenu", (event) => press?.held && event.preventDefault());
document.addEventListener("wall:shown", paint);
document.addEventListener("htmx:after:swap", () => queueMicrotask(() => (forget(), paint())));
paint();
