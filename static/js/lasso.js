// A lasso: the mouse, pressed on empty wall, draws a box, and the tiles that it touches are chosen. At
// the edges the wall scrolls on.

import { clear, select, selected } from "./select.js";
import { boxes } from "./rows.js";

const FEW_PIXELS = 5;
const EDGE = 40;
const STEP = 14;

const scroller = document.querySelector("[data-wall-scroll]");
const wall = document.getElementById("wall");
let drag = null; // { from, at, before, all, box }

function pointOf(event) {
  const edge = scroller.getBoundingClientRect();
  return { x: event.clientX - edge.left + scroller.scrollLeft, y: event.clientY - edge.top + scroller.scrollTop };
}

const isEmpty = (target) => target === wall || target.matches?.(".day, .wall-held, .day span");

function begin(event) {
  if (event.button !== 0 || event.pointerType !== "mouse" || !isEmpty(event.target)) return;
  const keeps = event.shiftKey || event.ctrlKey || event.metaKey;
  drag = { from: pointOf(event), event, before: keeps ? selected() : [], keeps, box: null };
}

function start() {
  drag.all = boxes();
  drag.box = document.createElement("div");
  drag.box.className = "lasso";
  scroller.append(drag.box);
  wall.classList.add("is-lassoing");
  getSelection().removeAllRanges();
}

function draw() {
  const at = pointOf(drag.event);
  if (!drag.box && Math.hypot(at.x - drag.from.x, at.y - drag.from.y) < FEW_PIXELS) return;
  if (!drag.box) start();
  const [left, top] = [Math.min(at.x, drag.from.x), Math.min(at.y, drag.from.y)];
  const [width, height] = [Math.abs(at.x - drag.from.x), Math.abs(at.y - drag.from.y)];
  Object.assign(drag.box.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  const touched = drag.all.filter((tile) =>
    tile.left < left + width && tile.left + tile.width > left && tile.top < top + height && tile.top + tile.height > top);
  select([...drag.before, ...touched.map((tile) => tile.id)], { only: true });
}

function scrollOn() {
  if (!drag?.box) return;
  const edge = scroller.getBoundingClientRect();
  const { clientY } = drag.event;
  const way = clientY > edge.bottom - EDGE ? 1 : clientY < edge.top + EDGE ? -1 : 0;
  if (way) {
    scroller.scrollTop += way * STEP;
    draw();
  }
  requestAnimationFrame(scrollOn);
}

function move(event) {
  if (!drag) return;
  const first = !drag.box;
  drag.event = event;
  draw();
  if (first && drag.box) scrollOn();
}

function end() {
  if (drag && !drag.box && !drag.keeps) clear(); // a click on nothing
  drag?.box?.remove();
  wall.classList.remove("is-lassoing");
  drag = null;
}

wall.addEventListener("pointerdown", begin);
addEventListener("pointermove", move);
addEventListener("pointerup", end);
addEventListener("pointercancel", end);
