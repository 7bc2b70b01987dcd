// What the stream tells in words: "3 new" instead of a jump, announcements, tab title, notifications.

const { member } = document.body.dataset;
const WORDS = { running: "started", succeeded: "done", failed: "failed" };
const ENDED = new Set(["succeeded", "failed"]);
const BATCH_MILLISECONDS = 1000;
const MOST_REMEMBERED = 1000;

const waiting = new Set(); // clips of others that are not on the wall yet
const told = new Map(); // job → the last status that was told of it
let sentences = [];
let finished = 0;

const find = (name) => document.querySelector(`[data-${name}]`);
const isShown = (clip) => document.getElementById(`clip-${clip}`) !== null;
const isOwn = (facts) => String(facts.author) === member;

// --- "3 new" ---

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
  const above = tiles.filter((tile) => !document.getElementById(tile.id));
  const today = document.getElementById("today"); // the day's heading, hidden while it is empty
  const isWhole = above.length === tiles.length; // more is new than one page holds
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

// --- tab title and notification ---

function showTitle() {
  const title = document.title.replace(/^\(\d+\) /, "");
  const wanted = finished ? `(${finished}) ${title}` : title;
  if (document.title !== wanted) document.title = wanted;
}

function notify(facts) {
  if (!isOwn(facts) || !window.Notification || Notification.permission !== "granted") return;
  const body = facts.status === "succeeded" ? "Your clip is done." : "Your job failed.";
  const note = new Notification(facts.title, { body, tag: `job-${facts.job}` });
  note.addEventListener("click", () => window.focus());
}

async function askToNotify() {
  await Notification.requestPermission();
  showNotifyButton();
}

function showNotifyButton() {
  const button = find("notify");
  if (!button) return;
  button.hidden = !window.Notification || Notification.permission === "denied";
  if (button.hidden) return;
  button.setAttribute("aria-pressed", String(Notification.permission === "granted"));
}

// --- what the stream calls ---

const TELL = {
  clip(facts) {
    if (!isOwn(facts) && !isShown(facts.id)) waiting.add(facts.id);
    showPill();
  },
  job(facts) {
    if (told.get(facts.job) === facts.status) return;
    told.delete(facts.job);
    told.set(facts.job, facts.status);
    if (told.size > MOST_REMEMBERED) told.delete(told.keys().next().value);
    say(facts);
    if (!ENDED.has(facts.status) || !document.hidden) return;
    finished += 1;
    showTitle();
    notify(facts);
  },
};

export function tell(event, data) {
  TELL[event]?.(JSON.parse(data));
}

document.addEventListener("htmx:after:swap", () => {
  showPill();
  showNotifyButton();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  finished = 0;
  showTitle();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-new-pill]")) insertNew();
  if (event.target.closest("[data-notify]")) askToNotify();
});
showNotifyButton();
