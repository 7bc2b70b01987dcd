// Single keys: what each does, the list of them under "?", and giving an action another key.
//
// A module says what an action does on its page: bind({ remix: (event) => … }). Keys are off while
// a text field has focus. What somebody chose is kept in this browser.

const KEPT = "keys";

// Action: where it counts, what it does, its usual key.
const ACTIONS = {
  keys: ["Everywhere", "This list", "?"],
  wall: ["Everywhere", "Go to the wall", "g"],
  prompt: ["Everywhere", "New shot", "p"],
  search: ["Everywhere", "Search", "/"],
  bakeoff: ["Everywhere", "Bake-off, in the director", "b"],
  approve: ["Wall, review", "Approve", "a"],
  changes: ["Wall, review", "Needs changes", "c"],
  reject: ["Wall, review", "Reject", "x"],
  remix: ["Wall", "Remix the clip", "r"],
  extend: ["Wall", "Continue the clip", "e"],
  favorite: ["Wall", "Favorite", "f"],
  board: ["Wall", "Put on a board", "m"],
  tag: ["Wall", "Tags", "t"],
  play: ["Player", "Play or stop; held with J or L: one frame", "k"],
  shuttle_back: ["Player", "Back, again: faster", "j"],
  shuttle_on: ["Player", "On, again: faster", "l"],
  frame_back: ["Player", "One frame back", ","],
  frame_on: ["Player", "One frame on", "."],
  range_in: ["Player", "Range begins here", "i"],
  range_out: ["Player", "Range ends here", "o"],
  goto: ["Player", "Go to a timecode or frame", "t"],
  mute: ["Player", "Sound on or off", "m"],
  full: ["Player", "Full screen", "f"],
  note: ["Notes", "Write a note", "n"],
  draw: ["Notes", "Draw on the frame", "d"],
  wipe: ["Compare", "Wipe, and back", "w"],
  swap: ["Compare", "Swap A and B", "s"],
  offset_back: ["Compare", "Shift B one frame earlier", "["],
  offset_on: ["Compare", "Shift B one frame later", "]"],
};

// Keys that stay what they are.
const FIXED = [
  ["Everywhere", "Search", ["⌘ or Ctrl", "K"]],
  ["Everywhere", "Generate", ["⌘ or Ctrl", "↵"]],
  ["Everywhere", "Rehearse as Animatic", ["⌘ or Ctrl", "⇧", "↵"]],
  ["Everywhere", "Undo, redo", ["⌘ or Ctrl", "Z"], ["⇧", "Z"]],
  ["Wall, review", "Open the clip", ["Enter"]],
  ["Wall", "Move between clips", ["←"], ["→"], ["↑"], ["↓"]],
  ["Wall", "Stars, or none", ["1"], ["5"], ["0"]],
  ["Wall", "Select, with Shift up to here", ["Space"]],
  ["Wall", "Select all, none", ["⌘ or Ctrl", "A"], ["Esc"]],
  ["Wall", "Move to the trash", ["⌫"]],
  ["Prompt", "Insert a template", ["/"]],
  ["Prompt", "Insert a list of words", ["{"]],
  ["Prompt", "Earlier prompts, in an empty box", ["↑"]],
  ["Prompt", "Leave the box, close the director", ["Esc"]],
  ["Player", "Play or pause", ["Space"]],
  ["Player", "One second back or on", ["←"], ["→"]],
  ["Player", "First, last frame", ["Home"], ["End"]],
  ["Player", "Clear the range", ["Alt", "X"]],
  ["Notes", "Post the note, play on", ["↵"]],
  ["Notes", "New line in a note", ["⇧", "↵"]],
  ["Notes", "Leave the box, stop drawing", ["Esc"]],
  ["Compare", "Show A, show B; held down: as long as it is held", ["1"], ["2"]],
];

// Section: the pages that have it. One key may do two things on pages that are not the same.
const PAGES = {
  Everywhere: ["wall", "clip", "compare"],
  "Wall, review": ["wall", "clip"],
  Wall: ["wall"],
  Prompt: ["wall"],
  Player: ["clip", "compare"],
  Notes: ["clip"],
  Compare: ["compare"],
};
const SECTIONS = Object.keys(PAGES);

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

let chosen = read();
const keyOf = (action) => chosen[action] ?? ACTIONS[action][2];
const shown = (key) => (key.length === 1 ? key.toUpperCase() : key);
const pressedIn = (event) => (event.key.length === 1 ? event.key.toLowerCase() : event.key);

// ── What actions do ──

const bound = { keys: open };

// Gives what the actions did before, for who hands them back with another bind().
export function bind(handlers) {
  const before = Object.fromEntries(Object.keys(handlers).map((name) => [name, bound[name]]));
  Object.assign(bound, handlers);
  return before;
}

const TEXT = "input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable]";

export const typing = (event) => Boolean(event.target.closest?.(TEXT));
// Whether this key stands for that action here.
export const means = (action, event) => keyOf(action) === pressedIn(event);

export const elsewhere = (event) => event.target.closest?.("dialog, [popover], [role=radiogroup], .toolbar");

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event) || elsewhere(event)) return;
  const key = pressedIn(event);
  const action = Object.keys(bound).find((name) => bound[name] && keyOf(name) === key);
  if (!action) return;
  event.preventDefault();
  bound[action](event);
}

// ── The list ──

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const kbd = (key) => element("kbd", { textContent: shown(key) });

function rows(section) {
  const fixed = FIXED.filter(([where]) => where === section).map(([, words, ...combinations]) =>
    row(words, combinations.flatMap((keys) => [...keys.map(kbd)])),
  );
  const free = Object.entries(ACTIONS).filter(([, [where]]) => where === section);
  return [...free.map(([action, [, words]]) => row(words, [changer(action, words)])), ...fixed];
}

const row = (words, keys) => element("div", {}, element("dt", { textContent: words }), element("dd", {}, ...keys));

function changer(action, words) {
  const button = element("button", { type: "button", className: "btn btn-ghost btn-xs" }, kbd(keyOf(action)));
  button.dataset.action = action;
  button.setAttribute("aria-label", `${words}: ${shown(keyOf(action))}. Change this key`);
  return button;
}

let dialog = null;

function open(event) {
  event?.preventDefault();
  dialog ??= build();
  fill();
  dialog.showModal();
}

function build() {
  const made = element("dialog", { className: "dialog keys-dialog", id: "keys" });
  made.setAttribute("aria-labelledby", "keys-title");
  made.innerHTML = `<h2 id="keys-title">Keys</h2><p class="help">Press a key in this list to give it another one.</p>
    <div data-rows></div><p class="error" role="status" data-said></p>
    <form class="dialog-acts" method="dialog"><button class="btn btn-ghost" type="button" data-usual>As usual</button>
    <button class="btn btn-primary" type="submit">Close</button></form>`;
  made.addEventListener("click", onClick);
  made.addEventListener("keydown", onChoice);
  document.body.append(made);
  return made;
}

function fill() {
  const sections = SECTIONS.map((section) =>
    element("section", {}, element("h3", { textContent: section }), element("dl", { className: "keys" }, ...rows(section))),
  );
  dialog.querySelector("[data-rows]").replaceChildren(...sections);
}

let changing = null; // the action that waits for its new key

const say = (words) => (dialog.querySelector("[data-said]").textContent = words);

function onClick(event) {
  const button = event.target.closest("[data-action], [data-usual]");
  if (!button) return;
  changing = button.dataset.action ?? null;
  if (changing) say(`Press the new key for “${ACTIONS[changing][1]}”, or Esc.`);
  else choose({});
}

function onChoice(event) {
  if (!changing || ["Shift", "Control", "Alt", "Meta", "Tab"].includes(event.key)) return;
  event.preventDefault();
  const [action, key] = [changing, pressedIn(event)];
  if (event.key === "Escape") {
    changing = null;
    say("");
  } else if (why(action, key)) {
    say(why(action, key));
  } else {
    choose({ ...chosen, [action]: key });
    dialog.querySelector(`[data-action="${action}"]`).focus();
  }
}

const pagesOf = (action) => PAGES[ACTIONS[action][0]];
const meet = (one, other) => pagesOf(one).some((page) => pagesOf(other).includes(page));

function why(action, key) {
  if (key.length !== 1 || !key.trim() || /[0-9]/.test(key)) return "Choose a letter or a sign.";
  const other = Object.keys(ACTIONS).find((name) => name !== action && keyOf(name) === key && meet(name, action));
  return other ? `${shown(key)} is “${ACTIONS[other][1]}” already; choose another key.` : "";
}

function choose(keys) {
  chosen = keys;
  changing = null;
  localStorage.setItem(KEPT, JSON.stringify(keys));
  say("");
  fill();
}

// ── Everywhere ──

const door = () => document.querySelector(".rail-logo, [data-wall]");

bind({
  wall: () => door()?.click(),
  prompt: () => door() && location.assign(`${door().href}#prompt`),
});
document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => event.target.closest("[data-keys-open]") && open(event));
