// The bell: how many notices nobody has read, the newest of them, and what this browser says aloud.
//
// The page asks its own address when the live stream hints that there is something, else now and
// then. What one tab has heard it tells the others, and each notice is said aloud once for all tabs.

const bell = document.querySelector("[data-bell]");
const menu = document.getElementById("bell");
const channel = "BroadcastChannel" in window ? new BroadcastChannel("notices") : null;

const ASK = { stream: 60000, alone: 5000, hidden: 15000 };
const BATCH_MILLISECONDS = 150; // several hints of one moment are one question
const MOST_SAID = 3; // more at one time are told as a number
const MOST_REMEMBERED = 1000;
const SAID = "notices-said";
const CHOICE = "notices-aloud";

const hasStream = () => document.querySelector("[data-live]") !== null;
const find = (name) => document.querySelector(`[data-${name}]`);

// --- what this browser may say ---

const canSpeak = () => "Notification" in window && "indexedDB" in window;
const isOn = () => canSpeak() && Notification.permission === "granted" && localStorage.getItem(CHOICE) === "on";

function store() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(SAID, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(SAID);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

// Those that no tab has said. A transaction, since what one tab writes into localStorage another
// may see only a moment later.
async function claim(aloud) {
  const database = await store();
  const transaction = database.transaction(SAID, "readwrite");
  const said = transaction.objectStore(SAID);
  const fresh = [];
  const look = (one) => {
    said.getKey(one.id).onsuccess = ({ target }) => {
      if (target.result !== undefined) return;
      said.put(Date.now(), one.id);
      fresh.push(one);
    };
  };
  aloud.forEach(look);
  const oldest = Math.min(...aloud.map((one) => one.id)) - MOST_REMEMBERED;
  if (oldest > 0) said.delete(IDBKeyRange.upperBound(oldest));
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  database.close();
  return fresh;
}

function speak({ id, title, body }) {
  const said = new Notification(title, { body, tag: `notice-${id}` });
  said.addEventListener("click", () => {
    window.focus();
    location.assign(id ? `${bell.dataset.open}${id}/` : bell.dataset.open);
  });
}

async function sayAloud(aloud) {
  if (!isOn() || aloud.length === 0) return;
  const fresh = await claim(aloud);
  if (!document.hidden && document.hasFocus()) return; // who looks here sees the bell
  if (fresh.length > MOST_SAID) speak({ id: "", title: "Dailies", body: `${fresh.length} new notices` });
  else fresh.reverse().forEach(speak);
}

// --- the count ---

let count = 0;

function show(now) {
  const badge = find("bell-count");
  const many = now > 99 ? "99+" : String(now);
  badge.hidden = now === 0;
  badge.textContent = many;
  find("bell-words").textContent = now ? `Notices, ${many} new` : "Notices";
  if (now > count) find("bell-said").textContent = `${many} new ${now === 1 ? "notice" : "notices"}`;
  count = now;
}

let timer = null;
let isOver = false; // signed out

async function ask() {
  clearTimeout(timer);
  try {
    const answer = await fetch(bell.dataset.bell, { redirect: "manual", cache: "no-store" });
    isOver = answer.type === "opaqueredirect";
    if (answer.ok) await take(await answer.json());
  } catch {
    // offline: the next question comes all the same
  }
  later();
}

async function take({ count: now, aloud }) {
  const isOther = now !== count;
  show(now);
  channel?.postMessage(now);
  await sayAloud(aloud);
  if (isOther && menu.matches(":popover-open")) fill();
}

function later() {
  clearTimeout(timer);
  if (isOver || (document.hidden && !isOn())) return;
  timer = setTimeout(ask, document.hidden ? ASK.hidden : hasStream() ? ASK.stream : ASK.alone);
}

let hinted = null;

function hint() {
  hinted ??= setTimeout(() => {
    hinted = null;
    ask();
  }, BATCH_MILLISECONDS);
}

// --- the newest ---

function fill() {
  return window.htmx.ajax("GET", bell.dataset.newest, { target: "#bell-list", swap: "innerMorph" });
}

// --- the switch on the page of settings ---

function showSwitch() {
  const panel = find("browser");
  if (!panel) return;
  panel.hidden = !canSpeak();
  if (panel.hidden) return;
  const isDenied = Notification.permission === "denied";
  find("browser-denied").hidden = !isDenied;
  find("browser-switch").disabled = isDenied;
  find("browser-switch").setAttribute("aria-pressed", String(isOn()));
}

async function turn() {
  if (isOn()) localStorage.setItem(CHOICE, "off");
  else if ((await Notification.requestPermission()) === "granted") localStorage.setItem(CHOICE, "on");
  showSwitch();
  ask();
}

if (bell) {
  menu.addEventListener("toggle", (event) => event.newState === "open" && fill());
  document.addEventListener("dailies:notice", hint);
  document.addEventListener("visibilitychange", () => (document.hidden ? later() : ask()));
  channel?.addEventListener("message", (event) => show(event.data));
  document.addEventListener("click", (event) => event.target.closest("[data-browser-switch]") && turn());
  menu.addEventListener("submit", () => document.addEventListener("htmx:after:swap", hint, { once: true }));
  showSwitch();
  ask();
}
