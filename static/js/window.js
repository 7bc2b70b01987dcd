// The wall keeps in the document only the rows near the view. The others are kept as text, and boxes
// of exactly their height hold their place; what the stream brings for them changes the text.

import { above, all, find, hold, isTile, isToday, park, revive, sync, textOf } from "./items.js";
import { hideOthersButtons } from "./owners.js";
import { layOut, measure, rowAt, tilesAt, topOf, width } from "./rows.js";

const AHEAD = 1.5; // how many views above and below the view stay in the document
const HELD = "wall-held";

const scroller = document.querySelector("[data-wall-scroll]");
const wall = document.getElementById("wall");
const toolbar = scroller.querySelector(".toolbar");

let shown = [0, -1]; // the first and last row that is in the document
let anchor = null; // { item, offset }: what stands at the upper edge of the view
let seen = 0; // how far the view was scrolled when the anchor was remembered

// ── What is in the document ──

const range = (top) => [rowAt(top - AHEAD * scroller.clientHeight), rowAt(top + (1 + AHEAD) * scroller.clientHeight)];

const focused = () => find(document.activeElement?.closest?.("#wall > .tile")?.id)?.row ?? null;

const stays = (item, [first, last], focus) =>
  !item.row || item.kind === "door" || isToday(item) || item.row === focus || (item.row.index >= first && item.row.index <= last);

function render(top = scroller.scrollTop) {
  shown = range(top);
  const focus = focused();
  const wanted = [];
  let box = null; // of rows that are far
  for (const item of all()) {
    if (item.gone) {
      box?.items.push(item);
    } else if (stays(item, shown, focus)) {
      box = null;
      wanted.push(item);
    } else {
      if (!box) wanted.push((box = { items: [], first: item.row, last: item.row }));
      box.items.push(item);
      box.last = item.row;
    }
  }
  put(wanted);
}

function put(wanted) {
  const there = new Set(wanted);
  for (const item of all()) if (item.node && !item.gone && !there.has(item)) park(item);
  for (const box of wall.querySelectorAll(`:scope > .${HELD}`)) box.remove();
  const fresh = revive(wanted.filter((one) => one.kind && !one.node));
  let at = wall.firstElementChild;
  for (const one of wanted) {
    const node = one.kind ? one.node : boxOf(one);
    if (node === at) at = at.nextElementSibling;
    else wall.insertBefore(node, at);
    if (one.kind === "tile") setColumn(one);
  }
  watcher.takeRecords(); // what changed here is known
  if (fresh.length) dress(fresh);
}

function setColumn({ node, column }) {
  const wanted = column ? String(column + 1) : "";
  if (node.style.gridColumnStart !== wanted) node.style.gridColumnStart = wanted;
}

function boxOf({ items, first, last }) {
  const box = document.createElement("div");
  box.className = HELD;
  box.setAttribute("aria-hidden", "true");
  box.style.height = `${last.top + last.height - first.top}px`;
  hold(box, items);
  return box;
}

// Tiles that came into the document want their buttons, hearts and ticks.
function dress(nodes) {
  for (const node of nodes) {
    window.htmx?.process(node);
    hideOthersButtons(node);
  }
  wall.dispatchEvent(new CustomEvent("wall:shown", { bubbles: true }));
}

// ── Keeping the place ──

const underToolbar = () => toolbar?.offsetHeight ?? 0;

// The anchor stays the same while its row does, or rows that lose tiles one by one would let it drift;
// and what is less than a pixel is rounding, which must not add up.
function remember() {
  seen = scroller.scrollTop;
  const row = tilesAt(scroller.scrollTop + underToolbar());
  if (!row || (scroller.scrollTop < 1 && isWhole())) {
    anchor = null;
    return;
  }
  const offset = topOf(row) - scroller.scrollTop;
  if (anchor?.item.row !== row) anchor = { item: row.items[0], offset };
  else if (Math.abs(anchor.offset - offset) >= 1) anchor.offset = offset;
}

// Where the view has to be, so that what stood at its upper edge stands there again.
function wantedTop() {
  const from = anchor ? all().indexOf(anchor.item) : -1;
  const item = from < 0 ? null : all().slice(from).find(isTile);
  return item ? topOf(item.row) - anchor.offset : scroller.scrollTop;
}

function settle() {
  if (!measure(wall, scroller, all())) return;
  layOut(all());
  moveTo(wantedTop());
}

function moveTo(top) {
  render(top);
  if (Math.abs(scroller.scrollTop - top) >= 0.5) scroller.scrollTop = top;
  remember();
}

function changed() {
  if (scroller.scrollTop !== seen) remember(); // scrolled in this very frame: the event is yet to come
  const lost = leaving;
  leaving = null;
  sync();
  settle();
  if (lost && document.activeElement === document.body) focusNear(lost);
}

// ── Clips that go, and those that come while they are not in the document ──

let leaving = null; // the tile that goes with the focus in it
let waits = false;

function soon() {
  if (waits) return;
  waits = true;
  queueMicrotask(() => {
    waits = false;
    changed();
  });
}

function beforeSwap({ detail: { ctx, tasks } }) {
  for (const [, id] of (ctx.text ?? "").matchAll(/hx-target="#(clip-\d+)" hx-swap="delete"/g)) go(find(id));
  for (const task of tasks) if (!task.target) arrive(task.fragment?.firstElementChild);
}

function go(item) {
  if (!item) return;
  if (item.node?.contains(document.activeElement)) leaving = item;
  item.gone = true;
  soon();
}

function arrive(node) {
  const item = node && find(node.id);
  if (!item || item.node) return;
  Object.assign(item, { html: textOf(node), came: item.gone, gone: false });
  soon();
}

function focusNear(item) {
  const from = all().indexOf(item);
  const next = all().slice(from).find(isTile) ?? all().slice(0, from).findLast(isTile);
  if (next?.node) doorOf(next.node)?.focus({ preventScroll: true });
}

// ── What other modules may ask ──

export const doorOf = (tile) => tile.querySelector(".tile-link") ?? tile.querySelector(".tile-title a");
export const order = () => all().filter(isTile).map((item) => item.id);
export const place = () => anchor && { clip: anchor.item.id, offset: anchor.offset, above: above(anchor.item) };
export const isWhole = () => !find("newer");

export function stateOf(id) {
  const item = find(id);
  return item?.node?.dataset.state ?? /data-state="([a-z-]+)"/.exec(item?.html ?? "")?.[1] ?? "";
}

// Show a clip where it stood in the view; its element, or null where it is not on the wall.
export function show(id, offset) {
  const item = find(id);
  if (!item?.row) return null;
  moveTo(topOf(item.row) - offset);
  return item.node;
}

// ── ──

let frame = 0;

function onScroll() {
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    remember();
    const [first, last] = range(scroller.scrollTop);
    if (first !== shown[0] || last !== shown[1]) render();
  });
}

const watcher = new MutationObserver(changed);
scroller.classList.add("wall-windowed");
changed();
watcher.observe(wall, { childList: true });
scroller.addEventListener("scroll", onScroll, { passive: true });
new ResizeObserver(() => wall.clientWidth !== width() && settle()).observe(wall);
document.addEventListener("change", (event) => event.target.name === "density" && settle());
document.addEventListener("htmx:before:swap", beforeSwap);
