// The streams of a simulation: all of them in step in the player's place, and the physics log.
//
// The player keeps the moment: whoever moves it moves all streams, and where they stand it stands,
// so that notes, keys and the log go on as if there were one film.

import { Clock } from "./clock.js";
import { bind } from "./keys.js";
import { readLog, showLog, onLog } from "./streams/log.js";

const player = document.querySelector("[data-player] video");
const all = document.querySelector("[data-all-streams]");
const link = document.querySelector("[data-streams] [data-together]");

const timeNow = () => (isOpen() ? clock.now : player.currentTime);
const goTo = (seconds) => {
  if (isOpen()) clock.seek(seconds);
  else {
    player.pause();
    player.currentTime = seconds;
  }
};

// ── All of them ──

const tracks = [...(all?.querySelectorAll("video") ?? [])].map((video) => (
  { video, fps: Number(video.dataset.fps), frames: Number(video.dataset.frames) }
));
const clock = new Clock({ tracks: () => tracks, changed: show });
const isOpen = () => Boolean(all) && link.getAttribute("aria-current") === "true";
const part = (name) => all.querySelector(`[data-all="${name}"]`);

function show() {
  const at = all.querySelector("[data-all-at]");
  const said = `${clock.now.toFixed(2)} of ${clock.end.toFixed(2)} s`;
  at.max = clock.frames - 1;
  at.value = clock.frame;
  at.setAttribute("aria-valuetext", said);
  all.querySelector("[data-all-now]").textContent = clock.now.toFixed(2);
  all.querySelector("[data-all-end]").textContent = clock.end.toFixed(2);
  part("play").dataset.playing = String(clock.playing);
  part("play").setAttribute("aria-label", clock.playing ? "Pause all streams" : "Play all streams");
  showLog(clock.now);
  if (!clock.playing && Math.abs(player.currentTime - clock.now) > 0.5 / clock.fps) player.currentTime = clock.now;
}

const ACTS = {
  play: () => clock.toggle(), back: () => clock.step(-1), on: () => clock.step(1),
  loop: () => part("loop").setAttribute("aria-pressed", String((clock.loop = !clock.loop))),
};
const SECOND = { back: () => clock.seek(clock.now - 1), on: () => clock.seek(clock.now + 1) };
const PLAIN = {
  " ": ACTS.play, ArrowLeft: SECOND.back, ArrowRight: SECOND.on, Home: () => clock.seek(0), End: () => clock.seek(clock.end),
};
let keysBefore = null;

function open() {
  const { currentTime, paused } = player;
  player.pause();
  for (const { video } of tracks) {
    video.controls = false;
    video.src ||= video.dataset.src;
  }
  for (const button of all.querySelectorAll("[data-enlarge]")) button.hidden = false;
  document.querySelector(".stage").before(all);
  all.hidden = all.querySelector("[data-all-transport]").hidden = false;
  for (const one of document.querySelectorAll("[data-streams] a")) one.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  document.querySelector("[data-legend]").textContent = "";
  history.replaceState(history.state, "", link.href);
  keysBefore ??= bind({
    play: ACTS.play, frame_back: ACTS.back, frame_on: ACTS.on, shuttle_back: SECOND.back, shuttle_on: SECOND.on,
  });
  clock.seek(currentTime);
  if (!paused) clock.play();
}

// Another stream follows in the player, where they all were.
function close() {
  const { playing, now } = clock;
  clock.pause();
  bind(keysBefore);
  keysBefore = null;
  all.hidden = true;
  link.removeAttribute("aria-current");
  player.currentTime = now;
  if (playing) player.play();
}

function enlarge(button) {
  const pressed = button.getAttribute("aria-pressed") === "true";
  for (const one of all.querySelectorAll("[data-enlarge]")) one.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-pressed", String(!pressed));
}

// Before the player hears of it: its links open one stream each.
function onLink(event) {
  const chosen = event.target.closest("[data-streams] a");
  if (!chosen || event.metaKey || event.ctrlKey || event.shiftKey) return;
  if (chosen !== link) {
    if (isOpen()) close();
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  if (!isOpen()) open();
}

function onKey(event) {
  const typing = event.target.closest("input:not([data-all-at]), textarea, select, [contenteditable], dialog, [popover]");
  const pressing = event.key === " " && event.target.closest("button, a, label, summary");
  if (!isOpen() || !PLAIN[event.key] || typing || pressing || event.metaKey || event.ctrlKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  PLAIN[event.key]();
}

function start() {
  document.addEventListener("click", onLink, true);
  document.addEventListener("keydown", onKey, true);
  all.addEventListener("click", (event) => {
    const button = event.target.closest("[data-all], [data-enlarge]");
    if (!button) return;
    if (button.dataset.all) ACTS[button.dataset.all]();
    else enlarge(button);
  });
  all.querySelector("[data-all-at]").addEventListener("input", (event) => clock.seekFrame(Number(event.target.value)));
  player.addEventListener("play", () => isOpen() && (player.pause(), clock.toggle()));
  player.addEventListener("seeking", () => {
    const moved = Math.abs(player.currentTime - clock.now) > 1 / clock.fps;
    if (isOpen() && !clock.playing && moved) clock.seek(player.currentTime);
  });
  // Who begins to write a note wants to see what it is about.
  document.addEventListener("focusin", (event) => {
    if (isOpen() && clock.playing && event.target.closest("textarea")) clock.pause();
  });
  if (isOpen()) open();
}

// ── The log ──

function follow() {
  player.requestVideoFrameCallback((_now, frame) => {
    if (!isOpen()) showLog(frame.mediaTime);
    follow();
  });
}

if (player) {
  if (all && link) start();
  onLog(goTo);
  readLog();
  showLog(timeNow());
  player.addEventListener("seeked", () => isOpen() || showLog(player.currentTime));
  document.addEventListener("htmx:after:swap", () => (readLog(), showLog(timeNow())));
  follow();
}
