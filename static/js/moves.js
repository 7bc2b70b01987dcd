// The camera panel: sliders and named moves within what the model allows, the outline of the move,
// and its words for the prompt. What a model's camera can do stands in the panel as data.

import { Camera, place } from "./camera.js";
import { draw, isPlaying, missing, play, stop } from "./preview.js";
import {
  axesOf, formOf, isStill, listed, numberOf, panelOf, rowsOf, sentence, SHOWN_SEED, shotOf, swayOf, valueOf, wholeOf,
} from "./shot.js";

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
  if (!isPlaying(panel)) stop();
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
    if (isPlaying(panelOf(form))) stop();
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
document.addEventListener("preview-missing", (event) => {
  const form = formOf(event.target);
  note(form, event.target, shotOf(form, event.target));
});
document.addEventListener("frames-changed", (event) => showCamera(formOf(event.target)));
document.addEventListener("htmx:after:swap", () => showCamera(document.querySelector("[data-draft]")));
showCamera(document.querySelector("[data-draft]"));
