// What the director's form says of its camera: the shot that Animatic would make of it, and the
// move as a sentence.

import { sizeOf } from "./camera.js";

export const SHOWN_SEED = 1; // without a seed every take sways in its own way; this one is shown

export const panelOf = (form) => form?.querySelector("[data-camera]");
export const formOf = (element) => element.closest?.("[data-draft]");
export const rowsOf = (panel) => [...panel.querySelectorAll("[data-axis]")];
export const numberOf = (row) => row.querySelector("input[type=number]");
export const isStill = (axes) => !Object.values(axes).some(Boolean);
export const listed = (words) => [words.slice(0, -1).join(", "), words.at(-1)].filter(Boolean).join(" and ");

export const valueOf = (form, name) => form.elements[name]?.value ?? "";
export const swayOf = (form) => form.querySelector("input[type=checkbox][name=sway]");
export const axesOf = (panel) =>
  Object.fromEntries(rowsOf(panel).map((row) => [row.dataset.axis, Number(numberOf(row).value) || 0]));

// The button of the model's own move that is chosen.
export function wholeOf(form, panel) {
  const chosen = panel.dataset.types && valueOf(form, panel.dataset.types);
  return chosen ? panel.querySelector(`[data-whole="${CSS.escape(chosen)}"]`) : null;
}

const picturesOf = (form) =>
  ["first_frame", "last_frame"].map((name) => form.querySelector(`[data-slot="${name}"] img`)?.src.replace("?size=small", ""));

export function shotOf(form, panel) {
  const whole = wholeOf(form, panel);
  const sway = swayOf(form);
  const axes = whole ? JSON.parse(whole.dataset.like) : axesOf(panel);
  const [width, height] = sizeOf(valueOf(form, "aspect"), valueOf(form, "resolution"));
  const [first, last] = picturesOf(form);
  return {
    width, height, axes,
    seconds: Number(valueOf(form, "duration")) || Number(panel.querySelector("[data-seconds]").dataset.seconds) || 5,
    seed: Number(valueOf(form, "seed") || SHOWN_SEED),
    sways: sway ? sway.checked : isStill(axes),
    lands: Boolean(first && last),
    pictures: first ? [first, last].filter(Boolean) : [],
  };
}

function degree(panel, strength) {
  const degrees = JSON.parse(panel.dataset.degrees);
  return (degrees.find(([most]) => strength <= most) ?? degrees.at(-1))[1];
}

export function sentence(form, panel) {
  const whole = wholeOf(form, panel);
  if (whole) return `The camera ${whole.dataset.said}.`;
  const axes = axesOf(panel);
  const strength = (row) => Math.abs(axes[row.dataset.axis]);
  const said = rowsOf(panel).filter(strength).sort((a, b) => strength(b) - strength(a)).map((row) => {
    const words = axes[row.dataset.axis] < 0 ? row.dataset.minus : row.dataset.plus;
    return words.replace("{}", degree(panel, strength(row))).replaceAll("  ", " ").trim();
  });
  const still = swayOf(form)?.checked ? "stays in its place, hand-held" : "stays still";
  return `The camera ${listed(said) || still}.`;
}
