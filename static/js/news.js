// What the stream tells in words: "3 new" instead of a jump, announcements, tab title; and that
// there is a notice, which bell.js asks for.

import { placed } from "./placed.js";

const { member } = document.body.dataset;
const WORDS = { running: "started", succeeded: "done", failed: "failed" };
const ENDED = new Set(["succeeded", "failed"]);
const BATCH_MILLISECONDS = 1000;
const MOST_REMEMBERED = 1000;
const MOST_ASKED = 200;

const waiting = new Set(); // clips that are not on the wall yet, and belong there
const changed = new Set(); // clips that may belong on a searched wall since they changed
const told = new Map(); // job → the last status that was told of it
let sentences = [];
let finished = 0;
let asking = null;

const find = (name) => document.querySelector(`[data-${name}]`);
const isThere = (id) => placed.has(id) || document.getElementById(id) !== null; // the wall holds more than is in the document
const isShown = (clip) => isThere(`clip-${clip}`);
const isOwn = (facts) => String(facts.author) === member;

// --- "3 new" ---

// On a searched wall it is the search that says what belongs there; it is asked now and then.
const isSearched = () => document.getElementById("wall")?.dataset.searched !== undefined;

function consider(clip) {
  if (!isSearched() || isShown(clip)) return;
  changed.add(clip);
  asking ??= setTimeout(askWhich, 2 * BATCH_MILLISECONDS);
}

async function askWhich() {
  asking = null;
  const url = new URL("/search/among/", location.href);
  url.search = location.search;
  url.searchParams.set("clips", [...changed].slice(-MOST_ASKED));
  changed.clear();
  const answer = await fetch(url).catch(() => null); // what is missed comes with the next visit
  const { clips } = answer?.ok ? await answer.json() : { clips: [] };
  for (const clip of clips) waiting.add(clip);
  showPill();
}

function showPill() {
  const pill = find("new-pill");
  if (!pill) return;
  for (const clip of waiting) if (isShown(clip)) waiting.delete(clip);
  const text = `${waiting.size} new ${waiting.size === 1 ? "clip" : "clips"}`;
  const label = pill.querySelector("[data-count]") ?? pill;
  if (waiting.size && label.textContent !== text) label.textContent = text;
  pill.hidden = waiting.size === 0;
}

async function insertNew() {
  const wall = document.getElementById("wall");
  const headers = { "HX-Request": "true", "HX-Target": "div#wall" };
  const answer = await fetch(location.href, { headers });
  if (!answer.ok) return;
  const whole = await answer.text();
  const page = new DOMParser().parseFromString(whole, "text/html");
  const tiles = [...page.querySelectorAll(".tile[id]")];
  const above = tiles.filter((tile) => !isThere(tile.id));
  const today = document.getElementById("today"); // the day's heading, hidden while it is empty
  const isWhole = isSearched() || above.length === tiles.length || document.getElementById("newer"); // more is new than one page holds
  const text = isWhole ? (page.getElementById("wall")?.innerHTML ?? whole) : above.map((tile) => tile.outerHTML).join("");
  const [target, swap] = isWhole ? [wall, "innerHTML"] : today ? [today, "afterend"] : [wall, "afterbegin"];
  if (today) today.hidden = false;
  await window.htmx.swap({ text, target, sourceElement: wall, swap });
  waiting.clear();
  showPill();
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  wall.firstElementChild?.scrollIntoView({ behavior, block: "nearest" });
  wall.querySelector(".tile a, .tile button")?.focus({ preventScroll: true });
}

// --- announcements ---

function announce() {
  const region = find("announcer");
  const counts = Object.values(WORDS)
    .map((word) => [sentences.filter((one) => one.word === word).length, word])
    .filter(([count]) => count);
  const few = sentences.map((one) => `${one.title}: ${one.word}.`).join(" ");
  const many = `${counts.map(([count, word]) => `${count} ${word}`).join(", ")}.`;
  if (region) region.textContent = sentences.length > 3 ? many : few;
  sentences = [];
}

function say(facts) {
  if (sentences.length === 0) setTimeout(announce, BATCH_MILLISECONDS);
  sentences = sentences.filter((one) => one.job !== facts.job);
  sentences.push({ job: facts.job, title: facts.title, word: WORDS[facts.status] });
}

// --- tab title ---

function showTitle() {
  const title = document.title.replace(/^\(\d+\) /, "");
  const wanted = finished ? `(${finished}) ${title}` : title;
  if (document.title !== wanted) document.title = wanted;
}

// --- what the stream calls ---

const TELL = {
  notice() {
    document.dispatchEvent(new CustomEvent("dailies:notice"));
  },
  clip(facts) {
    if (isOwn(facts)) return;
    if (isSearched()) consider(facts.id);
    else if (!isShown(facts.id)) waiting.add(facts.id);
    showPill();
  },
  job(facts) {
    consider(facts.id);
    if (told.get(facts.job) === facts.status) return;
    told.delete(facts.job);
    told.set(facts.job, facts.status);
    if (told.size > MOST_REMEMBERED) told.delete(told.keys().next().value);
    say(facts);
    if (!ENDED.has(facts.status) || !document.hidden) return;
    finished += 1;
    showTitle();
  },
};

// Without the name of an event the data are cards.
export function tell(event, data) {
  if (event) TELL[event]?.(JSON.parse(data));
  else for (const [, clip] of data.matchAll(/ id="clip-(\d+)"/g)) consider(Number(clip));
}

document.addEventListener("htmx:after:swap", showPill);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  finished = 0;
  showTitle();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-new-pill]")) insertNew();
});
