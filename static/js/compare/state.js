// How the takes are looked at: read from the page that the server made of the address, and written
// back into the address, so that whoever opens it sees the same.

export const stage = document.querySelector("[data-compare]");

// Also the tracks of the clock.
export const sides = [...stage.querySelectorAll("[data-side]")].map((element) => {
  const video = element.querySelector("video");
  const { fps, frames, offset } = video.dataset;
  return { letter: element.dataset.side, element, video, fps: Number(fps), frames: Number(frames), offset: Number(offset) };
});

const told = stage.dataset;
const numberOr = (text, other) => (text ? Number(text) : other);

export const look = {
  mode: document.querySelector("[name=mode]:checked").value,
  frame: Number(told.frame),
  wipe: Number(told.wipe),
  mix: Number(told.mix),
  flick: told.flick,
  sound: told.sound,
  loop: told.loop === "1",
  first: numberOr(told.in, null),
  last: numberOr(told.out, null),
};

export const shown = () => (look.mode === "four" ? sides : sides.slice(0, 2));

const LETTERS = "abcd";

// The address of the same view, or of other takes seen in the same way.
export function addressOf(takes = told.takes, change = {}) {
  const now = { ...look, ...change };
  const offsets = (change.offsets ?? sides.map(({ offset }) => offset)).map((offset, index) => [LETTERS[index], offset]);
  const query = new URLSearchParams({
    takes, mode: now.mode, frame: now.frame, ...Object.fromEntries(offsets), wipe: now.wipe, sound: now.sound,
    loop: Number(now.loop),
  });
  if (now.mode === "overlay") query.set("mix", now.mix);
  if (now.mode === "flick") query.set("flick", now.flick);
  if (now.first !== null || now.last !== null) {
    query.set("in", now.first ?? 0);
    if (now.last !== null) query.set("out", now.last);
  }
  return `${location.pathname}?${query}`.replaceAll("%2C", ",");
}

// Browsers allow only so many changes of the address in a while.
let later = 0;

export function keep() {
  clearTimeout(later);
  later = setTimeout(() => history.replaceState(history.state, "", addressOf()), 150);
}
