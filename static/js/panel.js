// The panel over the wall, for history, templates and improvements: [data-opens] opens it at once
// with a word of patience, an answer fills it, and one that says [data-taken] closes it.

const dialog = document.querySelector("[data-panel-dialog]");
const panel = document.querySelector("[data-panel]");
let asking = null; // the element whose answer is on its way

export const promptBox = () => document.querySelector("[data-prompt]");

// What stands there is a step to come back to, also if it was typed a moment ago.
export const changed = (box) => box?.dispatchEvent(new Event("change", { bubbles: true }));

// Put text into a box as if it were typed, so that the browser's own undo brings back the old one.
export function write(box, text) {
  changed(box);
  box.focus();
  box.select();
  const typed = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
  if (!typed && box.value !== text) {
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  changed(box);
}

function waiting(opener) {
  const title = Object.assign(document.createElement("h2"), { id: "panel-title", textContent: opener.dataset.opens });
  const words = Object.assign(document.createElement("p"), { className: "help", textContent: opener.dataset.waits ?? "One moment." });
  words.setAttribute("role", "status");
  panel.replaceChildren(title, words);
}

function open(opener) {
  asking = opener;
  changed(promptBox());
  waiting(opener);
  if (!dialog.open) dialog.showModal();
}

export function close() {
  if (dialog.open) dialog.close();
}

function taken() {
  close();
  panel.replaceChildren();
  document.querySelector("form[data-draft]").reset(); // boxes must not hold on to what they had
  const box = promptBox();
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true })); // for counts, drafts and undo
  changed(box);
  document.dispatchEvent(new Event("prompt-taken"));
}

function onAnswer(event) {
  const { ctx } = event.detail;
  if (ctx.target !== panel && !panel.contains(ctx.sourceElement)) return;
  asking = null;
  if (panel.querySelector("[data-taken]")) taken();
  else if (!dialog.open && panel.childElementCount) dialog.showModal();
  panel.querySelector("[autofocus]")?.focus();
}

function lose(event) {
  if (!asking || event.detail?.ctx?.sourceElement !== asking) return;
  panel.querySelector("[role=status]").textContent = "No answer came. Check the connection, then try again.";
  asking = null;
}

const ROWS = "[data-prompt-pick], [data-panel-row], input[type=search]";

function move(event) {
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!way || !event.target.matches(ROWS)) return;
  const rows = [...panel.querySelectorAll(ROWS)];
  const next = rows[rows.indexOf(event.target) + way];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

if (dialog) {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-opens]");
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (opener && plain && !opener.disabled) open(opener);
    if (event.target === dialog || event.target.closest?.("[data-panel-close]")) close();
  });
  dialog.addEventListener("close", () => {
    asking?.dispatchEvent(new Event("htmx:abort"));
    asking = null;
    panel.replaceChildren();
  });
  dialog.addEventListener("keydown", move);
  document.addEventListener("htmx:after:swap", onAnswer);
  document.addEventListener("htmx:error", lose);
}
