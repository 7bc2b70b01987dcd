// The wall: keys, hover previews, scrubbing, tile size. Everything is found by
// data-hooks, so that tiles may come and go at any time.

import { bind, typing } from "./keys.js";
import { doorOf, isWhole } from "./window.js";
import "./places.js";
import "./personal.js";
import "./lasso.js";
import "./side.js";
import "./arrange.js";

const scroll = document.querySelector("[data-wall-scroll]");
const calm = matchMedia("(prefers-reduced-motion: reduce)");

// ── Hover: play the preview, or scrub along x through the strip of 11 frames ──

const STRIP_FRAMES = 11;
const REST_MS = 500; // a pointer that rests this long lets the preview play on

let active = null; // the tile under the pointer or with the focus

function previewOf(media) {
  let video = media.querySelector("video");
  if (!video) {
    video = document.createElement("video");
    Object.assign(video, { muted: true, loop: true, playsInline: true, src: media.dataset.preview });
    video.className = "tile-preview";
    video.addEventListener("timeupdate", () => showPosition(media, video.currentTime / (video.duration || 1)));
    media.querySelector("img").after(video);
  }
  return video;
}

function showPosition(media, share) {
  media.querySelector(".tile-scrub .fg")?.setAttribute("width", `${Math.min(100, share * 100)}%`);
}

function stripOf(media) {
  let strip = media.querySelector(".tile-strip");
  if (!strip) {
    strip = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    strip.setAttribute("class", "tile-strip");
    strip.setAttribute("aria-hidden", "true");
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "image");
    picture.setAttribute("href", media.dataset.strip);
    picture.setAttribute("width", `${STRIP_FRAMES * 100}%`);
    picture.setAttribute("height", "100%");
    picture.setAttribute("preserveAspectRatio", "none");
    strip.append(picture);
    media.querySelector("img").after(strip);
  }
  return strip;
}

async function play(media) {
  if (calm.matches || !media.dataset.preview) return;
  const video = previewOf(media);
  media.querySelector(".tile-strip")?.remove();
  video.hidden = false;
  try {
    await video.play();
  } catch {
    // The pointer left before the first frame came.
  }
}

function rest(media) {
  clearTimeout(media.waiting);
  media.querySelector("video")?.remove();
  media.querySelector(".tile-strip")?.remove();
  showPosition(media, 0);
  active = null;
}

function enter(media) {
  if (active && active !== media) rest(active);
  active = media;
  play(media);
}

function scrub(media, event) {
  if (event.pointerType !== "mouse" || !media.dataset.strip) return;
  const box = media.getBoundingClientRect();
  const share = Math.min(0.999, Math.max(0, (event.clientX - box.left) / box.width));
  const frame = Math.floor(share * STRIP_FRAMES);
  stripOf(media).firstChild.setAttribute("x", `${-frame * 100}%`);
  showPosition(media, share);
  const video = media.querySelector("video");
  video?.pause();
  clearTimeout(media.waiting);
  media.waiting = setTimeout(() => playFrom(media, share), REST_MS);
}

function playFrom(media, share) {
  if (active !== media) return;
  const video = media.querySelector("video");
  if (video?.duration) video.currentTime = share * video.duration;
  play(media);
}

const hoverOf = (event) => event.target.closest?.("[data-hover]");

function onOver(event) {
  const media = hoverOf(event);
  if (media && media !== active) enter(media);
}

function onOut(event) {
  const media = hoverOf(event);
  if (media && !media.contains(event.relatedTarget)) rest(media);
}

// ── Keys ──

const tiles = () => [...document.querySelectorAll("[data-tile]")];

function columns(all) {
  const top = all[0]?.offsetTop;
  const below = all.findIndex((tile) => tile.offsetTop !== top);
  return below < 0 ? all.length : below;
}

function neighbor(key, from) {
  const all = tiles();
  if (!all.length) return null;
  const here = all.indexOf(from);
  if (here < 0) return all[0];
  if (key === "ArrowLeft") return all[here - 1];
  if (key === "ArrowRight") return all[here + 1];
  return nearestBeyond(all, from, key === "ArrowDown" ? 1 : -1);
}

// Day headings break the rows, so the next row is found by place and not by counting.
function nearestBeyond(all, from, way) {
  const middle = (tile) => tile.offsetLeft + tile.offsetWidth / 2;
  const beyond = all.filter((tile) => (tile.offsetTop - from.offsetTop) * way > 0);
  const row = way > 0 ? beyond[0]?.offsetTop : beyond.at(-1)?.offsetTop;
  const choices = beyond.filter((tile) => tile.offsetTop === row);
  choices.sort((a, b) => Math.abs(middle(a) - middle(from)) - Math.abs(middle(b) - middle(from)));
  return choices[0];
}

function go(key, event) {
  const target = neighbor(key, event.target.closest("[data-tile]"));
  if (!target) return;
  event.preventDefault();
  doorOf(target).focus({ focusVisible: true });
  target.scrollIntoView({ block: "nearest", behavior: calm.matches ? "auto" : "smooth" });
}

function writePrompt(event) {
  const prompt = document.querySelector("[data-prompt]");
  if (!prompt) return;
  event.preventDefault();
  prompt.focus();
}

function toWall(event) {
  event.preventDefault();
  document.querySelector("[data-close]")?.click();
  if (!isWhole()) {
    location.assign(location.pathname + location.search);
    return;
  }
  scroll.scrollTo({ top: 0, behavior: "instant" });
  requestAnimationFrame(() => requestAnimationFrame(focusFirst)); // the first tiles are there by then
}

function focusFirst() {
  const first = tiles()[0];
  if (first) doorOf(first).focus({ focusVisible: true, preventScroll: true });
}

// Press the tile's own link to the director that has this in its address.
const press = (part) => (event) => event.target.closest("[data-tile]")?.querySelector(`a[href*="${part}"]`)?.click();

bind({ prompt: writePrompt, wall: toWall, remix: press("from="), extend: press("take=") });

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
  if (event.target.closest("dialog, [popover], [role=radiogroup], .toolbar")) return;
  if (/^Arrow/.test(event.key)) go(event.key, event);
}

// ── Tile size, kept for the next visit ──

function onDensity(event) {
  if (event.target.name !== "density") return;
  document.cookie = `density=${event.target.value};path=/;max-age=31536000;samesite=lax`;
}

// ── Clips further on, which are asked for once: where they do not come, again after a while ──

const AGAIN_MS = 3000;

function onError({ target, detail }) {
  if (!target.matches?.(".older") || detail.ctx?.response?.status < 500) return;
  setTimeout(() => target.isConnected && window.htmx.trigger(target, "again"), AGAIN_MS);
}

document.addEventListener("htmx:error", onError);
document.addEventListener("htmx:response:error", onError);
document.addEventListener("pointerover", onOver);
document.addEventListener("pointerout", onOut);
document.addEventListener("focusin", onOver);
document.addEventListener("focusout", onOut);
document.addEventListener("pointermove", (event) => hoverOf(event) && scrub(hoverOf(event), event));
document.addEventListener("keydown", onKey);
document.addEventListener("change", onDensity);
if (location.hash === "#prompt") document.querySelector("[data-prompt]")?.focus();
