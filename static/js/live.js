// Keeps an open page true: htmx swaps what the stream brings; this shows whether it does, and asks
// /changes/ by itself while there is no stream (a proxy, a hidden tab, a server that restarts).

import { tell } from "./news.js";
import { clock } from "./times.js";

const POLL = { first: 5000, most: 15000, hidden: 15000 };
const SILENCE_MILLISECONDS = 40000; // the server says something every 15 s
const REOPEN_MILLISECONDS = 60000; // how often polling tries for a stream again

let holder = document.querySelector("[data-live]"); // the element that gets hx-sse:connect
let connection = null; // hx-sse's own
let isOpen = false;
let isOver = false; // no member any more, or signed out
let heardAt = Date.now();
let openedAt = Date.now();
let lostAt = null;
let wait = POLL.first;
let timer = null;

const address = () => new URL(holder.dataset.stream, location.href);
let since = holder ? Number(address().searchParams.get("since")) : 0;

function show(state, text) {
  for (const dot of document.querySelectorAll("[data-connection]")) {
    dot.dataset.state = state;
    if (dot.textContent !== text) dot.textContent = text;
  }
}

function showLive() {
  lostAt = null;
  wait = POLL.first;
  show("live", "Live");
}

function showOffline() {
  lostAt ??= new Date();
  show("offline", `Offline since ${clock(lostAt)}`);
}

// --- the stream ---

const STREAM = {
  "htmx:sse:before:connection": (event) => {
    connection = event.detail.connection;
    if (connection.attempt === 0) return;
    connection.lastEventId = String(since); // polling may have seen more than the stream
    lose();
  },
  "htmx:sse:after:connection": () => {
    isOpen = true;
    heardAt = Date.now();
    clearTimeout(timer);
    showLive();
  },
  "htmx:sse:before:message": (event) => {
    heardAt = Date.now();
    const { id, event: name, data } = event.detail.message;
    since = Math.max(since, Number(id) || 0);
    if (name === "reload") reload();
    else if (name === "gone") stop();
    else tell(name, data);
  },
  "htmx:sse:error": lose,
  "htmx:sse:close": lose,
  "htmx:error": lose,
  "htmx:response:error": lose,
};

function lose() {
  if (isOver) return;
  isOpen = false;
  if (lostAt === null) show("catching-up", "Catching up");
  pollIn(wait);
}

function stop() {
  isOver = true;
  clearTimeout(timer);
  showOffline();
}

function listen(element) {
  for (const [name, act] of Object.entries(STREAM)) {
    element.addEventListener(name, (event) => {
      if (event.target === element && element === holder) act(event);
    });
  }
}

// The address becomes an attribute only here: htmx processes the page at some moment between its
// own script and the next, so it may or may not have known hx-sse then. "open" is fired just once.
function open() {
  openedAt = Date.now();
  listen(holder);
  holder.setAttribute("hx-sse:connect", holder.dataset.stream);
  window.htmx.process(holder);
  window.htmx.trigger(holder, "open");
}

function reopen(url) {
  const fresh = holder.cloneNode(false);
  fresh.removeAttribute("data-htmx-powered");
  fresh.dataset.stream = url;
  const old = holder;
  holder = fresh;
  old.replaceWith(fresh);
  open();
}

// --- polling ---

function pollIn(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(poll, milliseconds);
}

async function poll() {
  if (isOver || (isOpen && !document.hidden)) return;
  const url = new URL(holder.dataset.poll, location.href);
  url.search = new URLSearchParams({ token: address().searchParams.get("token"), since });
  try {
    const answer = await fetch(url, { redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect" || answer.status === 403) return stop();
    if (answer.status >= 400) throw new Error(answer.statusText);
    await take(answer);
  } catch {
    wait = Math.min(wait * 1.5, POLL.most);
    showOffline();
  }
  pollIn(document.hidden ? POLL.hidden : wait);
}

async function take(answer) {
  since = Math.max(since, Number(answer.headers.get("X-Since")));
  if (answer.status === 205) reload();
  if (answer.status === 200) await put(await answer.text());
  showLive();
  if (document.hidden || isOpen || Date.now() - openedAt < REOPEN_MILLISECONDS) return;
  reopen(answer.headers.get("X-Stream"));
}

async function put(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const news = page.querySelector("[data-news]")?.dataset.news ?? "[]";
  for (const [name, data] of JSON.parse(news)) tell(name, data);
  tell("", text);
  await window.htmx.swap({ text, target: holder, sourceElement: holder, swap: "none" });
}

function reload() {
  const region = document.querySelector("[data-live-region]") ?? document.querySelector("main[id]");
  if (!region) return;
  const target = `#${region.id}`;
  window.htmx.ajax("GET", location.href, { target, select: target, swap: "outerMorph" });
}

// --- what the browser says ---

function changeVisibility() {
  if (document.hidden) {
    isOpen = false; // hx-sse lets go of the stream: browsers allow six of them per host
    pollIn(POLL.hidden);
  } else if (connection) {
    clearTimeout(timer);
    pollIn(POLL.first); // unless the stream is back by then
  } else {
    poll();
  }
}

function checkSilence() {
  if (isOver || document.hidden) return;
  const isSilent = Date.now() - heardAt > SILENCE_MILLISECONDS;
  if (isOpen && isSilent) connection?.reader?.cancel(); // hx-sse opens another one
}

if (holder) {
  document.addEventListener("DOMContentLoaded", open); // every deferred script has run then
  pollIn(2 * POLL.first); // unless the stream is open by then
  setInterval(checkSilence, POLL.first);
  document.addEventListener("visibilitychange", changeVisibility);
  window.addEventListener("offline", showOffline);
  window.addEventListener("online", () => !isOpen && poll());
}
