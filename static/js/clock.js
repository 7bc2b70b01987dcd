// Several films on one clock: they start, step, loop and stop together, and none runs away.
//
// Browsers promise nothing about two films on a page: each starts when it is ready, seeks for as
// long as it takes, and begins again at its own end. So:
// 1. Whoever begins, jumps, loops or runs dry is gathered: all stand and seek, and when the last
//    one has its frame, all start in the same task.
// 2. While they play one of them leads, the one that is heard or else the first: its own time is
//    the clock, so that sound is never bent. The others run a little faster or slower until they
//    are where it is; who is too far off for that has all of them gathered again.
// 3. Stills cover what a browser does at different times. At the seam of a loop each film keeps the
//    picture that it ended on until all have their first frame; then all stills change to that in
//    one go, and go in one go when all films really run, and in step. Nobody sees one film at its end
//    beside another one at its beginning, however long they seek.
// 4. A film that is over, or that has not begun, stands on its last or first frame; nobody waits.

const GATHER_ABOVE = 0.25; // seconds off that nobody catches up with
const NUDGE_ABOVE = 0.004; // seconds off that nobody sees
const PULL = 4; // what is off is made good in about a quarter of a second
const MOST_NUDGE = 0.3;
const LANDING_MS = 80; // after a film has sought
const COVERED_MS = 400; // at most: a film that is not in step by then is seen as it is
const HURRY = 3; // how much more they may be nudged while nobody sees them
const NEAR_END = 0.2; // seconds: a browser has no “future data” there, and needs none

const nextFrame = () => new Promise((done) => requestAnimationFrame(done));
const within = (low, value, high) => Math.max(low, Math.min(value, high));

// ── One film ──

// A track is { video, fps, frames, offset }: with an offset of 2 it is two of its frames ahead.
const lengthOf = ({ fps, frames }) => frames / fps;
const placeOf = ({ fps, offset = 0 }, at) => at + offset / fps;
const clockOf = ({ fps, offset = 0 }, place) => place - offset / fps;
const isOver = (track, at) => placeOf(track, at) >= lengthOf(track) - 0.5 / track.fps;
const isOn = (track, at) => placeOf(track, at) >= 0 && !isOver(track, at);

export function frameOf(track, at) {
  return within(0, Math.floor(placeOf(track, at) * track.fps + 1e-3), track.frames - 1);
}

// The middle of a frame is safely inside it, whatever the browser rounds.
function stand(track, at) {
  const { video, fps } = track;
  const wanted = (frameOf(track, at) + 0.5) / fps;
  video.pause();
  video.playbackRate = 1;
  if (Math.abs(video.currentTime - wanted) <= 0.4 / fps) return;
  video.currentTime = wanted;
  land(video, wanted, 0.6 / fps);
}

// At its end a browser may leave out the last frame, if it is late.
const resting = new WeakSet();

function rest(track, at) {
  const { video, fps } = track;
  if (resting.has(video)) return;
  resting.add(video);
  video.pause();
  video.currentTime = (frameOf(track, at) + 0.5) / fps;
}

// A browser says that it has sought before the picture is there; then it would still draw the old
// one. What is not seen may have no picture, so nobody waits long.
const flights = new WeakMap(); // film → the seek whose picture is not there yet

function land(video, wanted, near) {
  const flight = { wanted };
  flights.set(video, flight);
  const onPicture = (_now, { mediaTime }) => {
    if (flights.get(video) !== flight) return;
    if (Math.abs(mediaTime - wanted) < near) flights.delete(video);
    else video.requestVideoFrameCallback(onPicture);
  };
  const giveUp = () => setTimeout(() => flights.get(video) === flight && flights.delete(video), LANDING_MS);
  video.requestVideoFrameCallback(onPicture);
  video.addEventListener("seeked", giveUp, { once: true });
}

function hasPicture({ video }) {
  const isAtEnd = video.currentTime > video.duration - NEAR_END;
  return video.readyState >= (isAtEnd ? HTMLMediaElement.HAVE_CURRENT_DATA : HTMLMediaElement.HAVE_FUTURE_DATA);
}

const isReady = (track) => !track.video.seeking && !flights.has(track.video) && hasPicture(track);

// Where a browser lets nobody be heard yet, the film plays in silence.
function begin(video) {
  resting.delete(video);
  video.play().catch((error) => {
    if (error.name === "NotAllowedError") video.muted = true;
  });
}

// ── Stills ──

const stills = new WeakMap();

function cover({ video }) {
  if (!stills.has(video)) {
    const canvas = document.createElement("canvas");
    canvas.className = "still";
    canvas.setAttribute("aria-hidden", "true");
    video.after(canvas);
    stills.set(video, canvas);
  }
  const still = stills.get(video);
  still.width = video.videoWidth;
  still.height = video.videoHeight;
  still.getContext("2d").drawImage(video, 0, 0);
  still.hidden = false;
}

function uncover({ video }) {
  const still = stills.get(video);
  if (still) still.hidden = true;
}

const isInStep = (track, at) => Math.abs(track.video.currentTime - placeOf(track, at)) < 0.3 / track.fps;

// ── The clock ──

export class Clock {
  loop = true;
  from = 0; // the range that is played, in seconds
  to = Infinity;
  playing = false; // whether somebody wants it to
  waiting = false; // whether a film keeps the others waiting

  #films;
  #changed;
  #rate;
  #seconds = 0; // where it stood at #since
  #since = 0; // milliseconds; 0 while it stands
  #coveredSince = 0; // milliseconds; 0 while films are seen
  #turn = 0; // of the last thing that was asked for: what was asked before gives up

  // `tracks` gives what is on the page now, `changed` is called whenever there is something to
  // show, `fps` is whose frames are counted (of all tracks the finest, where it is not said).
  constructor({ tracks, changed, fps = null }) {
    this.#films = tracks;
    this.#changed = changed;
    this.#rate = fps;
  }

  get tracks() {
    return this.#films().filter(({ video }) => !video.error);
  }

  get fps() {
    return this.#rate?.() ?? Math.max(...this.tracks.map(({ fps }) => fps), 1);
  }

  get end() {
    return Math.max(...this.tracks.map((track) => clockOf(track, lengthOf(track))), 0);
  }

  get now() {
    return this.#since ? this.#seconds + (performance.now() - this.#since) / 1000 : this.#seconds;
  }

  get frame() {
    return Math.floor(this.now * this.fps + 1e-3);
  }

  get frames() {
    return Math.max(Math.round(this.end * this.fps), 1);
  }

  toggle() {
    return this.playing ? this.pause() : this.play();
  }

  play() {
    const stop = Math.min(this.to, this.end);
    const begins = this.now >= stop - 1 / this.fps || this.now < this.from;
    return this.#begin(begins ? this.from : this.now);
  }

  pause() {
    return this.seek(this.now);
  }

  seek(at) {
    this.playing = false;
    return this.#gather(within(0, at, Math.max(this.end - 0.5 / this.fps, 0)));
  }

  // Slightly inside the frame, as a number is never quite what it should be.
  seekFrame(frame) {
    return this.seek((frame + 0.01) / this.fps);
  }

  step(frames) {
    return this.seekFrame(this.frame + frames);
  }

  #set(at) {
    this.#seconds = at;
    if (this.#since) this.#since = performance.now();
  }

  // Whether all stand there now; not if something else was asked for meanwhile.
  async #gather(at) {
    const turn = ++this.#turn;
    this.#since = 0;
    this.#seconds = at;
    for (const track of this.tracks) stand(track, at);
    this.waiting = true;
    this.#changed(this);
    while (!this.tracks.every(isReady)) {
      await nextFrame();
      if (turn !== this.#turn) return false;
    }
    this.waiting = false;
    this.#uncover();
    this.#changed(this);
    return true;
  }

  async #begin(at) {
    this.playing = true;
    if (!(await this.#gather(at))) return;
    this.#cover();
    for (const track of this.tracks) if (isOn(track, at)) begin(track.video);
    this.#since = performance.now();
    this.#tick(this.#turn, at);
  }

  #cover() {
    for (const track of this.tracks) cover(track);
    this.#coveredSince = performance.now();
  }

  #uncover() {
    for (const track of this.tracks) uncover(track);
    this.#coveredSince = 0;
  }

  // As soon as all that are on have left where they began.
  #reveal(begun, at) {
    if (!this.#coveredSince) return;
    const on = this.tracks.filter((track) => isOn(track, at));
    const run = on.every((track) => track.video.currentTime > placeOf(track, begun) && isInStep(track, at));
    if (run || performance.now() - this.#coveredSince > COVERED_MS) this.#uncover();
  }

  #tick(turn, begun) {
    if (turn !== this.#turn) return;
    this.#follow();
    const at = this.now;
    if (at >= Math.min(this.to, this.end)) return this.#isOver();
    if (!this.#keepTogether(at)) return this.#beginCovered(at);
    this.#reveal(begun, at);
    this.#changed(this);
    requestAnimationFrame(() => this.#tick(turn, begun));
  }

  #follow() {
    const on = this.tracks.filter((track) => isOn(track, this.now) && !track.video.paused);
    const leader = on.find(({ video }) => !video.muted) ?? on[0];
    this.leader = leader?.video;
    if (leader) this.#set(clockOf(leader, leader.video.currentTime));
  }

  #isOver() {
    if (!this.loop) return this.seek(Math.min(this.to, this.end) - 0.5 / this.fps);
    return this.#beginCovered(this.from);
  }

  #beginCovered(at) {
    this.#cover();
    return this.#begin(at);
  }

  // Whether they are so near to each other that they can be kept so.
  #keepTogether(at) {
    const most = MOST_NUDGE * (this.#coveredSince ? HURRY : 1);
    return this.tracks.every((track) => {
      const { video } = track;
      if (!isOn(track, at)) {
        rest(track, at);
        return true;
      }
      if (video.paused) begin(video);
      const off = video.currentTime - placeOf(track, at);
      const nudges = Math.abs(off) > NUDGE_ABOVE && video !== this.leader;
      video.playbackRate = nudges ? 1 - within(-most, (off * PULL * most) / MOST_NUDGE, most) : 1;
      return Math.abs(off) < GATHER_ABOVE && hasPicture(track);
    });
  }
}
