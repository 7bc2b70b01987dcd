// The dialog for pictures: the library, a frame of any take, fitting. The server draws each part;
// here it is opened, scrubbed, dragged and closed. A [data-taken] in the answer names the slot that
// has its picture now.

const dialog = document.querySelector("[data-pictures]");
const find = (hook) => dialog.querySelector(hook);

// ── The dialog ──

function wait() {
  const said = Object.assign(document.createElement("p"), { className: "dim", textContent: "One moment." });
  said.setAttribute("role", "status");
  dialog.replaceChildren(said);
}

function open(opener) {
  opener.closest("[popover]")?.hidePopover();
  wait();
  if (!dialog.open) dialog.showModal();
}

function lose() {
  const said = find("[role=status], [role=alert]");
  if (!dialog.open || !said) return;
  said.textContent = "No answer came. Check the connection, then try again.";
  said.hidden = false;
}

function taken(name, words) {
  const slot = document.getElementById(`slot-${name}`);
  dialog.close();
  if (!slot) return;
  const said = slot.closest("[data-frames]").querySelector("[data-frames-status]");
  said.textContent = words;
  slot.querySelector("[data-slot-file]").focus();
  slot.dispatchEvent(new CustomEvent("frames-changed", { bubbles: true }));
}

// An answer without a form of ours is an error page: its sentence is what matters.
function onAnswer(event) {
  const { ctx } = event.detail;
  if (ctx.target !== dialog) return;
  const done = find("[data-taken]");
  if (done) return void taken(done.dataset.taken, done.textContent);
  dress();
  find("[autofocus]")?.focus();
}

function dress() {
  for (const hidden of dialog.querySelectorAll("[data-scripted]")) hidden.hidden = false;
  const scrubber = find("[data-scrubber]");
  if (scrubber) startScrubber(scrubber);
  const fit = find("[data-fit]");
  if (fit) startFit(fit);
}

// ── Rows of pictures: arrows go to the next one ──

function walk(event) {
  const items = [...dialog.querySelectorAll("[data-pic-item]")];
  const here = items.indexOf(event.target);
  const columns = items.filter((item) => item.offsetTop === items[0].offsetTop).length;
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
  const fromSearch = event.target.matches("[type=search]") && event.key === "ArrowDown";
  const next = fromSearch ? items[0] : here >= 0 && by && items[here + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

// ── One frame of a take ──

let keys = null; // what a key does in the part that is shown

function startScrubber(scrubber) {
  const video = find("video");
  const [scrub, number, head] = ["[data-scrub]", "#pic-frame", "[data-scrub-head]"].map(find);
  const fps = Number(scrubber.dataset.fps);
  const last = Number(scrubber.dataset.last);
  const times = scrubber.dataset.times.split(" ").filter(Boolean).map(Number);
  const second = Math.round(fps);
  video.controls = false;

  // The middle of a frame is safely inside it, whatever the browser rounds.
  function middle(frame) {
    if (!times.length) return (frame + 0.5) / fps;
    const end = times[frame + 1] ?? times[frame] + 1 / fps;
    return (times[frame] + end) / 2;
  }

  function go(wanted, typed = false) {
    const frame = Math.max(0, Math.min(last, Math.round(wanted) || 0));
    const place = `${(100 * frame) / Math.max(last, 1)}%`;
    video.currentTime = middle(frame);
    scrub.value = frame;
    if (!typed) number.value = frame;
    scrub.setAttribute("aria-valuetext", `Frame ${frame} of ${last}`);
    head.setAttribute("x1", place);
    head.setAttribute("x2", place);
  }

  const by = (frames) => () => go(Number(scrub.value) + frames);
  keys = {
    ",": by(-1), ".": by(1), ArrowLeft: by(-second), ArrowRight: by(second),
    Home: () => go(0), End: () => go(last),
  };
  scrub.addEventListener("input", () => go(Number(scrub.value)));
  number.addEventListener("input", () => go(Number(number.value), true));
  for (const button of dialog.querySelectorAll("[data-scrub-by]")) {
    button.addEventListener("click", by(Number(button.dataset.scrubBy)));
  }
  scrub.focus();
  go(Number(number.value), true);
}

// ── Crop and pad ──

function startFit(fit) {
  const size = [Number(fit.dataset.width), Number(fit.dataset.height)];
  const form = fit.closest("form");
  const field = (name) => form.elements[`pic-${name}`];
  const [box, shade, thirds, crop, pad, whole] = ["box", "shade", "thirds", "crop", "pad", "whole"].map((one) => find(`[data-fit-${one}]`));
  const edges = [...dialog.querySelectorAll("[data-fit-edge]")];

  function ratio() {
    const [wide, high] = field("ratio").value.split(":").map(Number);
    return wide / high;
  }

  const place = (free) => [free[0] * field("x").value, free[1] * field("y").value].map((part) => part / 100);
  const set = (element, values) => Object.entries(values).forEach(([name, value]) => element.setAttribute(name, value));

  function drawCrop() {
    const wide = (Math.min(size[0], size[1] * ratio()) * 100) / field("zoom").value;
    const [width, height] = [wide, wide / ratio()];
    const free = [size[0] - width, size[1] - height];
    const [x, y] = place(free);
    set(box, { x, y, width, height });
    shade.setAttribute("d", `M0 0h${size[0]}v${size[1]}H0zM${x} ${y}h${width}v${height}h${-width}z`);
    const lines = [1, 2].map((n) => `M${x + (width * n) / 3} ${y}v${height}M${x} ${y + (height * n) / 3}h${width}`);
    thirds.setAttribute("d", lines.join(""));
    return free;
  }

  function drawPad() {
    const sheet = [Math.max(size[0], size[1] * ratio()), Math.max(size[1], size[0] / ratio())];
    const free = [sheet[0] - size[0], sheet[1] - size[1]];
    const [x, y] = place(free);
    pad.setAttribute("viewBox", `0 0 ${sheet[0]} ${sheet[1]}`);
    set(whole, { x, y });
    const sides = free[0] > free[1];
    set(edges[0], { width: sides ? x : 0, height: sheet[1] });
    set(edges[1], { x: x + size[0], width: sides ? free[0] - x : 0, height: sheet[1] });
    set(edges[2], { width: sheet[0], height: sides ? 0 : y });
    set(edges[3], { y: y + size[1], width: sheet[0], height: sides ? 0 : free[1] - y });
    return free;
  }

  // Where there is nothing to move, there is no slider for it.
  function draw() {
    const frees = [drawCrop(), drawPad()];
    const free = frees[field("mode").value === "pad" ? 1 : 0];
    ["x", "y"].forEach((axis, index) => {
      find(`[data-fit-axis="${axis}"]`).hidden = free[index] < 0.5;
    });
    find("[data-fit-zoom]").textContent = `${Math.round(field("zoom").value)} %`;
    return free;
  }

  const nudge = (axis, by) => {
    field(axis).value = Number(field(axis).value) + by;
    draw();
  };

  // The box goes with the pointer, and so does a padded picture.
  function drag(event) {
    const svg = event.target.closest("svg");
    if (!svg || event.button) return;
    event.preventDefault();
    svg.setPointerCapture(event.pointerId);
    let from = [event.clientX, event.clientY];
    const move = (now) => {
      const free = draw();
      const scale = svg.getScreenCTM().a;
      const to = [now.clientX, now.clientY];
      ["x", "y"].forEach((axis, index) => {
        if (free[index] >= 0.5) nudge(axis, (100 * (to[index] - from[index])) / scale / free[index]);
      });
      from = to;
    };
    svg.addEventListener("pointermove", move);
    const end = () => svg.removeEventListener("pointermove", move);
    svg.addEventListener("pointerup", end, { once: true });
    svg.addEventListener("pointercancel", end, { once: true });
  }

  function zoom(event) {
    if (field("mode").value === "pad") return;
    event.preventDefault();
    nudge("zoom", -Math.sign(event.deltaY) * 5);
  }

  keys = {
    ArrowLeft: () => nudge("x", -1), ArrowRight: () => nudge("x", 1),
    ArrowUp: () => nudge("y", -1), ArrowDown: () => nudge("y", 1),
    "+": () => nudge("zoom", 5), "-": () => nudge("zoom", -5),
  };
  form.addEventListener("input", draw);
  const stage = crop.parentElement;
  stage.addEventListener("pointerdown", drag);
  stage.addEventListener("wheel", zoom, { passive: false });
  draw();
  const first = dialog.querySelector("[data-fit-axis]:not([hidden]) input") ?? field("zoom");
  first.focus();
}

// ── Events ──

// Sliders of a crop know the arrows themselves, and radios choose with them; a box for text keeps
// its own keys.
function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  walk(event);
  const act = keys?.[event.key];
  if (!act || event.defaultPrevented || event.target.matches("[type=number], [type=search], [type=radio]")) return;
  if (event.target.matches(".slider") && event.key.startsWith("Arrow")) return;
  event.preventDefault();
  act();
}

if (dialog) {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-pic-open]");
    if (opener) open(opener);
    const closer = event.target.closest?.("[data-pic-close]");
    if (closer && dialog.contains(closer)) {
      event.preventDefault();
      dialog.close();
    }
  });
  dialog.addEventListener("close", () => {
    keys = null;
    dialog.replaceChildren();
  });
  dialog.addEventListener("keydown", onKey);
  document.addEventListener("htmx:after:swap", onAnswer);
  document.addEventListener("htmx:error", lose);
}
