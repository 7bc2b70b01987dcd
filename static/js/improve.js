// Improvements of a prompt: what is ticked goes into the box as if it were typed, so that the
// browser's own undo brings the old prompt back.

import { close, promptBox, write } from "./panel.js";

const ticks = (form) => [...form.querySelectorAll("[name=accept]")];

// As in studio/core/sentences.py: sentences keep the spaces that follow them.
function joined(sentences) {
  let text = "";
  for (const sentence of sentences) {
    const touch = text && sentence && !/[\s。！？]$/u.test(text);
    text += (touch ? " " : "") + sentence;
  }
  return text.trim();
}

function accepted(form) {
  const taken = new Set(ticks(form).filter((tick) => tick.checked).map((tick) => Number(tick.value)));
  const texts = (name) => [...form.querySelectorAll(`[name=${name}]`)].map((box) => box.value);
  const news = texts("new");
  return taken.size ? joined(texts("old").map((old, number) => (taken.has(number) ? news[number] : old))) : null;
}

document.addEventListener("submit", (event) => {
  const box = promptBox();
  if (!event.target.matches("[data-improve]") || !box) return;
  event.preventDefault();
  const text = accepted(event.target);
  close();
  if (text === null) box.focus();
  else write(box, text);
});

document.addEventListener("click", (event) => {
  const pressed = event.target.closest?.("[data-take-all], [data-take-none]");
  if (!pressed) return;
  for (const tick of ticks(pressed.form)) tick.checked = pressed.matches("[data-take-all]");
});
