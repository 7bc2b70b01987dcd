// Several takes on one clock: they start, step and stop together, and none runs away.

import { bind } from "./keys.js";

const SEEK_ABOVE = 0.12; // seconds off: jump
const NUDGE_ABOVE = 0.015; // seconds off: run a little faster or slower
const MOST_NUDGE = 0.08;

const bar = document.querySelector("[data-together]");
const position = bar.querySelector("[data-position]");
const button = bar.querySelector('[data-act="play"]');

let playing = false;
let seconds = 0; // where the clock stood at `since`
let since = 0; // milliseconds

const videos = () => [...document.querySelectorAll("#sides video")];
const fpsOf = (video) => Number(video.dataset.fps);
const lengthOf = (video) => Number(video.dataset.frames) / fpsOf(video);
const finest = () => Math.max(...videos().map(fpsOf), 1);
const end = () => Math.max(...videos().map(lengthOf), 0);
const now = () => (playing ? seconds + (performance.now() - since) / 1000 : seconds);

function setClock(at) {
  seconds = Math.max(0, Math.min(at, end()));
  since = performance.now();
}

// The middle of a frame is safely inside it, whatever the browser rounds.
function placeIn(video, at) {
  const frame = Math.min(Math.floor(at * fpsOf(video) + 1e-3), Number(video.dataset.frames) - 1);
  return (frame + 0.5) / fpsOf(video);
}

function timecode(at) {
  const fps = finest();
  const frame = Math.round(at * fps);
  const two = (number) => String(number).padStart(2, "0");
  return `${two(Math.floor(frame / fps))}:${two(Math.floor(frame % fps))}`;
}

function show() {
  const fps = finest();
  const at = now();
  position.max = Math.max(Math.round(end() * fps) - 1, 1);
  position.value = Math.round(at * fps);
  position.setAttribute("aria-valuetext", timecode(at));
  bar.querySelector("[data-now]").textContent = timecode(at);
  bar.querySelector("[data-end]").textContent = timecode(end());
  button.dataset.playing = String(playing);
  button.setAttribute("aria-label", playing ? "Pause" : "Play");
}

// ── Playing ──

function isOver(video, at) {
  return at >= lengthOf(video) - 0.5 / fpsOf(video);
}

function keepUp(video, at) {
  if (isOver(video, at)) {
    video.pause();
    return;
  }
  if (video.paused) video.play().catch(() => {});
  const off = video.currentTime - at;
  if (Math.abs(off) > SEEK_ABOVE) {
    if (!video.seeking) video.currentTime = at;
  } else {
    const nudge = Math.abs(off) > NUDGE_ABOVE ? Math.max(-MOST_NUDGE, Math.min(MOST_NUDGE, off * 2)) : 0;
    video.playbackRate = 1 - nudge;
  }
}

// While one has nothing to show the clock stands, and the others wait for it.
const isBehind = (video, at) => !isOver(video, at) && video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA;

function tick() {
  if (!playing) return;
  let at = now();
  const all = videos();
  if (all.some((video) => isBehind(video, at))) {
    setClock(Math.min(...all.filter((video) => !isOver(video, at)).map((video) => video.currentTime), at));
    for (const video of all) video.pause();
  } else {
    if (at >= end()) {
      setClock(0);
      at = 0;
    }
    for (const video of all) keepUp(video, at);
  }
  show();
  requestAnimationFrame(tick);
}

function play() {
  if (playing) return pause();
  if (now() >= end() - 1 / finest()) setClock(0);
  else setClock(now());
  playing = true;
  tick();
}

function pause() {
  seek(now());
}

function seek(at) {
  playing = false;
  const last = Math.max(...videos().map((video) => placeIn(video, end())), 0);
  setClock(Math.min(at, last));
  for (const video of videos()) {
    video.pause();
    video.playbackRate = 1;
    video.currentTime = placeIn(video, seconds);
  }
  show();
}

const step = (frames) => seek((Math.floor(now() * finest() + 1e-3) + frames + 0.01) / finest());

// ── Takes come while one looks ──

function dress() {
  const all = videos();
  for (const video of all) {
    video.controls = false;
    if (!playing) video.currentTime = placeIn(video, seconds);
  }
  bar.hidden = !all.length;
  show();
}

const ACTS = { play, back: () => step(-1), on: () => step(1) };
const PLAIN = {
  " ": play, ArrowLeft: () => seek(now() - 1), ArrowRight: () => seek(now() + 1),
  Home: () => seek(0), End: () => seek(end()),
};

bar.addEventListener("click", (event) => {
  ACTS[event.target.closest("[data-act]")?.dataset.act]?.();
});
position.addEventListener("input", () => seek((Number(position.value) + 0.01) / finest()));
document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || event.target.closest("a, button, input, dialog")) return;
  if (!PLAIN[event.key]) return;
  event.preventDefault();
  PLAIN[event.key]();
});
bind({
  play, frame_back: ACTS.back, frame_on: ACTS.on,
  second_back: PLAIN.ArrowLeft, second_on: PLAIN.ArrowRight,
});
document.addEventListener("htmx:after:swap", dress);
dress();
