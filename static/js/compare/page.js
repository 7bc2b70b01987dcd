// Takes beside each other on one clock: six ways to look at them, offsets, sound, range, keys.

import { Clock } from "../clock.js";
import { bind, typing } from "../keys.js";
import { addressOf, keep, look, shown, sides, stage } from "./state.js";
import { changeUnits, onScrub, placePins, showRange, showTime } from "./timeline.js";

const PLAYS = "compare-plays"; // kept in this window while the page of other takes is loaded
const HELD_MS = 300;
const MOST_OFFSET = 1000;

const transport = document.querySelector("[data-transport]");
const buttonOf = (act) => transport.querySelector(`[data-act="${act}"]`);
const nowShown = transport.querySelector("[data-now]");
const endShown = transport.querySelector("[data-end]");
const wipeAt = stage.querySelector("[data-wipe-at]");
const mixAt = transport.querySelector("[data-mix-at]");
const announcer = document.querySelector("[data-announcer]");

const clock = new Clock({ tracks: shown, changed: show, fps: () => sides[0].fps });

function show() {
  showTime(clock, nowShown, endShown);
  const play = buttonOf("play");
  play.dataset.playing = String(clock.playing);
  play.setAttribute("aria-label", clock.playing ? "Pause" : "Play");
  stage.setAttribute("aria-busy", String(clock.waiting && !clock.playing));
  if (clock.playing || look.frame === clock.frame) return;
  look.frame = clock.frame;
  keep();
}

const again = () => (clock.playing ? clock.play() : clock.seek(clock.now));

// ── How they are looked at ──

let before = "side"; // the mode that W goes back to

function setMode(mode) {
  if (mode !== look.mode && look.mode !== "wipe") before = look.mode;
  look.mode = mode;
  showMode();
  for (const { video } of sides.slice(2)) video.pause();
  dressSound();
  again();
  keep();
}

// On a phone the row of modes is wider than the screen.
function showMode() {
  const radio = document.querySelector(`[name=mode][value="${look.mode}"]`);
  radio.checked = true;
  const label = radio.closest("label");
  label.closest("fieldset").scrollLeft = label.offsetLeft - 40;
}

function toggleWipe() {
  setMode(look.mode === "wipe" ? before : "wipe");
  if (look.mode === "wipe") wipeAt.focus();
}

function setWipe(value) {
  look.wipe = Number(value);
  stage.style.setProperty("--wipe", value);
  wipeAt.value = value;
  wipeAt.setAttribute("aria-valuetext", `${value}% A, ${100 - value}% B`);
}

function setMix(value) {
  look.mix = Number(value);
  stage.style.setProperty("--mix", value / 100);
  mixAt.value = value;
  mixAt.setAttribute("aria-valuetext", `${value}% B`);
}

function setFlick(letter) {
  look.flick = stage.dataset.flick = letter;
  for (const button of transport.querySelectorAll("[data-flick-to]")) {
    button.setAttribute("aria-pressed", String(button.dataset.flickTo === letter));
  }
}

// A key that is tapped stays, one that is held lasts as long as it is held.
let held = null;

function flick(letter) {
  held ??= { letter, was: look.flick, since: performance.now() };
  if (look.mode !== "flick") setMode("flick");
  setFlick(letter);
  keep();
}

function letGo(event) {
  if (!held || event.key !== String(1 + (held.letter === "b"))) return;
  if (performance.now() - held.since > HELD_MS) setFlick(held.was);
  held = null;
  keep();
}

// ── Offsets, sound, loop, range ──

const signed = (frames) => (frames ? `${frames > 0 ? "+" : "−"}${Math.abs(frames)} f` : "±0 f");

function shift(letter, by) {
  const side = sides.find((one) => one.letter === letter);
  if (!side || Math.abs(side.offset + by) > MOST_OFFSET) return;
  side.offset += by;
  dressOffsets();
  again();
  keep();
}

function dressOffsets() {
  for (const { letter, offset } of sides) {
    document.querySelector(`[data-offset-of="${letter}"]`).textContent = signed(offset);
  }
  placePins(clock);
  showRange(clock);
}

function dressSound() {
  for (const { letter, video } of sides) video.muted = letter !== look.sound;
  for (const ear of document.querySelectorAll("[data-ear]")) {
    ear.setAttribute("aria-pressed", String(ear.dataset.ear === look.sound));
  }
}

function listen(letter) {
  look.sound = look.sound === letter ? "" : letter;
  dressSound();
  keep();
}

function setLoop(loop) {
  look.loop = clock.loop = loop;
  buttonOf("loop").setAttribute("aria-pressed", String(loop));
}

function setRange(first, last) {
  const makesSense = first === null || last === null || first < last;
  [look.first, look.last] = makesSense ? [first, last] : [null, null];
  if (!makesSense) announcer.textContent = "A range begins before it ends; all is played.";
  clock.from = (look.first ?? 0) / clock.fps;
  clock.to = look.last === null ? Infinity : (look.last + 1) / clock.fps;
  buttonOf("in").setAttribute("aria-pressed", String(look.first !== null));
  buttonOf("out").setAttribute("aria-pressed", String(look.last !== null));
  showRange(clock);
}

// Pressed again where it is, an end goes.
const rangeIn = () => (setRange(look.first === clock.frame ? null : clock.frame, look.last), keep());
const rangeOut = () => (setRange(look.first, look.last === clock.frame ? null : clock.frame), keep());

// ── Other takes ──

function open(address) {
  if (clock.playing) sessionStorage.setItem(PLAYS, "1");
  location.assign(address);
}

function swap() {
  const [a, b, ...others] = stage.dataset.takes.split(",");
  const offsets = sides.map(({ offset }) => offset);
  const other = { a: "b", b: "a" };
  open(addressOf([b, a, ...others].join(","), {
    offsets: [offsets[1], offsets[0], ...offsets.slice(2)],
    sound: other[look.sound] ?? look.sound,
    frame: Math.floor((clock.now * sides[1].fps) + 1e-3),
  }));
}

async function copy() {
  const address = new URL(addressOf(), location.href).href;
  history.replaceState(history.state, "", address);
  await navigator.clipboard?.writeText(address);
  announcer.textContent = "The link to this view is copied.";
}

// ── Buttons and keys ──

const ACTS = {
  play: () => clock.toggle(), back: () => clock.step(-1), on: () => clock.step(1),
  loop: () => (setLoop(!look.loop), keep()), timecode: () => (changeUnits(), show()), in: rangeIn, out: rangeOut, copy,
};
const PLAIN = {
  " ": ACTS.play, ArrowLeft: () => clock.seek(clock.now - 1), ArrowRight: () => clock.seek(clock.now + 1),
  Home: () => clock.seek(0), End: () => clock.seek(clock.end), 1: () => flick("a"), 2: () => flick("b"),
};

function onClick(event) {
  const pressed = event.target.closest("[data-act], [data-shift], [data-ear], [data-flick-to], [data-swap], [data-choose]");
  if (!pressed) return;
  const { act, shift: letter, by, ear, flickTo, choose } = pressed.dataset;
  if (act) ACTS[act]();
  else if (letter) shift(letter, Number(by));
  else if (ear) listen(ear);
  else if (flickTo) (setFlick(flickTo), keep());
  else if (!event.metaKey && !event.ctrlKey && !event.shiftKey) {
    event.preventDefault();
    if (choose) open(addressOf(choose));
    else swap();
  }
}

// Sliders and radios keep their arrows, buttons their space.
function isTaken(event) {
  const { key, target } = event;
  if (typing(event) || event.metaKey || event.ctrlKey || event.altKey || target.closest("dialog, [popover]")) return true;
  if (key === " ") return Boolean(target.closest("a, button, label, summary"));
  return /^(Arrow|Home|End)/.test(key) && Boolean(target.closest("input:not(.scrub), .table-wrap"));
}

function onKey(event) {
  if (!PLAIN[event.key] || isTaken(event)) return;
  event.preventDefault();
  if (!event.repeat || event.key.startsWith("Arrow")) PLAIN[event.key]();
}

bind({
  play: ACTS.play, frame_back: ACTS.back, frame_on: ACTS.on, shuttle_back: PLAIN.ArrowLeft,
  shuttle_on: PLAIN.ArrowRight, range_in: rangeIn, range_out: rangeOut, wipe: toggleWipe, swap,
  offset_back: () => shift("b", -1), offset_on: () => shift("b", 1),
});
document.addEventListener("click", onClick);
document.addEventListener("keydown", onKey);
document.addEventListener("keyup", letGo);
document.addEventListener("change", (event) => event.target.name === "mode" && setMode(event.target.value));
wipeAt.addEventListener("input", () => (setWipe(wipeAt.value), keep()));
mixAt.addEventListener("input", () => (setMix(mixAt.value), keep()));
onScrub((frame) => clock.seekFrame(frame));

// ── The beginning ──

for (const { video, element } of sides) {
  video.controls = false;
  video.addEventListener("error", () => (element.querySelector("[data-broken]").hidden = false));
}
transport.hidden = false;
buttonOf("copy").hidden = !navigator.clipboard;
showMode();
setWipe(look.wipe);
setMix(look.mix);
setFlick(look.flick);
setLoop(look.loop);
setRange(look.first, look.last);
dressOffsets();
dressSound();
clock.seekFrame(look.frame);
keep();
if (sessionStorage.getItem(PLAYS)) {
  sessionStorage.removeItem(PLAYS);
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) clock.play();
}
