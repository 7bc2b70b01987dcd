// What stands or runs in the player, counted in frames.
//
// Tells "frame" whenever another frame is to be seen, and "state" when it starts, stops or is another film.

import { Clock } from "./clock.js";

export class Picture extends EventTarget {
  constructor(video) {
    super();
    this.video = video;
    const { fps, frames, takeFps, takeFrames } = video.dataset;
    this.clock = new Clock({ fps, frames }); // of what is played
    this.take = new Clock({ fps: takeFps ?? fps, frames: takeFrames ?? frames }); // notes count in its frames
    this.frame = 0;
    this.isTake = !video.dataset.stream;
    for (const name of ["play", "pause"]) video.addEventListener(name, () => this.#changed(name));
    video.addEventListener("loadedmetadata", () => this.#tell("frame"));
    video.addEventListener("seeked", () => this.#arrived());
    this.#learnTimes(video.dataset.times);
    this.#follow();
  }

  get paused() {
    return this.video.paused;
  }

  // The frame of the take that is to be seen, also while one of its streams is played.
  get takeFrame() {
    return this.isTake ? this.frame : this.take.at(this.clock.middle(this.frame));
  }

  seekTake(frame) {
    this.seek(this.isTake ? frame : this.clock.at(this.take.middle(this.take.within(frame))));
  }

  seek(frame) {
    this.frame = this.clock.within(frame);
    this.video.currentTime = this.clock.middle(this.frame);
    this.#tell("frame");
  }

  step(by) {
    this.pause();
    this.seek(this.frame + by);
  }

  play() {
    return this.video.play()?.catch(() => {}); // the browser may want a press of a button first
  }

  pause() {
    if (!this.paused) this.video.pause();
  }

  toggle() {
    if (this.paused) this.play();
    else this.pause();
  }

  // Another film of the same moments goes on where the last one was. `own` says that it is the take.
  show({ src, fps, frames, own }) {
    const { paused, playbackRate } = this.video;
    const time = this.clock.middle(this.frame);
    this.clock = own ? this.take : new Clock({ fps, frames });
    this.isTake = own;
    this.frame = this.clock.at(time);
    this.video.removeAttribute("poster");
    this.video.src = src;
    const goOn = () => {
      this.video.playbackRate = playbackRate;
      this.seek(this.frame);
      if (!paused) this.play();
    };
    this.video.addEventListener("loadedmetadata", goOn, { once: true });
    this.#tell("state");
  }

  // Some takes have frames that come unevenly; only the file knows when.
  async #learnTimes(address) {
    if (!address) return;
    const found = await fetch(address).then((answer) => (answer.ok ? answer.json() : []), () => []);
    if (!found.length) return;
    const { fps } = this.take;
    const known = new Clock({ fps, frames: found.length, times: found });
    if (this.isTake) this.clock = known;
    this.take = known;
    if (this.paused && this.isTake) this.seek(this.frame);
  }

  #tell(name) {
    this.dispatchEvent(new Event(name));
  }

  // Others may seek, too: the browser's own menus, and its keys for media.
  #arrived() {
    const frame = this.clock.at(this.video.currentTime);
    if (!this.paused || frame === this.frame) return;
    this.frame = frame;
    this.#tell("frame");
  }

  // What is said to be seen must be what is seen: standing still it is the middle of that frame.
  #changed(name) {
    if (name === "pause" && !this.video.ended && !this.video.seeking) this.seek(this.frame);
    this.#tell("state");
  }

  #follow() {
    this.video.requestVideoFrameCallback((_now, { mediaTime }) => {
      if (!this.paused && !this.video.seeking) {
        this.frame = this.clock.at(mediaTime);
        this.#tell("frame");
      }
      this.#follow();
    });
  }
}
