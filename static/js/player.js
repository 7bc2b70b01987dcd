// The clip page's player: frame-exact stepping, timecode, keys. Without it the browser's own
// controls stay.

import { bind } from "./keys.js";

const stage = document.querySelector("[data-player]");
const video = stage.querySelector("video");

if (video) start(video);
followTakes();

function start(video) {
  let fps = Number(video.dataset.fps);
  let frames = Number(video.dataset.frames);
  const transport = document.querySelector("[data-transport]");
  const timeline = document.querySelector("[data-timeline]");
  const scrub = timeline.querySelector(".scrub");
  const playhead = timeline.querySelector(".playhead");
  const playButton = transport.querySelector('[data-act="play"]');
  const speeds = [1, 0.5, 0.25, 2];
  const pad = (number) => String(number).padStart(2, "0");
  let asFrames = false;

  video.controls = false;
  transport.hidden = timeline.hidden = false;

  const frameNow = () => Math.min(frames - 1, Math.floor(video.currentTime * fps + 1e-3));

  function timecode(frame) {
    if (asFrames) return String(frame);
    const seconds = Math.floor(frame / fps);
    const parts = [seconds / 3600, (seconds / 60) % 60, seconds % 60, frame - seconds * fps];
    return parts.map((part) => pad(Math.floor(part))).join(":");
  }

  function show(frame = frameNow()) {
    const percent = `${(100 * frame) / Math.max(frames - 1, 1)}%`;
    transport.querySelector("[data-now]").textContent = timecode(frame);
    transport.querySelector("[data-end]").textContent = timecode(frames);
    scrub.value = frame;
    scrub.setAttribute("aria-valuetext", `Frame ${frame} of ${frames - 1}, ${timecode(frame)}`);
    playhead.setAttribute("x1", percent);
    playhead.setAttribute("x2", percent);
  }

  // The middle of a frame is safely inside it, whatever the browser rounds.
  function seek(frame) {
    const wanted = Math.max(0, Math.min(frames - 1, frame));
    video.currentTime = (wanted + 0.5) / fps;
    show(wanted);
    offerFrame((wanted + 0.5) / fps);
  }

  function step(by) {
    video.pause();
    seek(frameNow() + by);
  }

  // The next shot may go on after the frame that stands still, in the take's own frames; of some
  // takes these come unevenly, and then the server knows when each begins.
  const onward = document.querySelector("[data-continue]");
  let begins = null;

  async function frameOfTake(time) {
    begins ??= fetch(onward.dataset.times).then((answer) => (answer.ok ? answer.json() : []), () => []);
    const found = (await begins).filter((moment) => moment <= time + 1e-3).length - 1;
    return found < 0 ? Math.floor(time * Number(onward.dataset.fps) + 1e-3) : found;
  }

  async function offerFrame(time = video.currentTime) {
    if (!onward) return;
    const last = Number(onward.dataset.last);
    const frame = Math.min(last, await frameOfTake(time));
    onward.hidden = !video.paused || frame === last;
    onward.querySelector("[data-continue-frame]").textContent = frame;
    const address = new URL(onward.href);
    address.searchParams.set("frame", frame);
    onward.href = address.href;
  }

  function changeSpeed() {
    const next = speeds[(speeds.indexOf(video.playbackRate) + 1) % speeds.length];
    video.playbackRate = next;
    transport.querySelector("[data-speed]").textContent = `${next}×`;
  }

  function toggleLoop() {
    video.loop = !video.loop;
    transport.querySelector('[data-act="loop"]').setAttribute("aria-pressed", video.loop);
  }

  const actions = {
    play: () => (video.paused ? video.play() : video.pause()),
    back: () => step(-1),
    on: () => step(1),
    loop: toggleLoop,
    speed: changeSpeed,
    timecode: () => ((asFrames = !asFrames), show()),
    full: () => (document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen()),
  };
  const keys = {
    " ": actions.play, ArrowLeft: () => step(-Math.round(fps)), ArrowRight: () => step(Math.round(fps)),
    Home: () => seek(0), End: () => seek(frames - 1),
  };
  bind({
    play: actions.play, frame_back: actions.back, frame_on: actions.on, full: actions.full,
    second_back: keys.ArrowLeft, second_on: keys.ArrowRight,
  });

  transport.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button) actions[button.dataset.act]();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not(.scrub), textarea, select, [contenteditable]");
    const pressing = event.key === " " && event.target.closest("button, a, label");
    if (typing || pressing || event.metaKey || event.ctrlKey || event.altKey) return;
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
  scrub.addEventListener("input", () => (video.pause(), seek(Number(scrub.value))));
  video.addEventListener("click", actions.play);
  for (const name of ["play", "pause"]) {
    video.addEventListener(name, () => {
      playButton.setAttribute("aria-label", video.paused ? "Play" : "Pause");
      stage.dataset.playing = String(!video.paused);
      playButton.dataset.playing = String(!video.paused);
      offerFrame();
    });
  }
  const streams = document.querySelectorAll("[data-streams] a");
  for (const link of streams) {
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      playStream(link);
    });
  }
  video.addEventListener("seeked", () => show());
  video.addEventListener("loadedmetadata", () => show());
  follow();
  show(0);

  // Another view of the same moments: it goes on where the last one was.
  function playStream(link) {
    const { currentTime, paused, playbackRate } = video;
    fps = Number(link.dataset.fps);
    frames = Number(link.dataset.frames);
    scrub.max = frames - 1;
    video.removeAttribute("poster");
    video.src = link.dataset.src;
    video.addEventListener("loadedmetadata", () => {
      Object.assign(video, { currentTime, playbackRate });
      if (!paused) video.play();
    }, { once: true });
    for (const one of streams) one.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    document.querySelector("[data-legend]").textContent = link.dataset.says;
    history.replaceState(history.state, "", link.href);
  }

  function follow() {
    video.requestVideoFrameCallback((_now, frame) => {
      show(Math.min(frames - 1, Math.floor(frame.mediaTime * fps + 0.5)));
      follow();
    });
  }
}

// A new take shows up in the strip by itself; a page without any opens its first one.
function followTakes() {
  const shown = document.querySelector("#takes [aria-current]")?.dataset.take;
  document.addEventListener("htmx:after:swap", () => {
    const strip = document.getElementById("takes");
    if (!video && strip.querySelector("[data-take]")) location.reload();
    strip.querySelector(`[data-take="${shown}"]`)?.setAttribute("aria-current", "true");
  });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(document.querySelector(button.dataset.copy).innerText);
  });
}
