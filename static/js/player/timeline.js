// The strip under the player: where it is, the part between in and out, and the pins of notes.
//
// Dragging the film scrubs. Dragging the lane of pins above it, or anywhere with Shift, makes a range.

const LANE_PIXELS = 22;
const PIN_PIXELS = 12;
const FAR_PIXELS = 4; // less is a press and no drag
const MOST_TICKS = 24;
const SVG = "http://www.w3.org/2000/svg";

export function makeTimeline(timeline, picture, range, { asText }) {
  const scrub = timeline.querySelector(".scrub");
  const playhead = timeline.querySelector(".playhead");
  const bar = timeline.querySelector("[data-range]");
  const percent = (frame) => `${(100 * frame) / Math.max(picture.clock.last, 1)}%`;

  function show() {
    const { frame, clock } = picture;
    scrub.max = clock.last;
    scrub.value = frame;
    scrub.setAttribute("aria-valuetext", `Frame ${frame} of ${clock.last}, ${asText(frame)}`);
    for (const name of ["x1", "x2"]) playhead.setAttribute(name, percent(frame));
  }

  function showRange() {
    const { first, last } = range;
    bar.toggleAttribute("hidden", first === null && last === null);
    const [from, to] = [first ?? last ?? 0, last ?? first ?? 0];
    bar.setAttribute("x", percent(from));
    bar.setAttribute("width", percent(Math.max(to - from, 0.2)));
  }

  function showTicks() {
    const { rate, last } = picture.clock;
    const every = rate * Math.max(1, Math.ceil(last / rate / MOST_TICKS));
    const lines = [];
    for (let frame = every; frame < last; frame += every) {
      const line = document.createElementNS(SVG, "line");
      const place = { class: "tick", x1: percent(frame), x2: percent(frame), y1: 14, y2: 22 };
      for (const [name, value] of Object.entries(place)) line.setAttribute(name, value);
      lines.push(line);
    }
    timeline.querySelector("[data-ticks]").replaceChildren(...lines);
  }

  // ── Pointers ──

  const box = () => timeline.getBoundingClientRect();
  const frameUnder = (event) => picture.clock.within(((event.clientX - box().left) / box().width) * picture.clock.last);

  function pinUnder(event) {
    const { left, top } = box();
    if (event.clientY - top > LANE_PIXELS) return null;
    let nearest = null;
    for (const pin of timeline.querySelectorAll("[data-pin]")) {
      const { left: begin, width } = pin.querySelector("circle").getBoundingClientRect();
      const far = width ? Math.abs(begin + width / 2 - event.clientX) : Infinity;
      if (far <= PIN_PIXELS && far < (nearest?.far ?? Infinity)) nearest = { far, pin };
    }
    return left >= 0 || nearest ? nearest?.pin : null;
  }

  function begin(event) {
    const inLane = event.clientY - box().top <= LANE_PIXELS;
    if (event.button || !(inLane || event.shiftKey)) return;
    event.preventDefault();
    event.stopPropagation();
    drag(event, pinUnder(event));
  }

  function drag(start, pin) {
    const from = frameUnder(start);
    let far = false;
    const move = (event) => {
      far ||= Math.abs(event.clientX - start.clientX) > FAR_PIXELS;
      if (!far) return;
      picture.pause();
      const to = frameUnder(event);
      range.set(Math.min(from, to), Math.max(from, to));
      picture.seek(to);
    };
    const end = () => {
      timeline.removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) timeline.removeEventListener(name, end);
      if (far) picture.seek(range.first);
      else if (pin) pin.dispatchEvent(new CustomEvent("note:show", { bubbles: true, detail: pin.dataset.pin }));
      else picture.seek(from);
    };
    timeline.setPointerCapture(start.pointerId);
    timeline.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) timeline.addEventListener(name, end);
  }

  timeline.addEventListener("pointerdown", begin, { capture: true });
  scrub.addEventListener("input", () => {
    picture.pause();
    picture.seek(Number(scrub.value));
  });
  picture.addEventListener("frame", show);
  picture.addEventListener("state", () => (show(), showTicks()));
  range.addEventListener("change", showRange);
  show();
  showRange();
  showTicks();
}
