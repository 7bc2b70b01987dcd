// What a shot is to fix: the drawing of the note over the frame that it begins with, in the director.

import { draw } from "./notes/ink.js";

function show() {
  for (const svg of document.querySelectorAll("svg[data-drawing]")) draw(svg, JSON.parse(svg.dataset.drawing));
}

show();
document.addEventListener("htmx:after:swap", show);
