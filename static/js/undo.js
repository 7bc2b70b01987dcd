// Toasts with Undo: ⌘Z presses the newest one's button, and what was pressed is gone.

import { typing } from "./keys.js";

const toasts = document.getElementById("toasts");

function onKey(event) {
  const isUndo = (event.metaKey || event.ctrlKey) && !event.shiftKey && event.key.toLowerCase() === "z";
  const button = [...toasts.querySelectorAll("[data-undo]")].at(-1);
  if (!isUndo || typing(event) || !button) return;
  event.preventDefault();
  button.click();
}

function onClick(event) {
  const toast = event.target.closest("[data-undo]")?.closest("[data-toast]");
  if (toast) setTimeout(() => toast.remove()); // after the form has taken the button's value
}

// What stood there when the page came was not announced by the live region around it.
function say() {
  const announcer = document.querySelector("[data-announcer]");
  const words = [...toasts.querySelectorAll("[data-toast] > span")].map((one) => one.textContent);
  if (announcer && words.length) setTimeout(() => (announcer.textContent = words.join(" ")), 500);
}

if (toasts) {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  say();
}
