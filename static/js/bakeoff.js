// The bake-off's dialog over the director: open, close, and Enter that means what its button says.

import { bind } from "./keys.js";

const dialogNow = () => document.querySelector("[data-bakeoff]");

function show() {
  const dialog = dialogNow();
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.addEventListener("close", () => dialog.remove());
  (dialog.querySelector("[name=bake]:checked") ?? dialog.querySelector("[name=bake]:enabled"))?.focus();
}

// Enter in a field presses the form's first button, which is Generate.
function onKey(event) {
  if (event.key !== "Enter" || !event.target.closest("[data-bakeoff]")) return;
  const meant = event.metaKey || event.ctrlKey || event.target.matches("input");
  if (!meant) return;
  event.preventDefault();
  event.stopPropagation();
  document.querySelector("[data-bakeoff-send]")?.click();
}

function onClick(event) {
  if (!event.target.closest("[data-bakeoff-close]")) return;
  event.preventDefault();
  dialogNow().close();
}

bind({ bakeoff: () => document.querySelector("[data-bakeoff-open]")?.click() });
document.addEventListener("htmx:after:swap", show);
document.addEventListener("keydown", onKey, true);
document.addEventListener("click", onClick, true);
