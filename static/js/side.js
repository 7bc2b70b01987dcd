// The boards beside the wall: which is looked at, what is dropped on one, and fresh figures after
// changes, every few seconds at most.

import { act } from "./act.js";
import { isSelected, lookedAt, numbers, clear, selected } from "./select.js";

const EVERY_MILLISECONDS = 5000;
const OWN_MILLISECONDS = 1000; // after what one did oneself
const CLIPS = "application/x-clips";

const side = document.querySelector("[data-side]");

// ── Which place is looked at ──

function markCurrent() {
  const address = new URLSearchParams(location.search);
  const here = (address.get("q") ?? "").trim();
  const usual = !address.has("view") || address.get("view") === "everything";
  for (const link of side.querySelectorAll("[data-place]")) {
    const current = link.dataset.place === here && (here !== "" || usual);
    if (current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

// ── Fresh figures ──

let asked = Date.now();
let timer = null;

function refreshIn(pause) {
  clearTimeout(timer);
  timer = setTimeout(refresh, Math.max(0, asked + pause - Date.now()));
}

const refreshSoon = () => timer ?? refreshIn(EVERY_MILLISECONDS);

function refresh() {
  timer = null;
  if (document.hidden) return;
  asked = Date.now();
  window.htmx.trigger(side, "refresh");
}

// ── Tiles that are dragged onto a board ──

function dragStart(event) {
  const tile = event.target.closest?.("#wall > .tile");
  if (!tile) return;
  const ids = isSelected(tile.id) ? selected() : [tile.id];
  event.dataTransfer.setData(CLIPS, numbers(ids));
  event.dataTransfer.effectAllowed = "copyMove";
  const badge = Object.assign(document.createElement("div"), { className: "drag-badge" });
  badge.textContent = ids.length === 1 ? "1 clip" : `${ids.length.toLocaleString("en")} clips`;
  document.body.append(badge);
  event.dataTransfer.setDragImage(badge, 12, 12);
  requestAnimationFrame(() => badge.remove());
}

const boardUnder = (event) =>
  event.dataTransfer?.types.includes(CLIPS) ? event.target.closest?.("[data-board]") : null;

function light(board) {
  for (const other of side.querySelectorAll("[data-over]")) if (other !== board) delete other.dataset.over;
  if (board) board.dataset.over = "";
}

function dragOver(event) {
  const board = boardUnder(event);
  light(board);
  if (!board) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = lookedAt().off ? "move" : "copy";
}

async function drop(event) {
  const board = boardUnder(event);
  light(null);
  if (!board) return;
  event.preventDefault();
  const clips = event.dataTransfer.getData(CLIPS);
  const { off } = lookedAt();
  const values = { clips, onto: board.dataset.board };
  if (off && off !== board.dataset.board) values.off = off;
  if (await act("/boards/arrange/", values)) clear();
}

document.addEventListener("dragstart", dragStart);
document.addEventListener("dragover", dragOver);
document.addEventListener("dragend", () => light(null));
document.addEventListener("drop", drop);
document.addEventListener("wall:acted", () => refreshIn(OWN_MILLISECONDS));
document.addEventListener("htmx:sse:after:message", refreshSoon);
document.addEventListener("visibilitychange", () => !document.hidden && refreshSoon());
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx?.target === side) markCurrent();
  else if (event.detail.ctx?.sourceElement?.id === "act") refreshSoon();
});
markCurrent();
