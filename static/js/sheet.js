// The sheet over the wall: [data-sheet] opens it at once with its title, an answer fills it, and one
// that says [data-done] closes it. The focus goes back to where it was.

import { csrf } from "./act.js";

const dialog = document.querySelector("[data-sheet-dialog]");
const body = document.getElementById("sheet");

function waiting(title) {
  const head = Object.assign(document.createElement("h1"), { id: "sheet-title", className: "sheet-title", textContent: title });
  const words = Object.assign(document.createElement("p"), { className: "help", textContent: "One moment." });
  words.setAttribute("role", "status");
  body.replaceChildren(head, words);
}

export async function openSheet(address, title, values = null) {
  waiting(title);
  if (!dialog.open) dialog.showModal();
  const sent = values && { ...values, csrfmiddlewaretoken: csrf() };
  const headers = { "HX-Target": "div#sheet" };
  await window.htmx.ajax(sent ? "POST" : "GET", address, { target: "#sheet", swap: "innerHTML", values: sent ?? {}, headers });
}

export function closeSheet() {
  if (dialog.open) dialog.close();
}

function onAnswer(event) {
  if (!dialog.open) return;
  if (body.querySelector("[data-done]")) {
    closeSheet();
    document.dispatchEvent(new CustomEvent("wall:acted"));
  } else if (event.detail.ctx?.target === body) {
    body.querySelector("[autofocus]")?.focus();
  }
}

function onClick(event) {
  if (event.target === dialog) return closeSheet();
  const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!plain) return;
  if (event.target.closest("[data-sheet-close]")) {
    event.preventDefault();
    closeSheet();
  }
  const opener = event.target.closest("a[data-sheet], button[data-sheet][form=act]");
  if (!opener) return;
  event.preventDefault();
  if (opener.href) openSheet(opener.href, opener.dataset.sheet);
  else openSheet(opener.formAction, opener.dataset.sheet, { [opener.name]: opener.value });
}

function lose(event) {
  if (!dialog.open || event.detail?.ctx?.target !== body) return;
  const words = body.querySelector("[role=status]");
  if (words) words.textContent = "No answer came. Check the connection, then try again.";
}

document.addEventListener("click", onClick, { capture: true });
document.addEventListener("htmx:after:swap", onAnswer);
document.addEventListener("htmx:error", lose);
dialog.addEventListener("close", () => body.replaceChildren());
