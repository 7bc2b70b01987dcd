// After a brace in the prompt the team's word lists are offered; the chosen one is put in as {{name}}.

import { Listbox } from "./listbox.js";

const BRACE = /(?<!\\)\{\{?([^{}|\\\n]{0,40})$/;
const NONE = { label: "No lists yet", hint: "“Word lists” in the director keeps some" };

const list = new Listbox("Word lists", use);
let lists = null; // of the team, as a promise
let dismissed = -1; // where a brace stands that is meant for a choice

const isBox = (element) => element.matches?.("[data-prompt]");

async function ask() {
  try {
    const answer = await fetch("/settings/words/names/");
    return answer.ok ? (await answer.json()).lists : [];
  } catch {
    return []; // nothing to offer while the connection is gone
  }
}

function brace(box) {
  const found = box.selectionStart === box.selectionEnd && BRACE.exec(box.value.slice(0, box.selectionStart));
  return found ? { typed: found[1].trimStart().toLowerCase(), start: found.index } : null;
}

async function offer(box) {
  const here = brace(box);
  if (!here || here.start === dismissed) {
    if (!here) dismissed = -1;
    list.close();
    return;
  }
  const all = await (lists ??= ask());
  if (brace(box)?.start !== here.start) return; // typed on meanwhile
  const found = all.filter((one) => one.label.includes(here.typed));
  list.show(box, all.length || here.typed ? found : [NONE]);
}

// As if it were typed, so that the browser's own undo takes it back.
function use({ label, hint }) {
  const box = document.querySelector("[data-prompt]");
  const here = brace(box);
  if (!here || hint === NONE.hint) return;
  const closed = /^\}{0,2}/.exec(box.value.slice(box.selectionStart))[0].length;
  box.setSelectionRange(here.start, box.selectionStart + closed);
  document.execCommand("insertText", false, `{{${label}}}`);
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

function onKey(event) {
  if (!isBox(event.target)) return;
  const here = brace(event.target);
  if (list.key(event) && event.key === "Escape") dismissed = here?.start ?? -1;
}

document.addEventListener("keydown", onKey, { capture: true });
document.addEventListener("input", (event) => {
  if (isBox(event.target) && event.isTrusted && (event.data ?? "").length < 2) offer(event.target);
});
document.addEventListener("focusout", (event) => isBox(event.target) && list.close());
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.sourceElement.closest?.("[data-word-lists]")) lists = null;
});
