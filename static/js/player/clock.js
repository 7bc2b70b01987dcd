// The frames of a film: which one a moment shows, where its middle is, and what it is called.
//
// Timecodes count as studio/core/timecode.py does: at the nearest whole rate, and none is dropped.

const TYPED = /^(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,4}):(\d{1,3})$/;
const NEAR = 1e-3; // seconds; browsers round what they say

const two = (number) => String(number).padStart(2, "0");

export class Clock {
  // `times` says when each frame begins, in seconds; it is empty where they come evenly.
  constructor({ fps, frames, times = [] }) {
    Object.assign(this, { fps: Number(fps), frames: Number(frames), times });
    this.rate = Math.max(1, Math.floor(this.fps + 0.5));
  }

  get last() {
    return this.frames - 1;
  }

  within(frame) {
    return Math.max(0, Math.min(this.last, Math.round(frame)));
  }

  // The frame that is to be seen at a moment.
  at(time) {
    if (!this.times.length) return this.within(Math.floor((time + NEAR) * this.fps));
    return this.within(this.times.filter((begin) => begin <= time + NEAR).length - 1);
  }

  begin(frame) {
    return this.times.length ? this.times[frame] : frame / this.fps;
  }

  // Safely inside the frame, whatever the browser rounds.
  middle(frame) {
    if (!this.times.length) return (frame + 0.5) / this.fps;
    const next = this.times[frame + 1] ?? this.times[frame] + 1 / this.fps;
    return (this.times[frame] + next) / 2;
  }

  timecode(frame) {
    const seconds = Math.floor(frame / this.rate);
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60, frame % this.rate];
    return parts.map(two).join(":");
  }

  // As notes say it: without hours and minutes in the first minute.
  short(frame) {
    return this.timecode(frame).replace(/^00:00:/, "");
  }

  // What somebody typed, null for what is neither a number nor a timecode.
  read(text) {
    const typed = text.trim();
    if (/^\d{1,9}$/.test(typed)) return Number(typed);
    const found = TYPED.exec(typed);
    if (!found) return null;
    const [hours, minutes, seconds, frames] = found.slice(1).map((part) => Number(part ?? 0));
    if (frames >= this.rate) return null;
    return ((hours * 60 + minutes) * 60 + seconds) * this.rate + frames;
  }
}
