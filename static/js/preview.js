// The preview: a canvas on the panel's stage, and the move played on it in the clip's own time.

import { Camera, FPS } from "./camera.js";
import { formOf, shotOf } from "./shot.js";

const PAUSE_SECONDS = 0.7; // at the end of a move, before it is played again
const MOST_PIXELS = 2; // for each pixel of the page
const NO_STAGE = "The move can not be played here: this browser has no WebGL 2.";
const NO_PICTURE = "The move can not be played here: the picture could not be read.";
let stage; // one for the page; null where the browser can not draw it
let shown = ""; // which pictures are on it
export let missing = ""; // why there is no preview
let playing = 0;
let played = ""; // the shot that is

async function loaded(src) {
  const image = new Image();
  image.crossOrigin = "anonymous"; // a bucket that lets us read its pictures sends them so
  image.src = src;
  await image.decode();
  return image;
}

async function raise() {
  try {
    const { Stage } = await import("./stage.js");
    stage ??= new Stage();
    stage.canvas.addEventListener("webglcontextlost", onLost);
  } catch {
    lose();
  }
}

function lose() {
  stage?.canvas.remove();
  stage = null;
}

function onLost() {
  lose();
  for (const panel of document.querySelectorAll("[data-camera]")) drop(panel, NO_STAGE);
}

async function setPictures(shot) {
  const wanted = JSON.stringify([shot.pictures, shot.width, shot.height]);
  if (wanted === shown) return;
  shown = wanted;
  const images = await Promise.all(shot.pictures.map(loaded));
  if (wanted === shown) stage.show(images, [shot.width, shot.height]);
}

function setCanvas(panel) {
  const holder = panel.querySelector("[data-camera-stage]");
  const { canvas } = stage;
  if (canvas.parentElement !== holder) {
    holder.prepend(canvas);
    watch.disconnect();
    watch.observe(holder);
  }
  canvas.className = "cam-canvas";
  canvas.role = "img";
  canvas.ariaLabel = "Preview of the camera move";
  const scale = Math.min(window.devicePixelRatio || 1, MOST_PIXELS);
  stage.resize(Math.round(holder.clientWidth * scale), Math.round(holder.clientHeight * scale));
  holder.toggleAttribute("data-drawn", true);
  panel.querySelector("[data-camera-play]").hidden = false;
}

const watch = new ResizeObserver(([entry]) => draw(entry.target.closest("[data-camera]")));

// Without a stage the frames over the picture remain, and a sentence says why.
function drop(panel, why) {
  stop();
  missing = why;
  panel.querySelector("[data-camera-stage]").removeAttribute("data-drawn");
  panel.querySelector("[data-camera-play]").hidden = true;
  stage?.canvas.remove();
  panel.dispatchEvent(new Event("preview-missing", { bubbles: true }));
}

export async function draw(panel) {
  const form = panel && formOf(panel);
  if (!form) return;
  if (stage === undefined) await raise();
  if (!stage) {
    drop(panel, NO_STAGE);
    return;
  }
  try {
    await setPictures(shotOf(form, panel));
  } catch {
    shown = "";
    drop(panel, NO_PICTURE);
    return;
  }
  if (!panel.isConnected || !stage?.plates.length) return;
  missing = "";
  setCanvas(panel);
  if (!playing) stage.overview();
}

// ── Playing ──

function setPlaying(panel, now) {
  const holder = panel.querySelector("[data-camera-stage]");
  holder.toggleAttribute("data-playing", now);
  const button = panel.querySelector("[data-camera-play]");
  button.setAttribute("aria-pressed", String(now));
  button.lastElementChild.textContent = now ? "Stop" : "Preview move";
  panel.querySelector("[data-camera-legend]").hidden = now;
  panel.querySelector("[data-camera-clock]").hidden = !now;
}

export function stop() {
  if (!playing) return;
  cancelAnimationFrame(playing);
  playing = 0;
  for (const panel of document.querySelectorAll("[data-camera]")) {
    setPlaying(panel, false);
    draw(panel);
  }
}

export function play(panel) {
  const shot = shotOf(formOf(panel), panel);
  const camera = new Camera(shot);
  const length = (shot.seconds * FPS - 1) / FPS; // from the first frame of the clip to the last one
  const once = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const clock = panel.querySelector("[data-camera-clock]");
  let began;
  const step = (now) => {
    began ??= now;
    const gone = (now - began) / 1000;
    if (!panel.isConnected || (once && gone > length + PAUSE_SECONDS)) {
      stop();
      return;
    }
    const progress = Math.min(1, (gone % (length + PAUSE_SECONDS)) / length);
    stage.frame(camera, progress);
    clock.textContent = `${(progress * shot.seconds).toFixed(1)} / ${shot.seconds} s`;
    playing = requestAnimationFrame(step);
  };
  played = JSON.stringify(shot);
  setPlaying(panel, true);
  playing = requestAnimationFrame(step);
}

// Whether what is played is still the shot of the form.
export function isPlaying(panel) {
  if (!playing) return false;
  const isShown = panel.querySelector("[data-camera-stage]").hasAttribute("data-playing");
  return isShown && JSON.stringify(shotOf(formOf(panel), panel)) === played;
}
