// What tiles are to this member alone: favorites, which the server tells with each page of tiles, and
// what is new since the wall was looked at last, which this browser knows.

const wall = document.getElementById("wall");
const KEPT = `looked-${document.body.dataset.member}-${wall.dataset.project}`;
const MOST_OPENED = 200;

const liked = new Set();
const numberOf = (tile) => Number(tile.id.slice(5));

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

const before = kept(); // { upto, opened } of the visits before this one
const opened = new Set(before.opened ?? []);
let upto = before.upto ?? null;

// ── Favorites ──

export const isLiked = (id) => liked.has(id);

export function setLiked(ids, now) {
  for (const id of ids) now ? liked.add(id) : liked.delete(id);
  dress();
}

function learn() {
  for (const told of wall.querySelectorAll("[data-liked]:not(.tile)")) {
    for (const clip of told.dataset.liked.split(" ")) liked.add(`clip-${clip}`);
    told.remove();
  }
}

function like(tile) {
  const now = liked.has(tile.id);
  if (tile.hasAttribute("data-liked") !== now) tile.toggleAttribute("data-liked", now);
  const heart = tile.querySelector("[data-favorite]");
  if (heart && heart.getAttribute("aria-pressed") !== String(now)) heart.setAttribute("aria-pressed", String(now));
}

// ── New since I looked ──

const isNew = (tile) =>
  before.upto != null && numberOf(tile) > before.upto && tile.dataset.author !== document.body.dataset.member && !opened.has(tile.id);

function mark(tile) {
  const dot = tile.querySelector(".tile-new");
  if (!isNew(tile)) return dot?.remove();
  if (dot) return;
  const made = document.createElement("span");
  made.className = "tile-new";
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", "New");
  tile.querySelector(".tile-title").prepend(made);
}

function look() {
  try {
    const clips = [...opened].slice(-MOST_OPENED);
    localStorage.setItem(KEPT, JSON.stringify({ upto, opened: clips }));
  } catch {
    // A browser that keeps nothing marks nothing.
  }
}

function open(event) {
  const tile = event.target.closest?.("#wall .tile");
  if (!tile || !event.target.closest("a[href]")) return;
  opened.add(tile.id);
  mark(tile);
  look();
}

function dress() {
  learn();
  for (const tile of wall.querySelectorAll(":scope > .tile")) {
    like(tile);
    mark(tile);
    upto = Math.max(upto ?? 0, numberOf(tile));
  }
}

dress();
look();
document.addEventListener("wall:shown", dress);
document.addEventListener("htmx:after:swap", dress);
document.addEventListener("click", open);
addEventListener("pagehide", look);
