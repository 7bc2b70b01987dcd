// The timeline of a comparison: filmstrip and frames of A, the notes of all sides, the range.

import { look, sides } from "./state.js";

const timeline = document.querySelector("[data-timeline]");
const scrub = timeline.querySelector(".scrub");
const playhead = timeline.querySelector(".playhead");
const range = timeline.querySelector("[data-range]");

const two = (number) => String(Math.floor(number)).padStart(2, "0");
let asFrames = false;

function timecode(frame, fps) {
  if (asFrames) return String(frame);
  const seconds = Math.floor(frame / fps + 1e-6);
  const rest = Math.max(Math.round(frame - seconds * fps), 0);
  return [seconds / 3600, (seconds / 60) % 60, seconds % 60, rest].map(two).join(":");
}

function put(element, names, share) {
  for (const name of names) element.setAttribute(name, `${(100 * share).toFixed(3)}%`);
}

// Where notes are does not change while it plays, only with an offset.
export function placePins(clock) {
  for (const pin of timeline.querySelectorAll("[data-pin]")) {
    const side = sides.find(({ letter }) => letter === pin.dataset.pin);
    const shareOf = (frame) => (frame - side.offset) / side.fps / clock.end;
    const start = shareOf(Number(pin.dataset.frame));
    put(pin.querySelector("circle"), ["cx"], start);
    put(pin.querySelector("text"), ["x"], start);
    const rect = pin.querySelector("rect");
    if (rect) put(rect, ["x"], start);
  }
}

export function showRange(clock) {
  range.toggleAttribute("hidden", look.first === null && look.last === null);
  const first = look.first ?? 0;
  const last = look.last ?? clock.frames - 1;
  put(range, ["x"], first / clock.frames);
  put(range, ["width"], (last + 1 - first) / clock.frames);
}

export function showTime(clock, now, end) {
  scrub.max = clock.frames - 1;
  scrub.value = clock.frame;
  scrub.setAttribute("aria-valuetext", `Frame ${clock.frame} of ${clock.frames - 1}, ${timecode(clock.frame, clock.fps)}`);
  put(playhead, ["x1", "x2"], Math.min(clock.now / (clock.end || 1), 1));
  now.textContent = timecode(clock.frame, clock.fps);
  end.textContent = timecode(clock.frames, clock.fps);
}

export function changeUnits() {
  asFrames = !asFrames;
}

export function onScrub(act) {
  scrub.addEventListener("input", () => act(Number(scrub.value)));
}
