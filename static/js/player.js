// The clip page's player: frame by frame, by key, button and drag. Without it the browser's own
// controls stay.

import { bind, means, typing } from "./keys.js";
import { frameInAddress, picture, range, stage } from "./player/here.js";
import { makeOnward } from "./player/onward.js";
import { makePosition } from "./player/goto.js";
import { makeStreams } from "./player/streams.js";
import { Shuttle } from "./player/shuttle.js";
import { makeSound } from "./player/sound.js";
import { makeTimeline } from "./player/timeline.js";

const SPEEDS = [1, 0.5, 0.25, 2];

if (picture) start();
followTakes();

function start() {
  const { video } = picture;
  const transport = document.querySelector("[data-transport]");
  const timeline = document.querySelector("[data-timeline]");
  const button = (act) => transport.querySelector(`[data-act="${act}"]`);
  const shuttle = new Shuttle(picture, range);
  const position = makePosition(transport, picture, () => (position.show(), picture.dispatchEvent(new Event("frame"))));
  const sound = makeSound(transport, video);

  video.controls = false;
  transport.hidden = timeline.hidden = false;
  makeTimeline(timeline, picture, range, { asText: (frame) => position.asText(frame) });
  makeStreams(picture);
  makeOnward(picture);

  const second = () => picture.clock.rate;
  const still = (act) => () => {
    shuttle.stop();
    act();
  };
  const actions = {
    play: () => (shuttle.isBack ? shuttle.stop() : picture.toggle()),
    back: still(() => picture.step(-1)),
    on: still(() => picture.step(1)),
    loop: turnLoop,
    speed: changeSpeed,
    goto: position.ask,
    unit: position.turn,
    mute: sound.mute,
    range: pressRange,
    clear: () => range.clear(),
    full: () => (document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen()),
  };

  function changeSpeed() {
    video.playbackRate = SPEEDS[(SPEEDS.indexOf(video.playbackRate) + 1) % SPEEDS.length];
  }

  function turnLoop() {
    range.loops = !range.loops;
    video.loop = range.loops;
    button("loop").setAttribute("aria-pressed", String(range.loops));
  }

  // One button for what three keys do: in, then out, then neither.
  function pressRange() {
    if (range.isSet) range.clear();
    else if (range.first === null) range.markIn();
    else range.markOut();
  }

  function showRange() {
    const { first, isSet } = range;
    const next = isSet ? "Clear the range" : first === null ? "Range: set in" : "Range: set out";
    button("range").setAttribute("aria-pressed", String(first !== null));
    button("range").setAttribute("title", `${next} (I, O, Alt+X)`);
    const { clock } = picture;
    const said = isSet ? `${clock.short(range.first)}–${clock.short(range.last)}` : first === null ? "Range" : `${clock.short(first)}–`;
    button("range").querySelector("[data-range-said]").textContent = said;
  }

  function showState() {
    const { paused } = picture;
    button("play").setAttribute("aria-label", paused ? "Play" : "Pause");
    button("play").dataset.playing = stage.dataset.playing = String(!paused);
  }

  // ── Keys ──

  const fixed = {
    " ": actions.play,
    ArrowLeft: still(() => picture.step(-second())),
    ArrowRight: still(() => picture.step(second())),
    Home: still(() => picture.step(-picture.clock.frames)),
    End: still(() => picture.step(picture.clock.frames)),
  };
  bind({
    play: () => shuttle.hold(), shuttle_back: () => shuttle.back(), shuttle_on: () => shuttle.on(),
    frame_back: actions.back, frame_on: actions.on, range_in: () => range.markIn(), range_out: () => range.markOut(),
    goto: position.ask, mute: actions.mute, full: actions.full,
  });
  document.addEventListener("keyup", (event) => means("play", event) && shuttle.release());
  addEventListener("blur", () => shuttle.release());

  function onKey(event) {
    const elsewhere = typing(event) || event.target.closest?.("dialog, [popover], [data-ink-layer], [role=radiogroup]");
    const pressing = event.key === " " && event.target.closest?.("button, a, label, summary, [type=radio], [type=checkbox]");
    if (elsewhere || pressing || event.metaKey || event.ctrlKey || event.defaultPrevented) return;
    if (event.altKey) {
      if (event.code === "KeyX") event.preventDefault(), range.clear();
      return;
    }
    if (event.target.matches?.("[type=radio], select") && event.key.startsWith("Arrow")) return;
    const act = fixed[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
  document.addEventListener("keydown", onKey);

  transport.addEventListener("click", (event) => {
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (act) actions[act]();
  });
  video.addEventListener("click", actions.play);
  video.addEventListener("ratechange", () => {
    transport.querySelector("[data-speed]").textContent = `${video.playbackRate}×`;
  });
  picture.addEventListener("state", showState);
  range.addEventListener("change", showRange);
  showRange();

  function openAddress() {
    const frame = frameInAddress();
    if (frame !== null) picture.seekTake(frame);
  }
  addEventListener("hashchange", openAddress);
  openAddress();
}

// A new take shows up in the strip by itself; a page without any opens its first one.
function followTakes() {
  const shown = document.querySelector("#takes [aria-current]")?.dataset.take;
  document.addEventListener("htmx:after:swap", () => {
    const strip = document.getElementById("takes");
    if (!picture && strip.querySelector("[data-take]")) location.reload();
    strip.querySelector(`[data-take="${shown}"]`)?.setAttribute("aria-current", "true");
  });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(document.querySelector(button.dataset.copy).innerText);
  });
}
