// The search box of every page: its keys, the fields and values that complete what is typed, and the
// counts of the views under it, which are asked for again when clips change.

import { bind } from "./keys.js";
import { Listbox } from "./listbox.js";

const form = document.querySelector("[data-search]");
const box = form?.elements.q;
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const MOST_SHOWN = 50;

function focus(event) {
  event?.preventDefault();
  box.focus();
  box.select();
}

function onCommand(event) {
  const isOurs = (isMac ? event.metaKey : event.ctrlKey) && !event.shiftKey && !event.altKey;
  if (isOurs && event.key.toLowerCase() === "k" && !document.querySelector("dialog[open]")) focus(event);
}

// ── Completing ──

// What stands before the caret since the last space outside of quotes: -field:value.
const PIECE = /(?:^|\s)(-?)(?:([a-z]+):("?)([^"]*)|([^\s":]*))$/i;
let fields = null; // as a promise
const list = new Listbox("What to search for", put);

async function ask() {
  try {
    const answer = await fetch(form.dataset.search);
    return answer.ok ? (await answer.json()).fields : [];
  } catch {
    fields = null; // nothing to offer while the connection is gone
    return [];
  }
}

function piece() {
  const before = box.value.slice(0, box.selectionStart);
  const quotes = before.split('"').length - 1;
  const start = quotes % 2 ? before.lastIndexOf(" ", before.lastIndexOf('"')) + 1 : before.search(/\S*$/);
  const found = PIECE.exec(before.slice(start));
  if (!found || box.selectionStart !== box.selectionEnd) return null;
  const [, minus, field, , value, word] = found;
  return { start, minus, field: field?.toLowerCase(), typed: (field ? value : word).toLowerCase() };
}

function optionsFor({ field, typed }, known) {
  if (!field) {
    return known
      .filter(({ name }) => name.startsWith(typed))
      .map(({ name, hint }) => ({ label: `${name}:`, hint, text: `${name}:` }));
  }
  const values = known.find(({ name }) => name === field)?.values ?? [];
  return values
    .filter(({ text, hint }) => begins(text, typed) || begins(hint, typed))
    .map(({ text, hint }) => ({ label: text, hint, text: `${field}:${/\s/.test(text) ? `"${text}"` : text} ` }));
}

// Any of its words, so that a family name is found as well.
const begins = (text, typed) => ` ${text.toLowerCase()}`.includes(` ${typed}`);

async function offer({ always = false } = {}) {
  const known = await (fields ??= ask());
  const here = piece();
  if (document.activeElement !== box || !here || (!always && !here.field && !here.typed)) return list.close();
  const options = optionsFor(here, known).slice(0, MOST_SHOWN);
  const isWhole = options.length === 1 && options[0].text.trim() === `${here.field}:${here.typed}`;
  list.show(box, isWhole ? [] : options, { offered: true });
}

function put({ text }) {
  const here = piece();
  if (!here) return;
  const rest = box.value.slice(box.selectionStart);
  const done = text.endsWith(" ") && rest.startsWith(" ") ? text.trimEnd() : text;
  const before = box.value.slice(0, here.start) + here.minus + done;
  box.value = before + rest;
  box.setSelectionRange(before.length, before.length);
  if (done.endsWith(":")) offer({ always: true });
}

function onKey(event) {
  if (list.key(event)) return;
  if (event.key === "ArrowDown") {
    event.preventDefault();
    offer({ always: true });
  }
  if (event.key === "Escape") box.blur();
}

// ── Counts of the views ──

const PAUSE_MILLISECONDS = 5000;
const counted = () => document.querySelector("[data-views]");
let askedAt = Date.now();
let timer = null;

function refresh() {
  timer = null;
  const views = counted();
  if (!views || document.hidden || views.querySelector(":popover-open")) return later();
  askedAt = Date.now();
  window.htmx.trigger(views, "stale");
}

function later() {
  if (!counted()) return;
  timer ??= setTimeout(refresh, Math.max(0, askedAt + PAUSE_MILLISECONDS - Date.now()));
}

function onSwap({ detail: { ctx } }) {
  const views = counted();
  if (!views?.contains(ctx.sourceElement) && ctx.sourceElement !== views) later();
}

// A form that was answered has gone with its menu, and the focus with it.
function onAnswer({ detail: { ctx } }) {
  const sent = ctx.sourceElement?.closest?.("[data-view-form]") ?? null;
  if (!sent) return;
  const again = document.querySelector("[data-view-form] [role=alert]")?.closest("form");
  (again?.elements.name ?? counted()?.querySelector("[aria-current]"))?.focus();
}

if (box) {
  const hint = form.querySelector("[data-command]");
  if (!isMac) hint.textContent = "Ctrl K";
  bind({ search: focus });
  document.addEventListener("keydown", onCommand);
  box.addEventListener("keydown", onKey);
  box.addEventListener("input", (event) => event.isTrusted && offer());
  box.addEventListener("focusout", () => list.close());
  document.addEventListener("htmx:after:swap", onSwap);
  document.addEventListener("htmx:finally:request", onAnswer);
}
