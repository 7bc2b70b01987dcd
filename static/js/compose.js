// The compose bar and the director: what a form can do by itself before the server answers.

const formOf = (element) => element.closest?.("[data-draft]");

// ── The prompt ──

function count(prompt) {
  const form = formOf(prompt);
  const said = form.querySelector("[data-prompt-count]");
  const limit = Number(prompt.dataset.limit);
  const length = prompt.value.trim().length;
  const tell = "countAlways" in prompt.dataset || (limit && length > limit * 0.9);
  said.hidden = !tell;
  said.classList.toggle("bad", Boolean(limit) && length > limit);
  const most = limit ? ` / ${limit.toLocaleString("en")}` : "";
  said.textContent = `${length.toLocaleString("en")}${most}`;
}

// With Shift it is rehearsed first.
function submit(event) {
  if (document.querySelector("dialog[open]") && !formOf(event.target)) return; // not what is behind it
  const form = formOf(event.target) ?? document.querySelector("[data-draft]");
  if (event.shiftKey) {
    form?.querySelector("[data-rehearse]:not(:disabled)")?.click();
    return;
  }
  const button = form?.querySelector("#generate button:not(:disabled)");
  if (!button) return;
  event.preventDefault();
  form.requestSubmit(button);
}

function leave(event) {
  if (document.querySelector(":popover-open, dialog[open]")) return;
  if (event.target.matches("[data-prompt]")) event.target.blur();
  else document.querySelector("[data-close]")?.click();
}

function onKey(event) {
  if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit(event);
  if (event.key === "Escape") leave(event);
}

// ── Numbers and their sliders ──

function follow(input) {
  const form = formOf(input);
  if (!form) return;
  if (input.dataset.slides) {
    form.elements[input.dataset.slides].value = input.value;
  } else if (input.name) {
    const slider = form.querySelector(`[data-slides="${CSS.escape(input.name)}"]`);
    if (slider) slider.value = input.value;
  }
}

// ── First ideas on an empty wall ──

function start(button) {
  const prompt = document.querySelector("[data-prompt]");
  prompt.value = button.value;
  count(prompt);
  prompt.focus();
}

function onClick(event) {
  const pressed = event.target.closest("[data-start], [data-write]");
  if (!pressed) return;
  event.preventDefault();
  if (pressed.matches("[data-start]")) start(pressed);
  else document.querySelector("[data-prompt]").focus();
}

function onInput(event) {
  if (event.target.matches("[data-prompt]")) count(event.target);
  follow(event.target);
}

// ── Forms come and go ──

function dress() {
  for (const hidden of document.querySelectorAll("[data-scripted], [data-slides]")) hidden.hidden = false;
  const prompt = document.querySelector("[data-prompt]");
  if (prompt) count(prompt);
}

// After Generate everything stays as it is, and the prompt is ready to be written over.
function onRedrawn(event) {
  const source = event.detail.ctx.sourceElement;
  // What was typed came back with the answer; the old inputs must not hold on to what they had.
  if (source?.matches?.("[data-redraws]")) document.querySelector("form[data-draft]")?.reset();
}

function onOrdered(event) {
  const { ctx } = event.detail;
  const form = ctx.sourceElement;
  if (!form.matches?.("form[data-draft]") || ctx.response?.status !== 200) return;
  const prompt = document.querySelector("[data-prompt]");
  if (document.activeElement === prompt || document.activeElement === document.body) prompt?.select();
  document.querySelector("[data-wall-scroll]")?.scrollTo({ top: 0 });
}

function focusDirector(event) {
  const director = document.getElementById("director");
  const opened = event.detail.ctx.sourceElement;
  if (director && !director.contains(document.activeElement) && !opened?.matches?.(".director-body, form")) {
    director.focus({ preventScroll: true });
  }
}

document.addEventListener("keydown", onKey);
document.addEventListener("input", onInput);
document.addEventListener("click", onClick);
document.addEventListener("htmx:after:swap", (event) => {
  onRedrawn(event);
  dress();
  onOrdered(event);
  focusDirector(event);
});
dress();
