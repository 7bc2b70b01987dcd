// What can be done with one clip, by key or by its menu: stars, favorite, board, tags, trash.

import { act, say } from "./act.js";
import { bind, elsewhere, typing } from "./keys.js";
import { isLiked, setLiked } from "./personal.js";
import { isSelected, lookedAt, numbers, onKey as onSelectKey, selectAll, selected, clear, toggle } from "./select.js";
import { openSheet } from "./sheet.js";
import { doorOf } from "./window.js";

const menu = document.querySelector("[data-clip-menu]");
const { member, role } = document.body.dataset;
const isMaker = role !== "reviewer";
let current = null; // the tile whose menu is open

const tileOf = (event) => event.target.closest?.("#wall > .tile");
const mayTrash = (tile) => role === "admin" || (isMaker && tile.dataset.author === member);

// The chosen ones, if this is one of them, or if there is none.
function meant(tile) {
  const all = selected();
  return !tile || isSelected(tile.id) ? all : [tile.id];
}

// ── Deeds ──

async function giveStars(tile, stars) {
  const words = stars === "0" ? "No stars" : `${stars} star${stars === "1" ? "" : "s"}`;
  if (await act(`/clips/${tile.id.slice(5)}/stars/`, { stars })) say(words);
}

async function favorite(ids) {
  const now = !ids.every(isLiked);
  setLiked(ids, now);
  say(now ? "Favorite" : "No favorite any more");
  const done = await act("/clips/favorite/", { clips: numbers(ids), liked: now ? "1" : "0" });
  if (!done) setLiked(ids, !now);
}

const chooseBoard = (ids) => openSheet("/boards/choose/", "Put on a board", { clips: numbers(ids), ...lookedAt() });
const chooseTags = (ids) => openSheet("/tags/", "Tags", { clips: numbers(ids) });

async function trash(ids) {
  if (await act("/trash/", { clips: numbers(ids) })) clear();
}

const DEEDS = {
  favorite: (tile) => favorite([tile.id]),
  remix: (tile) => tile.querySelector("[data-remix]")?.click(),
  extend: (tile) => tile.querySelector('a[href*="take="][hx-get]')?.click(),
  select: (tile) => toggle(tile.id),
  board: (tile) => chooseBoard([tile.id]),
  tag: (tile) => chooseTags([tile.id]),
  trash: (tile) => trash([tile.id]),
};

// ── The menu ──

const LINKS = { open: () => doorOf(current), compare: () => current.querySelector("[data-compare]"), download: () => current.querySelector("a[download]") };

const STARS = /^(\d) star/;

function starsOf(tile) {
  const said = [...tile.querySelectorAll(".tile-meta .n")].map((one) => STARS.exec(one.textContent.trim()));
  return said.find(Boolean)?.[1] ?? "0";
}

function fill(tile) {
  current = tile;
  menu.querySelector("[data-menu-title]").textContent = doorOf(tile).getAttribute("aria-label")?.replace(/^Open /, "") ?? doorOf(tile).textContent;
  for (const [name, find] of Object.entries(LINKS)) {
    const item = menu.querySelector(`[data-does="${name}"]`);
    const link = find();
    item.hidden = !link;
    if (link) item.href = link.href;
  }
  const stars = starsOf(tile);
  for (const button of menu.querySelectorAll("[data-stars]")) {
    const on = button.dataset.stars !== "0" && button.dataset.stars <= stars;
    button.toggleAttribute("data-on", on);
    button.setAttribute("aria-pressed", String(button.dataset.stars === stars));
  }
  const hasTakes = tile.dataset.state === "done";
  menu.querySelector("[data-menu-stars]").hidden = !hasTakes;
  for (const name of ["remix", "extend"]) menu.querySelector(`[data-does="${name}"]`).hidden = !tile.querySelector("[data-remix]");
  menu.querySelector('[data-does="favorite"]').setAttribute("aria-pressed", String(isLiked(tile.id)));
  menu.querySelector("[data-menu-trash]").hidden = !mayTrash(tile) || tile.dataset.state === "trashed";
}

function openMenu(event, button) {
  event.preventDefault();
  fill(button.closest(".tile"));
  menu.showPopover({ source: button });
  items()[0]?.focus();
}

const items = () => [...menu.querySelectorAll("a, button")].filter((item) => item.offsetParent);

function onMenuKey(event) {
  const step = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const all = items();
  all.at((all.indexOf(document.activeElement) + step) % all.length).focus();
}

function onClick(event) {
  const plain = !(event.metaKey || event.ctrlKey || event.shiftKey);
  const more = event.target.closest("[data-more]");
  if (more && plain) return openMenu(event, more);
  const heart = event.target.closest("[data-favorite]");
  if (heart) {
    event.preventDefault();
    event.stopPropagation();
    return favorite([heart.closest(".tile").id]);
  }
  if (!menu.contains(event.target)) return null;
  const stars = event.target.closest("[data-stars]");
  const does = event.target.closest("[data-does]");
  if (!stars && !does) return null;
  const tile = current;
  menu.hidePopover();
  if (stars) return giveStars(tile, stars.dataset.stars);
  return DEEDS[does.dataset.does]?.(tile);
}

// ── Keys that stay what they are; the others can be changed ──

function onKey(event) {
  if (typing(event) || elsewhere(event) || document.querySelector("dialog[open], :popover-open:not(#side)")) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "a") return selectAll(event);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  onSelectKey(event);
  const tile = tileOf(event);
  if (tile && /^[0-5]$/.test(event.key)) giveStars(tile, event.key);
  if (/^(Delete|Backspace)$/.test(event.key)) throwAway(event, tile);
}

function throwAway(event, tile) {
  const ids = meant(tile);
  if (!ids.length || !isMaker) return;
  event.preventDefault();
  trash(ids);
}

const withMeant = (deed) => (event) => {
  const ids = meant(tileOf(event));
  if (ids.length) deed(ids);
};

bind({ favorite: withMeant(favorite) });
if (isMaker) bind({ board: withMeant(chooseBoard), tag: withMeant(chooseTags) });
menu.addEventListener("keydown", onMenuKey);
menu.addEventListener("toggle", (event) => event.newState === "closed" && (current = null));
document.addEventListener("click", onClick, { capture: true });
document.addEventListener("keydown", onKey);
