// The clip page's decision: its keys, which button is pressed, and the next film ahead of time.
// The buttons belong to a plain form, whose answer is the page of the next take.

import { bind } from "./keys.js";
import "./undo.js";

const form = document.querySelector("[data-decision]");
const { member } = document.body.dataset;

const buttons = () => [...(form?.querySelectorAll("button[data-verdict]") ?? [])];

// A key that is held down, or pressed while the page leaves, decides about nothing else.
function press(verdict, event) {
  if (event.repeat || form?.dataset.sent) return;
  buttons().find((button) => button.dataset.verdict === verdict)?.click();
}

bind({
  approve: (event) => press("approve", event),
  changes: (event) => press("changes", event),
  reject: (event) => press("reject", event),
});

// Another window of the same person may have decided: what the stream brings is everybody's, so
// this page looks for its own face there.
function showOwn() {
  const said = document.getElementById(`said-${form.dataset.decision}`);
  const own = said?.querySelector(`[data-member="${member}"]`);
  if (!own && said?.querySelector(".av-rest")) return; // among those without room
  const verdict = own?.dataset.verdict ?? "";
  for (const button of buttons()) {
    const isOwn = button.dataset.verdict === verdict;
    button.setAttribute("aria-pressed", String(isOwn));
    button.value = isOwn ? "" : button.dataset.verdict;
  }
}

// The film of the next take, once this one needs the line no more.
function fetchNext() {
  const next = document.querySelector("[data-following]")?.dataset.following;
  if (!next || navigator.connection?.saveData) return;
  const ahead = document.createElement("video");
  Object.assign(ahead, { preload: "auto", muted: true, src: next });
}

function whenLoaded(act) {
  const video = document.querySelector("[data-player] video");
  if (!video || video.readyState === HTMLMediaElement.HAVE_ENOUGH_DATA) act();
  else video.addEventListener("canplaythrough", act, { once: true });
}

if (form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => delete form.dataset.sent);
  document.addEventListener("htmx:after:swap", showOwn);
  whenLoaded(fetchNext);
}
