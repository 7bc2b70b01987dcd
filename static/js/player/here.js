// The player of this page, for every script that needs it: `picture` and `range`, null while the clip
// has no take.

import { Picture } from "./picture.js";
import { Range } from "./range.js";

export const stage = document.querySelector("[data-player]");
const video = stage?.querySelector("video");

export const picture = video ? new Picture(video) : null;
export const range = picture ? new Range(picture, stage.querySelector("[data-sheet]")) : null;

// The frame that the address names: `#f52` or `?frame=52`.
export function frameInAddress() {
  const typed = /^#f(\d{1,9})$/.exec(location.hash)?.[1] ?? new URLSearchParams(location.search).get("frame");
  return typed && /^\d{1,9}$/.test(typed) ? Number(typed) : null;
}
