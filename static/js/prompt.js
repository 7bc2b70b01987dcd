// The prompt box: it grows, arrow-up brings back what was ordered before, and a slash offers the
// team's templates.

import { Listbox } from "./listbox.js";
import { changed, close, promptBox, write } from "./panel.js";

const isBox = (element) => element.matches?.("[data-prompt]");

// ── Growing, where the style sheet alone can not ──

const grows = CSS.supports("field-sizing", "content");

function grow(box) {
  if (grows) return;
  box.style.setProperty("height", "auto");
  box.style.setProperty("height", `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`);
}

// ── History ──

let past = null; // newest first, as a promise
let place = -1; // in the past; -1 is the empty box

async function ask(address, found) {
  try {
    const answer = await fetch(address);
    return answer.ok ? found(await answer.json()) : [];
  } catch {
    return []; // nothing to offer while the connection is gone
  }
}

const recent = () => (past ??= ask("/prompts/recent/", (json) => json.prompts));

// What was brought back and not touched since: the caret stands where it was left, at the end.
function isRecalled(box, texts) {
  const atEnd = box.selectionStart === box.value.length && box.selectionEnd === box.value.length;
  return place >= 0 && atEnd && box.value === texts[place];
}

async function recall(box, way) {
  const texts = await recent();
  if (!isRecalled(box, texts)) {
    if (box.value || way < 0) return;
    place = -1;
  }
  const next = Math.min(place + way, texts.length - 1);
  if (next === place) return;
  place = next;
  write(box, place < 0 ? "" : texts[place]);
}

let known = []; // the past once it is here, to tell at once whether an arrow is ours
const mine = (box, way) => (box.value ? isRecalled(box, known) : way > 0);

function onArrow(event) {
  const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  const { shiftKey, ctrlKey, metaKey, altKey, isComposing } = event;
  if (!way || shiftKey || ctrlKey || metaKey || altKey || isComposing || !mine(event.target, way)) return;
  event.preventDefault();
  recall(event.target, way).then(async () => (known = await recent()));
}

function pick(event) {
  const picked = event.target.closest?.("[data-prompt-pick]");
  const box = promptBox();
  if (!picked || !box || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  close();
  write(box, picked.textContent);
}

// ── Templates by a slash ──

const NONE = { label: "No templates yet", hint: "Save as template keeps a prompt" };
const SLASH = /(?:^|\s)\/([^\n/]{0,40})$/;
let names = null; // of the templates, as a promise
let dismissed = -1; // where a slash stands that is meant as text
let after = null; // how many letters stand behind the template that is being put in

const templates = () => (names ??= ask("/templates/names/", (json) => json.templates));
const list = new Listbox("Templates", use);

function slash(box) {
  const found = box.selectionStart === box.selectionEnd && SLASH.exec(box.value.slice(0, box.selectionStart));
  return found ? { typed: found[1], start: box.selectionStart - found[1].length - 1 } : null;
}

async function offer(box) {
  const here = slash(box);
  if (!here || here.start === dismissed) {
    if (!here) dismissed = -1;
    list.close();
    return;
  }
  const all = await templates();
  if (slash(box)?.start !== here.start) return; // typed on meanwhile
  const wanted = here.typed.toLowerCase();
  const found = all.filter((one) => one.label.toLowerCase().includes(wanted));
  list.show(box, all.length || wanted ? found : [NONE]);
}

// The server puts the template into the form, or asks first for what its placeholders stand for.
function use({ address }) {
  const box = promptBox();
  const here = slash(box);
  if (!address || !here) return;
  const button = box.form.querySelector("[data-template-use]");
  const rest = box.value.slice(box.selectionStart);
  changed(box);
  after = rest.length;
  button.setAttribute("hx-post", address);
  button.setAttribute("hx-vals", JSON.stringify({ before: box.value.slice(0, here.start), after: rest }));
  button.dispatchEvent(new Event("use"));
}

function onTaken() {
  const box = promptBox();
  const caret = box.value.length - (after ?? 0);
  box.setSelectionRange(caret, caret);
  after = null;
}

function onKey(event) {
  if (!isBox(event.target)) return;
  const here = slash(event.target);
  if (list.key(event)) {
    if (event.key === "Escape") dismissed = here?.start ?? -1;
  } else onArrow(event);
}

function onInput(event) {
  if (!isBox(event.target)) return;
  grow(event.target);
  if (event.isTrusted && (event.data ?? "").length < 2) offer(event.target); // typed, not put in
}

// ── Texts to leave out ──

const parts = (text) => text.split(",").map((part) => part.trim()).filter(Boolean);

function leaveOut(event) {
  const pressed = event.target.closest?.("[data-leave-out]");
  const box = pressed?.form?.elements.negative_prompt;
  if (!box) return;
  const text = pressed.dataset.leaveOut;
  const there = parts(box.value);
  const has = new Set(there.map((part) => part.toLowerCase()));
  const more = parts(text).filter((part) => !has.has(part.toLowerCase()));
  write(box, "replace" in pressed.dataset ? text : [...there, ...more].join(", "));
}

document.addEventListener("keydown", onKey, { capture: true });
document.addEventListener("input", onInput);
document.addEventListener("focusout", (event) => isBox(event.target) && list.close());
document.addEventListener("click", (event) => {
  pick(event);
  leaveOut(event);
});
document.addEventListener("prompt-taken", onTaken);
document.addEventListener("htmx:after:swap", (event) => {
  const box = promptBox();
  if (box) grow(box);
  if (event.detail.ctx.sourceElement.closest?.("[data-templates]")) names = null;
  if (event.detail.ctx.sourceElement.matches?.("form[data-draft]")) {
    past = null;
    place = -1;
  }
});
