// The position as a timecode or as a frame, whichever this browser was told; a press lets it be typed.

const KEPT = "frames";

export function makePosition(transport, picture, shown) {
  const button = transport.querySelector('[data-act="goto"]');
  const input = transport.querySelector("[data-goto]");
  const unit = transport.querySelector('[data-act="unit"]');
  let asFrames = localStorage.getItem(KEPT) === "yes";

  const asText = (frame) => (asFrames ? String(frame) : picture.clock.timecode(frame));

  function show() {
    button.querySelector("[data-now]").textContent = asText(picture.frame);
    button.querySelector("[data-end]").textContent = asText(picture.clock.frames);
    unit.textContent = asFrames ? "Frames" : "Timecode";
  }

  function turn() {
    asFrames = !asFrames;
    localStorage.setItem(KEPT, asFrames ? "yes" : "no");
    shown();
  }

  function ask() {
    picture.pause();
    button.hidden = true;
    input.hidden = false;
    input.value = asText(picture.frame);
    input.setCustomValidity("");
    input.focus();
    input.select();
  }

  function close({ focus = false } = {}) {
    if (input.hidden) return;
    button.hidden = false;
    if (focus) button.focus();
    input.hidden = true;
  }

  function go() {
    const frame = picture.clock.read(input.value);
    const { last } = picture.clock;
    if (frame === null || frame > last) {
      input.setCustomValidity(`Type a frame from 0 to ${last}, or a timecode like ${picture.clock.timecode(last)}.`);
      input.reportValidity();
      return;
    }
    picture.seek(frame);
    close({ focus: true });
  }

  input.addEventListener("input", () => input.setCustomValidity(""));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(), go();
    else if (event.key === "Escape") event.preventDefault(), close({ focus: true });
  });
  input.addEventListener("blur", () => close());
  picture.addEventListener("frame", show);
  picture.addEventListener("state", show);
  show();
  return { asText, show, turn, ask };
}
