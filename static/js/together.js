// Takes of several models side by side, on one clock; more of them come while one looks.

import { Clock } from "./clock.js";
import { bind } from "./keys.js";

const bar = document.querySelector("[data-together]");
const position = bar.querySelector("[data-position]");
const button = bar.querySelector('[data-act="play"]');

const videos = () => [...document.querySelectorAll("#sides video")];
const trackOf = (video) => ({ video, fps: Number(video.dataset.fps), frames: Number(video.dataset.frames) });
const clock = new Clock({ tracks: () => videos().map(trackOf), changed: show });

function timecode(frame) {
  const two = (number) => String(number).padStart(2, "0");
  return `${two(Math.floor(frame / clock.fps))}:${two(Math.floor(frame % clock.fps))}`;
}

function show() {
  position.max = Math.max(clock.frames - 1, 1);
  position.value = clock.frame;
  position.setAttribute("aria-valuetext", timecode(clock.frame));
  bar.querySelector("[data-now]").textContent = timecode(clock.frame);
  bar.querySelector("[data-end]").textContent = timecode(clock.frames);
  button.dataset.playing = String(clock.playing);
  button.setAttribute("aria-label", clock.playing ? "Pause" : "Play");
}

function dress() {
  for (const video of videos()) video.controls = false;
  bar.hidden = !videos().length;
  if (clock.playing) show();
  else clock.seek(clock.now);
}

const ACTS = { play: () => clock.toggle(), back: () => clock.step(-1), on: () => clock.step(1) };
const PLAIN = {
  " ": ACTS.play, ArrowLeft: () => clock.seek(clock.now - 1), ArrowRight: () => clock.seek(clock.now + 1),
  Home: () => clock.seek(0), End: () => clock.seek(clock.end),
};

bar.addEventListener("click", (event) => {
  ACTS[event.target.closest("[data-act]")?.dataset.act]?.();
});
position.addEventListener("input", () => clock.seekFrame(Number(position.value)));
document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || event.target.closest("a, button, input, dialog")) return;
  if (!PLAIN[event.key]) return;
  event.preventDefault();
  PLAIN[event.key]();
});
bind({
  play: ACTS.play, frame_back: ACTS.back, frame_on: ACTS.on,
  shuttle_back: PLAIN.ArrowLeft, shuttle_on: PLAIN.ArrowRight,
});
document.addEventListener("htmx:after:swap", dress);
dress();
