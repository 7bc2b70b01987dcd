// The cost report: its figures follow what ends, every ten seconds at most, and its address is copied.

const EVERY_MILLISECONDS = 10000;

let asked = Date.now();
let timer = null;

function refresh() {
  timer = null;
  const figures = document.getElementById("cost-figures");
  if (document.hidden || !figures) return;
  asked = Date.now();
  window.htmx.trigger(figures, "refresh");
}

function refreshSoon() {
  timer ??= setTimeout(refresh, Math.max(0, asked + EVERY_MILLISECONDS - Date.now()));
}

function bySelection(text) {
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy"); // without HTTPS browsers offer only this
  field.remove();
}

async function copy(button) {
  const address = new URL(button.dataset.copyAddress, location.href).href;
  try {
    await navigator.clipboard.writeText(address);
  } catch {
    bySelection(address);
  }
  button.querySelector("span").textContent = "Copied";
}

function dress() {
  for (const button of document.querySelectorAll("[data-copy-address]")) button.hidden = false;
}

function onClick(event) {
  const button = event.target.closest("[data-copy-address]");
  if (button) copy(button);
}

dress();
document.addEventListener("click", onClick);
document.addEventListener("htmx:after:swap", dress);
document.addEventListener("htmx:sse:after:message", refreshSoon);
document.addEventListener("visibilitychange", () => !document.hidden && refreshSoon());
