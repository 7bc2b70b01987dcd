// Everything on the wall in its order: tiles, headings of days, doors to other pages; each with its
// element, or as text while it is out of the document. A clip that went to the trash stays as `gone`,
// so that it can come back to its place.

import { placed } from "./placed.js";

const wall = document.getElementById("wall");
const held = new WeakMap(); // box → the items that it stands for

let items = [];
let byId = new Map();

export const all = () => items;
export const find = (id) => byId.get(id);
export const hold = (box, inside) => held.set(box, inside);
export const isTile = (item) => item.kind === "tile" && !item.gone;
export const isToday = (item) => item.id === "today";

// How many tiles stand before it under its heading, also those that have not been loaded.
export function above(item) {
  const before = items.slice(0, items.indexOf(item));
  const heading = before.findLastIndex((one) => one.kind === "day");
  return (before[heading]?.above ?? 0) + before.slice(heading + 1).filter(isTile).length;
}

function read(node) {
  const kind = node.matches(".tile") ? "tile" : node.matches(".day") ? "day" : "door";
  const item = { kind, id: node.id, node, html: "", gone: false, came: false, height: 0, row: null, column: 0 };
  return kind === "day" ? { ...item, words: node.textContent, above: Number(node.dataset.above) || 0 } : item;
}

// Take over what others have changed in the document.
export function sync() {
  const known = new Map(items.filter((item) => item.node).map((item) => [item.node, item]));
  const found = [...wall.children].flatMap((child) => held.get(child) ?? known.get(child) ?? read(child));
  items = withoutDoubles(withTheGone(found));
  byId = new Map(items.filter((item) => item.id).map((item) => [item.id, item]));
  placed.clear();
  for (const item of items) if (isTile(item)) placed.add(item.id);
  hideEmptyDays();
}

// What went, or just came back, is in no child, and has its place behind what stood before it.
function withTheGone(found) {
  const there = new Set(found);
  let before = null;
  for (const item of items) {
    if (there.has(item)) {
      before = item;
    } else if (item.gone || item.came) {
      Object.assign(item, { node: null, came: false });
      found.splice(before ? found.indexOf(before) + 1 : 0, 0, item);
      before = item;
    }
  }
  return found;
}

// A page that is put above or below may begin with the heading that stands, or bring a clip that is
// there already.
function withoutDoubles(found) {
  const seen = new Map();
  let day = null;
  return found.filter((item) => {
    const double = item.kind === "day" ? item.words === day?.words && !isToday(item) : isDouble(seen, item);
    if (double) item.node?.remove();
    if (double && item.kind === "day" && isToday(day)) day.above = item.above;
    if (item.kind === "day" && !double) day = item;
    return !double;
  });
}

function isDouble(seen, item) {
  if (item.kind !== "tile") return false;
  const before = seen.get(item.id);
  if (before?.gone) before.id = ""; // it came back with a page
  seen.set(item.id, item);
  return Boolean(before) && !before.gone;
}

// A heading is shown where tiles follow it.
function hideEmptyDays() {
  let tiles = false;
  for (const item of items.toReversed()) {
    if (item.kind === "day") {
      item.hidden = !tiles;
      if (item.node && item.node.hidden !== item.hidden) item.node.hidden = item.hidden;
      tiles = false;
    } else if (isTile(item)) {
      tiles = true;
    }
  }
}

// ── In and out of the document ──

// Without what scripts have put into it: a preview that plays, the place in the grid.
export function textOf(node) {
  node.querySelector(".tile-preview")?.remove();
  node.querySelector(".tile-strip")?.remove();
  node.removeAttribute("style");
  return node.outerHTML.replaceAll(' data-htmx-powered="true"', "");
}

export function park(item) {
  item.html = textOf(item.node);
  item.node.remove();
  item.node = null;
}

// Make the elements of these again.
export function revive(some) {
  const made = document.createElement("template");
  made.innerHTML = some.map((item) => item.html).join("");
  const nodes = [...made.content.children];
  nodes.forEach((node, index) => Object.assign(some[index], { node, html: "" }));
  return nodes;
}
