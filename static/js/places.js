// Coming back to the wall, from a clip or by a reload, leads to the same place: the clip that stood
// at the upper edge, and the one that had the focus. Each visit in the browser's history has its own,
// kept for as long as the tab is open.

import { doorOf, place, show } from "./window.js";

const KEPT = "places";
const MOST = 30;
const wall = document.getElementById("wall");

let focus = null; // the clip that had it last

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

// The name of this visit; it stays the same when one comes back to it, or loads the page again as
// soon as it is there (a state of the history's own would be lost then). A browser without such names
// has one place for the tab.
const visit = () => window.navigation?.currentEntry?.key ?? "here";

function keep() {
  try {
    const { [visit()]: _, ...others } = kept();
    const last = Object.entries(others).slice(1 - MOST);
    sessionStorage.setItem(KEPT, JSON.stringify(Object.fromEntries([...last, [visit(), { ...place(), focus }]])));
  } catch {
    // A browser that keeps nothing begins at the top.
  }
}

// The page that begins at the clip takes the place of the first one. So many tiles stand above it: the
// server does not count them on a sorted wall.
async function fetchFrom({ clip, above }) {
  const address = new URL(location.href);
  address.searchParams.set("from", clip.slice(5));
  address.searchParams.set("above", above);
  const answer = await fetch(address, { headers: { "HX-Request": "true", "HX-Target": "div#wall" } });
  if (!answer.ok) return;
  const empty = wall.querySelector(".wall-empty");
  await window.htmx.swap({ text: await answer.text(), target: wall, sourceElement: wall, swap: "innerHTML" });
  if (empty) wall.append(empty);
}

function isBack() {
  const [now] = performance.getEntriesByType("navigation");
  return now?.type === "back_forward" || now?.type === "reload";
}

async function restore() {
  const before = isBack() && !location.hash && kept()[visit()];
  if (!before) return;
  if (before.clip && !show(before.clip, before.offset)) {
    await fetchFrom(before);
    await Promise.resolve(); // the wall has seen what came
    show(before.clip, before.offset);
  }
  const tile = before.focus && document.getElementById(before.focus);
  if (tile) doorOf(tile)?.focus({ preventScroll: true });
}

document.addEventListener("DOMContentLoaded", restore); // htmx is there by then
document.addEventListener("focusin", (event) => (focus = event.target.closest?.("#wall > .tile")?.id ?? null));
addEventListener("pagehide", keep);
