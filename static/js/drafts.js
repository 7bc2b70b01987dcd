// What is typed is kept on the server while it is typed, and every change of the form can be undone.
//
// A snapshot is the form as pairs of name and text. Small changes are put back in place; where
// fields or files differ, the server draws the form of that snapshot anew.

const KEEP_AFTER_MS = 700;
const MOST_STEPS = 60;
const ONCE = new Set(["csrfmiddlewaretoken", "key", "shown_price", "ask", "dock", "look", "draft_rev", "rehearsed", "rehearsal_price", "bake", "baking", "bake_price", "bake_ask"]);

const formNow = () => document.querySelector("form[data-draft]");
const project = () => `draft-${document.body.dataset.member}-${formNow()?.dataset.project}`;

// The model that counts is the one whose form this is, until that of another one has come.
function pairs(form) {
  const counts = ([name, value]) => typeof value === "string" && !ONCE.has(name) && !name.startsWith("preset_");
  const said = [...new FormData(form)].filter(counts);
  return said.map(([name, value]) => [name, name === "model" ? form.elements.drawn_for.value : value]);
}

const textOf = (snapshot) => JSON.stringify(snapshot);

// ── Keeping ──

let waiting = 0;
let isConflict = false;
let isSending = false;
let kept = ""; // what the server has
let newest = 0; // the last revision that this window was told of

function body(form, extra = {}, snapshot = pairs(form)) {
  const data = new FormData();
  for (const [name, value] of snapshot) data.append(name, value);
  for (const name of ["csrfmiddlewaretoken", "draft_rev", "dock"]) data.set(name, form.elements[name].value);
  for (const [name, value] of Object.entries(extra)) data.set(name, value);
  return data;
}

function keepSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(keep, KEEP_AFTER_MS);
}

async function keep(extra) {
  clearTimeout(waiting);
  waiting = 0;
  const form = formNow();
  const sent = form && textOf(pairs(form));
  if (!form || form.elements.edit || (isConflict && !extra) || sent === kept) return;
  if (isSending) {
    keepSoon(); // one at a time, or this window would be behind itself
    return;
  }
  await send(form, pairs(form), extra);
}

async function send(form, snapshot, extra) {
  isSending = true;
  try {
    const answer = await fetch(form.dataset.keeps, { method: "POST", body: body(form, extra, snapshot), redirect: "error" });
    await follow(answer, textOf(snapshot));
  } catch {
    say("Not kept: the studio does not answer. What you typed stays in this window.");
  } finally {
    isSending = false;
  }
}

async function follow(answer, sent) {
  const form = formNow();
  const rev = answer.headers.get("Draft-Rev");
  isConflict = answer.status === 409;
  if (rev) {
    kept = sent;
    newest = Number(rev);
    form.elements.draft_rev.value = rev;
    say("");
  } else {
    show(await answer.text());
  }
}

const note = () => document.getElementById("draft-note");

function say(sentence) {
  const place = note();
  if (!place) return;
  place.textContent = sentence;
  place.hidden = !sentence;
}

function show(html) {
  const place = note();
  const found = new DOMParser().parseFromString(html, "text/html");
  const said = found.querySelector(".draft-changed");
  if (!said) {
    say(found.body.textContent.trim().slice(0, 300));
    return;
  }
  place.replaceChildren(document.importNode(said, true));
  place.hidden = false;
  window.htmx.process(place);
}

// A page that is left must not wait for an answer. What is on its way already comes first.
function leave() {
  const form = formNow();
  if (!(waiting || isSending) || !form || form.elements.edit || isConflict) return;
  clearTimeout(waiting);
  waiting = 0;
  const rev = Number(form.elements.draft_rev.value) + (isSending ? 1 : 0);
  record();
  left = rev + 1;
  store();
  navigator.sendBeacon(form.dataset.keeps, body(form, { draft_rev: rev }));
}

// The server may have drawn this page before it had what the last one said when it was left.
function takeUp() {
  const form = formNow();
  const isBehind = form?.hasAttribute("data-fresh") && Number(form.elements.draft_rev.value) < left;
  left = 0;
  if (!isBehind || !steps[at]) return;
  store();
  send(form, steps[at]); // the same again, before anything is typed: the answer tells the revision
  restore(form, steps[at]);
}

// ── Undo and redo ──

let steps = [];
let at = -1;
let left = 0; // the revision that the page before made of the last step when it was left

function load() {
  try {
    ({ steps, at, left = 0 } = JSON.parse(sessionStorage.getItem(project())) ?? { steps: [], at: -1 });
  } catch {
    [steps, at] = [[], -1];
  }
}

function store() {
  try {
    sessionStorage.setItem(project(), JSON.stringify({ steps, at, left }));
  } catch {
    // A full storage only costs the steps of before a reload.
  }
}

function record() {
  const form = formNow();
  if (!form || form.elements.edit) return;
  const now = pairs(form);
  if (textOf(now) !== textOf(steps[at] ?? null)) {
    steps = [...steps.slice(0, at + 1), now].slice(-MOST_STEPS);
    at = steps.length - 1;
    store();
  }
  offer();
}

function offer() {
  for (const [hook, possible] of [["[data-undo]", at > 0], ["[data-redo]", at < steps.length - 1]]) {
    const button = document.querySelector(hook);
    if (button) button.disabled = !possible;
  }
}

function step(by) {
  record(); // what was typed a moment ago
  if (!steps[at + by]) return;
  at += by;
  store();
  restore(formNow(), steps[at]);
  offer();
}

function grouped(snapshot) {
  const groups = new Map();
  for (const [name, value] of snapshot) groups.set(name, [...(groups.get(name) ?? []), value]);
  return groups;
}

function restore(form, snapshot) {
  const [wanted, now] = [grouped(snapshot), grouped(pairs(form))];
  const names = new Set([...wanted.keys(), ...now.keys()]);
  const changed = [...names].filter((name) => textOf(wanted.get(name) ?? []) !== textOf(now.get(name) ?? []));
  const controls = changed.map((name) => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)]);
  if (changed.every((name, index) => canPut(name, controls[index], wanted.get(name) ?? []))) {
    changed.forEach((name, index) => put(controls[index], wanted.get(name) ?? []));
    controls[0]?.[0]?.dispatchEvent(new Event("change", { bubbles: true }));
  } else {
    redraw(form, snapshot);
  }
}

const isBox = (control) => control.type === "radio" || control.type === "checkbox";

function canPut(name, controls, values) {
  const plain = controls.length && controls.every((one) => one.type !== "hidden" && one.type !== "file");
  return name !== "model" && plain && (controls.every(isBox) || controls.length === values.length);
}

function put(controls, values) {
  controls.forEach((control, index) => {
    if (isBox(control)) control.checked = values.includes(control.value);
    else control.value = values[index];
    control.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

let changes = 0; // of the form, by whomever

async function redraw(form, snapshot) {
  const mine = ++changes;
  const data = body(form, { redraw: "1", look: form.elements.look.value, key: form.elements.key.value }, snapshot);
  const headers = { "HX-Request": "true", "HX-Target": "div#dock" };
  const before = document.getElementById("dock");
  before.ariaBusy = "true";
  const asked = fetch(form.dataset.restores, { method: "POST", headers, body: data });
  const text = await asked.then((answer) => answer.text()).finally(() => (before.ariaBusy = null));
  const drawn = new DOMParser().parseFromString(text, "text/html").getElementById("dock");
  if (!drawn || changes !== mine) return; // what was done meanwhile counts
  const dock = document.importNode(drawn, true);
  document.getElementById("dock").replaceWith(dock);
  window.htmx.process(dock);
  steps[at] = pairs(formNow()); // as the server wrote it
  const ctx = { sourceElement: dock, target: dock };
  document.dispatchEvent(new CustomEvent("htmx:after:swap", { detail: { ctx } }));
  keepSoon();
}

// ── Events ──

const KEYS = { z: -1, Z: 1, y: 1 };
const typing = (target) => target.closest?.("input:not([type=radio], [type=checkbox], [type=range]), textarea");

function onKey(event) {
  const by = (event.metaKey || event.ctrlKey) && KEYS[event.key];
  if (!by || typing(event.target) || event.target.closest?.("dialog")) return;
  event.preventDefault();
  step(by);
}

let recording = 0;

function onEdit(event) {
  if (!event.target.closest?.("form[data-draft]")) return;
  changes += 1;
  clearTimeout(recording);
  if (event.type === "change") record();
  else recording = setTimeout(record, KEEP_AFTER_MS);
  keepSoon();
}

function onClick(event) {
  const pressed = event.target.closest("[data-undo], [data-redo], [data-draft-over]");
  if (pressed?.matches("[data-undo]")) step(-1);
  else if (pressed?.matches("[data-redo]")) step(1);
  else if (pressed) keep({ over: "1" });
}

// What the server drew anew is a step as well, and is what the form says from now on. It may have been
// drawn before the last keeping: with that revision this window would be behind itself.
function onDrawn(event) {
  const { ctx } = event.detail;
  const drawn = ctx.target?.id === "dock" || ctx.sourceElement?.matches?.("[data-draft]");
  if (!drawn || !formNow()) return;
  changes += 1;
  isConflict = false;
  const { draft_rev: drawnAt } = formNow().elements;
  drawnAt.value = Math.max(drawnAt.value, newest);
  record();
  if (ctx.sourceElement?.matches?.("form")) keepSoon();
}

load();
if (formNow()) kept = textOf(pairs(formNow()));
for (const name of ["input", "change", "frames-changed"]) document.addEventListener(name, onEdit);
document.addEventListener("keydown", onKey);
document.addEventListener("click", onClick);
document.addEventListener("htmx:after:swap", onDrawn);
addEventListener("pagehide", leave);
addEventListener("pageshow", (event) => event.persisted && keepSoon());
takeUp();
record();
