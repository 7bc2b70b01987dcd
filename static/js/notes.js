// Notes beside the player: the list, the box, and drawing on the picture.

import { bind } from "./keys.js";
import { Composer } from "./notes/composer.js";
import { Drawing } from "./notes/drawing.js";
import { NoteList } from "./notes/list.js";
import { picture, range, stage } from "./player/here.js";

const pane = document.querySelector("[data-notes]");
if (picture && pane) start();

function start() {
  const list = new NoteList(pane, { picture, ink: stage.querySelector("[data-ink]") });
  const drawing = new Drawing(stage);
  const form = document.querySelector("[data-composer]");
  const composer = form && new Composer(form, { picture, range, drawing });

  const toTab = () => {
    const tab = document.getElementById("t-notes");
    if (tab) tab.checked = true;
  };

  function turnDrawing() {
    if (drawing.isOn) return drawing.end();
    toTab();
    drawing.begin();
  }

  function showDrawing() {
    for (const button of document.querySelectorAll("[data-draw]")) button.setAttribute("aria-pressed", String(drawing.isOn));
  }

  if (composer) {
    bind({
      note: () => (toTab(), composer.focus()),
      draw: turnDrawing,
    });
    for (const name of ["begin", "end"]) drawing.addEventListener(name, showDrawing);
    drawing.addEventListener("end", () => drawing.shapes.length && composer.focus());
  }

  document.addEventListener("note:show", (event) => {
    toTab();
    list.show(event.detail, { scroll: true });
  });
  document.addEventListener("click", (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey);
    const on = (name) => plain && event.target.closest(`[data-${name}]`);
    const reply = on("reply");
    const edit = on("edit");
    if (on("draw")) turnDrawing();
    const hide = on("draw-hide");
    if (hide) {
      const hides = hide.getAttribute("aria-pressed") !== "true";
      hide.setAttribute("aria-pressed", String(hides));
      list.hideInk(hides);
    }
    if (!composer || !(reply || edit)) return;
    event.preventDefault();
    if (reply) composer.reply(reply.dataset.reply, reply.closest("[data-note]").dataset.said);
    else composer.change(edit.dataset.edit, edit.dataset.text);
  });
}
