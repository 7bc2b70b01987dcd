// Links for clients: copy an address, play on hover, say the frame that is seen, keep the focus.

import { draw } from "./notes/ink.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");

// ── Copying ──

function bySelection(text) {
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy"); // without HTTPS browsers offer only this
  field.remove();
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copyText);
  } catch {
    bySelection(button.dataset.copyText);
  }
  button.querySelector("span").textContent = "Copied";
}

// ── Hover: the small film over its still ──

function play(media) {
  if (calm.matches || media.querySelector("video")) return;
  const film = document.createElement("video");
  Object.assign(film, { muted: true, loop: true, playsInline: true, autoplay: true, src: media.dataset.hover });
  film.className = "tile-preview";
  film.setAttribute("aria-hidden", "true");
  media.querySelector("img").after(film);
}

function onPointer(event) {
  const media = event.target.closest?.("[data-hover]");
  if (!media || event.pointerType !== "mouse") return;
  if (event.type === "pointerover") play(media);
  else if (!media.contains(event.relatedTarget)) media.querySelector("video")?.remove();
}

// ── Frames of the player ──

const player = () => document.querySelector("#player video");
const framesOf = (video) => Number(video.dataset.frames);
const rateOf = (video) => Number(video.dataset.fps);

function sayFrame() {
  const video = player();
  const frame = Math.floor(video.currentTime * rateOf(video) + 0.001);
  video.pause();
  document.getElementById("note-frame").value = Math.min(frame, framesOf(video) - 1);
  document.getElementById("note-text").focus();
}

function seek(frame) {
  const video = player();
  video.pause();
  video.currentTime = (Number(frame) + 0.5) / rateOf(video);
  video.scrollIntoView({ block: "nearest", behavior: calm.matches ? "auto" : "smooth" });
}

// What the team drew stands on its frame until the film goes on.
function showNote(button) {
  seek(button.dataset.seek);
  const note = button.closest("[data-drawing]");
  const ink = document.querySelector("#player [data-ink]");
  draw(ink, note ? JSON.parse(note.dataset.drawing) : []);
  ink.toggleAttribute("hidden", !note);
}

function hideInk(event) {
  event.target.closest?.("#player")?.querySelector("[data-ink]").setAttribute("hidden", "");
}

// ── Focus: an answered clip keeps it, though the pressed button is gone ──

let pressed = null; // the id of the tile, or of what else has an id, around the pressed button

function remember(event) {
  pressed = event.target.closest?.("article[id], section[id], main[id]")?.id ?? null;
}

function onAnswer() {
  dress();
  for (const open of document.querySelectorAll("#review :popover-open")) open.hidePopover();
  const lost = document.activeElement === document.body || document.activeElement === null;
  if (pressed && lost) document.getElementById(pressed)?.focus({ preventScroll: true });
  pressed = null;
}

function clearWritten(event) {
  const form = event.target.closest?.("form[data-written]");
  if (form && event.detail?.ctx?.response?.status < 400) form.reset();
}

// ── The day on which a link ends is asked for only where it is chosen ──

function showDay() {
  const day = document.querySelector("[data-day]");
  if (day) day.hidden = document.querySelector("[name=ends]").value !== "date";
}

function dress() {
  for (const button of document.querySelectorAll("[data-copy-text], [data-frame-now]")) button.hidden = false;
  showDay();
}

function onClick(event) {
  const hit = (name) => event.target.closest(`[data-${name}]`);
  if (hit("copy-text")) copy(hit("copy-text"));
  else if (hit("frame-now")) sayFrame();
  else if (hit("seek")) showNote(hit("seek"));
  else if (hit("dismiss")) hit("dismiss").closest("[data-toast]").remove();
}

dress();
document.addEventListener("click", onClick);
document.addEventListener("play", hideInk, true);
document.addEventListener("pointerover", onPointer);
document.addEventListener("pointerout", onPointer);
document.addEventListener("submit", remember, true);
document.addEventListener("change", (event) => event.target.name === "ends" && showDay());
document.addEventListener("htmx:after:swap", onAnswer);
document.addEventListener("htmx:after:request", clearWritten);
