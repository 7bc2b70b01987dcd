// The camera panel: sliders and named moves, the sentence about them, and the move itself, played
// over the author's own first frame. What a model's camera can do stands in the panel as data.

import { Camera, FPS, place, sizeOf } from "./camera.js";

const SHOWN_SEED = 1; // without a seed every take sways in its own way; this one is shown
const PAUSE_SECONDS = 0.7; // at the end of a move, before it is played again
const MOST_PIXELS = 2; // for each pixel of the page

const panelOf = (form) => form?.querySelector("[data-camera]");
const formOf = (element) => element.closest?.("[data-draft]");
const rowsOf = (panel) => [...panel.querySelectorAll("[data-axis]")];
const numberOf = (row) => row.querySelector("input[type=number]");
const isStill = (axes) => !Object.values(axes).some(Boolean);
const listed = (words) => [words.slice(0, -1).join(", "), words.at(-1)].filter(Boolean).join(" and ");

// ── What the form says ──

const valueOf = (form, name) => form.elements[name]?.value ?? "";
const swayOf = (form) => form.querySelector("input[type=checkbox][name=sway]");
const axesOf = (panel) =>
  Object.fromEntries(rowsOf(panel).map((row) => [row.dataset.axis, Number(numberOf(row).value) || 0]));

// The button of the model's own move that is chosen.
function wholeOf(form, panel) {
  const chosen = panel.dataset.types && valueOf(form, panel.dataset.types);
  return chosen ? panel.querySelector(`[data-whole="${CSS.escape(chosen)}"]`) : null;
}

const picturesOf = (form) =>
  ["first_frame", "last_frame"].map((name) => form.querySelector(`[data-slot="${name}"] img`)?.src.replace("?size=small", ""));

function shotOf(form, panel) {
  const whole = wholeOf(form, panel);
  const sway = swayOf(form);
  const axes = whole ? JSON.parse(whole.dataset.like) : axesOf(panel);
  const [width, height] = sizeOf(valueOf(form, "aspect"), valueOf(form, "resolution"));
  const [first, last] = picturesOf(form);
  return {
    width, height, axes,
    seconds: Number(valueOf(form, "duration")) || Number(panel.querySelector("[data-seconds]").dataset.seconds) || 5,
    seed: Number(valueOf(form, "seed") || SHOWN_SEED),
    sways: sway ? sway.checked : isStill(axes),
    lands: Boolean(first && last),
    pictures: first ? [first, last].filter(Boolean) : [],
  };
}

// ── The sentence ──

function degree(panel, strength) {
  const degrees = JSON.parse(panel.dataset.degrees);
  return (degrees.find(([most]) => strength <= most) ?? degrees.at(-1))[1];
}

function sentence(form, panel) {
  const whole = wholeOf(form, panel);
  if (whole) return `The camera ${whole.dataset.said}.`;
  const axes = axesOf(panel);
  const strength = (row) => Math.abs(axes[row.dataset.axis]);
  const said = rowsOf(panel).filter(strength).sort((a, b) => strength(b) - strength(a)).map((row) => {
    const words = axes[row.dataset.axis] < 0 ? row.dataset.minus : row.dataset.plus;
    return words.replace("{}", degree(panel, strength(row))).replaceAll("  ", " ").trim();
  });
  const still = swayOf(form)?.checked ? "stays in its place, hand-held" : "stays still";
  return `The camera ${listed(said) || still}.`;
}

// ── Setting a move ──

const put = new WeakMap(); // form → the move that "keep still" or a whole move put away

function setAxes(form, wanted) {
  for (const row of rowsOf(panelOf(form))) {
    const value = wanted[row.dataset.axis] ?? 0;
    numberOf(row).value = value;
    row.querySelector("input[type=range]").value = value;
  }
}

function setType(form, name) {
  const { types } = panelOf(form).dataset;
  for (const control of types ? form.querySelectorAll(`[name="${CSS.escape(types)}"]`) : []) {
    if (control.type === "radio") control.checked = control.value === name;
    else control.value = name;
  }
}

function setSway(form, sways) {
  const box = swayOf(form);
  if (box) box.checked = sways;
}

const tell = (form) => numberOf(rowsOf(panelOf(form))[0]).dispatchEvent(new Event("change", { bubbles: true }));

function putAway(form) {
  if (!isStill(axesOf(panelOf(form)))) put.set(form, axesOf(panelOf(form)));
  setAxes(form, {});
}

function take(form, axes) {
  setType(form, "");
  setAxes(form, axes);
  if (isStill(axes)) setSway(form, true);
  tell(form);
}

function takeWhole(form, name) {
  const again = valueOf(form, panelOf(form).dataset.types) === name;
  setType(form, again ? "" : name);
  if (again) setAxes(form, put.get(form) ?? {});
  else putAway(form);
  tell(form);
}

function keepStill(form, still) {
  setType(form, "");
  if (still) putAway(form);
  else setAxes(form, put.get(form) ?? {});
  setSway(form, !still);
  tell(form);
}

function reset(form) {
  put.delete(form);
  take(form, {});
}

// ── What the model allows ──

function whyNot(form, panel, moving) {
  const whole = wholeOf(form, panel);
  const most = Number(panel.dataset.most) || Infinity;
  if (whole) return `“${whole.textContent.trim()}” is a whole move of this model. Press it again to set the axes.`;
  if (moving.length < most) return "";
  const axes = most === 1 ? "one axis" : `${most} axes`;
  const names = listed(moving.map((row) => row.querySelector(".name").firstChild.nextSibling?.textContent.trim() || row.dataset.axis));
  const next = moving.length > most ? "has too much to do: set some of them to 0." : "is set: set it to 0 to move on another one.";
  return `This model moves the camera on ${axes} at a time, and ${names} ${next}`;
}

function allow(form, panel) {
  const moving = rowsOf(panel).filter((row) => Number(numberOf(row).value));
  const why = whyNot(form, panel, moving);
  for (const row of rowsOf(panel)) {
    const off = Boolean(why) && (wholeOf(form, panel) || !moving.includes(row));
    numberOf(row).readOnly = Boolean(off); // one that is disabled would not be sent
    row.querySelector("input[type=range]").disabled = Boolean(off);
  }
  const said = panel.querySelector("[data-axes-why]");
  said.textContent = why;
  said.hidden = !why;
  for (const button of panel.querySelectorAll("[data-move]")) {
    const count = Object.values(JSON.parse(button.dataset.move)).filter(Boolean).length;
    button.disabled = count > (Number(panel.dataset.most) || Infinity);
    button.title = button.disabled ? "This model moves the camera on fewer axes at a time." : "";
  }
}

// ── Showing it ──

const isMove = (move, now) => Object.entries(now).every(([axis, strength]) => (move[axis] ?? 0) === strength);

function press(form, panel, now) {
  const whole = wholeOf(form, panel);
  const sways = swayOf(form)?.checked ?? true;
  for (const button of panel.querySelectorAll("[data-move]")) {
    const move = JSON.parse(button.dataset.move);
    const on = !whole && isMove(move, now) && (sways || !isStill(move));
    button.setAttribute("aria-pressed", String(on));
  }
  for (const button of panel.querySelectorAll("[data-whole]")) button.setAttribute("aria-pressed", String(button === whole));
  panel.querySelector("[data-keep-still]").checked = isStill(now) && !whole && !swayOf(form)?.checked;
}

function setAll(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

function outline(panel, shot, small) {
  const box = place([shot.width, shot.height], { width: 1600, height: 900 }, 0.78);
  const corners = new Camera({ ...shot, sways: false }).end();
  const points = corners.map(([x, y]) => `${(box.x + x * box.width).toFixed(1)},${(box.y + y * box.height).toFixed(1)}`);
  setAll(panel.querySelector("[data-camera-from]"), box);
  const image = panel.querySelector("[data-camera-picture]");
  setAll(image, box);
  if (small) image.setAttribute("href", small);
  else image.removeAttribute("href");
  panel.querySelector("[data-camera-to]").setAttribute("points", points.join(" "));
  panel.querySelector("[data-camera-shade]").setAttribute("d", `M0 0H1600V900H0ZM${points.join("L")}Z`);
}

function note(form, panel, shot) {
  const said = [];
  if (!shot.pictures.length) said.push("Add a first frame to see the move over it.");
  if (shot.lands) said.push("Where your two frames are alike, Animatic moves one into the other; here they dissolve.");
  if (shot.sways && !valueOf(form, "seed")) said.push(`Sway as with seed ${SHOWN_SEED}; without a seed each take sways in its own way.`);
  if (!swayOf(form)) said.push("Drawn as Animatic moves; this model may move differently.");
  if (missing) said.splice(0, said.length, missing);
  const line = panel.querySelector("[data-camera-note]");
  line.textContent = said.slice(0, 2).join(" ");
  line.hidden = !said.length;
}

// ── The stage ──

const NO_STAGE = "The move can not be played here: this browser has no WebGL 2.";
const NO_PICTURE = "The move can not be played here: the picture could not be read.";
let stage; // one for the page; null where the browser can not draw it
let shown = ""; // which pictures are on it
let missing = ""; // why there is no preview
let playing = 0;
let played = ""; // the shot that is

async function loaded(src) {
  const image = new Image();
  image.crossOrigin = "anonymous"; // a bucket that lets us read its pictures sends them so
  image.src = src;
  await image.decode();
  return image;
}

async function raise() {
  try {
    const { Stage } = await import("./stage.js");
    stage ??= new Stage();
    stage.canvas.addEventListener("webglcontextlost", onLost);
  } catch {
    lose();
  }
}

function lose() {
  stage?.canvas.remove();
  stage = null;
}

function onLost() {
  lose();
  for (const panel of document.querySelectorAll("[data-camera]")) drop(panel, NO_STAGE);
}

async function setPictures(shot) {
  const wanted = JSON.stringify([shot.pictures, shot.width, shot.height]);
  if (wanted === shown) return;
  shown = wanted;
  const images = await Promise.all(shot.pictures.map(loaded));
  if (wanted === shown) stage.show(images, [shot.width, shot.height]);
}

function setCanvas(panel) {
  const holder = panel.querySelector("[data-camera-stage]");
  const { canvas } = stage;
  if (canvas.parentElement !== holder) {
    holder.prepend(canvas);
    watch.disconnect();
    watch.observe(holder);
  }
  setAll(canvas, { class: "cam-canvas", role: "img", "aria-label": "Preview of the camera move" });
  const scale = Math.min(window.devicePixelRatio || 1, MOST_PIXELS);
  stage.resize(Math.round(holder.clientWidth * scale), Math.round(holder.clientHeight * scale));
  holder.toggleAttribute("data-drawn", true);
  panel.querySelector("[data-camera-play]").hidden = false;
}

const watch = new ResizeObserver(([entry]) => draw(entry.target.closest("[data-camera]")));

// Without a stage the frames over the picture remain, and a sentence says why.
function drop(panel, why) {
  stop();
  missing = why;
  panel.querySelector("[data-camera-stage]").removeAttribute("data-drawn");
  panel.querySelector("[data-camera-play]").hidden = true;
  stage?.canvas.remove();
  note(formOf(panel), panel, shotOf(formOf(panel), panel));
}

async function draw(panel) {
  const form = panel && formOf(panel);
  if (!form) return;
  if (stage === undefined) await raise();
  if (!stage) {
    drop(panel, NO_STAGE);
    return;
  }
  try {
    await setPictures(shotOf(form, panel));
  } catch {
    shown = "";
    drop(panel, NO_PICTURE);
    return;
  }
  if (!panel.isConnected || !stage?.plates.length) return;
  missing = "";
  setCanvas(panel);
  if (!playing) stage.overview();
}

// ── Playing ──

function setPlaying(panel, now) {
  const holder = panel.querySelector("[data-camera-stage]");
  holder.toggleAttribute("data-playing", now);
  const button = panel.querySelector("[data-camera-play]");
  button.setAttribute("aria-pressed", String(now));
  button.lastElementChild.textContent = now ? "Stop" : "Preview move";
  panel.querySelector("[data-camera-legend]").hidden = now;
  panel.querySelector("[data-camera-clock]").hidden = !now;
}

function stop() {
  if (!playing) return;
  cancelAnimationFrame(playing);
  playing = 0;
  for (const panel of document.querySelectorAll("[data-camera]")) {
    setPlaying(panel, false);
    draw(panel);
  }
}

function play(panel) {
  const shot = shotOf(formOf(panel), panel);
  const camera = new Camera(shot);
  const length = (shot.seconds * FPS - 1) / FPS; // from the first frame of the clip to the last one
  const once = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const clock = panel.querySelector("[data-camera-clock]");
  let began;
  const step = (now) => {
    began ??= now;
    const gone = (now - began) / 1000;
    if (!panel.isConnected || (once && gone > length + PAUSE_SECONDS)) {
      stop();
      return;
    }
    const progress = Math.min(1, (gone % (length + PAUSE_SECONDS)) / length);
    stage.frame(camera, progress);
    clock.textContent = `${(progress * shot.seconds).toFixed(1)} / ${shot.seconds} s`;
    playing = requestAnimationFrame(step);
  };
  played = JSON.stringify(shot);
  setPlaying(panel, true);
  playing = requestAnimationFrame(step);
}

// ── The move in words ──

const said = new WeakMap(); // form → the words that stand in its prompt

// As if it were typed, so that the browser's own undo takes it back.
function write(prompt, start, end, text) {
  prompt.focus();
  prompt.setSelectionRange(start, end);
  if (!document.execCommand("insertText", false, text)) prompt.setRangeText(text, start, end, "end");
}

const wordsIn = (form, words) => (words ? form.querySelector("[data-prompt]").value.indexOf(words) : -1);

function sayMove(form, panel) {
  const prompt = form.querySelector("[data-prompt]");
  const words = sentence(form, panel);
  const old = wordsIn(form, words) >= 0 ? words : said.get(form);
  const at = wordsIn(form, old);
  const gap = prompt.value.trim() ? (/\s$/.test(prompt.value) ? "" : " ") : "";
  if (at < 0) write(prompt, prompt.value.length, prompt.value.length, gap + words);
  else if (old !== words) write(prompt, at, at + old.length, words);
  else write(prompt, prompt.value[at - 1] === " " ? at - 1 : at, at + old.length, "");
  said.set(form, words);
  showWords(form, panel);
}

function showWords(form, panel) {
  const button = panel.querySelector("[data-say-move]");
  if (!button) return;
  const stands = wordsIn(form, sentence(form, panel)) >= 0;
  const older = !stands && wordsIn(form, said.get(form)) >= 0;
  const verb = stands ? "Take the move out of the prompt" : older ? "Change the move in the prompt" : "Add the move to the prompt as words";
  button.querySelector("span").textContent = verb;
}

// ── Events ──

function showCamera(form) {
  const panel = panelOf(form);
  if (!panel) return;
  const now = axesOf(panel);
  const shot = shotOf(form, panel);
  const isShown = panel.querySelector("[data-camera-stage]").hasAttribute("data-playing");
  if (!isShown || JSON.stringify(shot) !== played) stop();
  for (const row of rowsOf(panel)) row.style.setProperty("--axis", now[row.dataset.axis]);
  press(form, panel, now);
  allow(form, panel);
  outline(panel, shot, form.querySelector('[data-slot="first_frame"] img')?.src);
  const line = panel.querySelector("[data-camera-sentence]");
  const words = sentence(form, panel);
  if (line.textContent !== words) line.textContent = words;
  showWords(form, panel);
  note(form, panel, shot);
  draw(panel);
}

function onClick(event) {
  const pressed = event.target.closest(
    "[data-move], [data-whole], [data-camera-reset], [data-camera-play], [data-say-move], [data-preset=camera]",
  );
  const form = pressed && formOf(pressed);
  if (!form) return;
  if (pressed.matches("[data-camera-play]")) {
    if (playing) stop();
    else play(panelOf(form));
  } else if (pressed.matches("[data-say-move]")) {
    event.preventDefault();
    sayMove(form, panelOf(form));
  } else if (pressed.matches("[data-whole]")) takeWhole(form, pressed.dataset.whole);
  else if (pressed.matches("[data-camera-reset]")) reset(form);
  else take(form, JSON.parse(pressed.dataset.move ?? pressed.value));
}

function onChange(event) {
  const form = formOf(event.target);
  const panel = panelOf(form);
  if (!panel) return;
  if (event.target.matches("[data-keep-still]")) keepStill(form, event.target.checked);
  if (wholeOf(form, panel) && !isStill(axesOf(panel))) {
    putAway(form);
    tell(form);
  }
  showCamera(form);
}

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-keep-still]")) showCamera(formOf(event.target)); // that one asks at its change
});
document.addEventListener("change", onChange);
document.addEventListener("click", onClick);
document.addEventListener("frames-changed", (event) => showCamera(formOf(event.target)));
document.addEventListener("htmx:after:swap", () => showCamera(document.querySelector("[data-draft]")));
showCamera(document.querySelector("[data-draft]"));
