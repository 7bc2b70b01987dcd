// In and out: a part of the film that is played round and round, and that a note can hold.
//
// A browser says which frame it shows only once it shows it. So while a part is played, what is seen
// is a sheet over the film, onto which only frames of that part are painted.

export class Range extends EventTarget {
  constructor(picture, sheet) {
    super();
    Object.assign(this, { picture, sheet, first: null, last: null, loops: true });
    this.brush = sheet.getContext("2d", { alpha: false });
    picture.addEventListener("frame", () => this.#keepIn());
    picture.addEventListener("state", () => this.#turn());
    picture.video.addEventListener("seeked", () => picture.paused && this.#uncover());
  }

  get isSet() {
    return this.first !== null && this.last !== null;
  }

  has(frame) {
    return this.isSet && frame >= this.first && frame <= this.last;
  }

  set(first, last) {
    const { clock } = this.picture;
    [this.first, this.last] = [first, last].map((frame) => (frame === null ? null : clock.within(frame)));
    if (this.isSet && this.first > this.last) [this.first, this.last] = [this.last, this.first];
    this.dispatchEvent(new Event("change"));
    if (!this.isSet) this.#uncover();
    else if (!this.picture.paused) this.#enter();
  }

  // An end on the wrong side of the other one begins anew.
  markIn() {
    const { frame } = this.picture;
    this.set(frame, this.last !== null && this.last >= frame ? this.last : null);
  }

  markOut() {
    const { frame } = this.picture;
    const from = this.first === null || this.first > frame ? 0 : this.first;
    this.set(from, frame);
  }

  clear() {
    this.set(null, null);
  }

  // Playing a part begins inside it.
  #enter() {
    const { picture } = this;
    if (!this.has(picture.frame) || picture.frame === this.last) picture.seek(this.first);
  }

  #turn() {
    const { picture } = this;
    if (!this.isSet) return;
    if (picture.paused) {
      if (!picture.video.seeking) this.#uncover();
    } else {
      this.#enter();
      this.#paint();
    }
  }

  #keepIn() {
    const { picture } = this;
    if (!this.isSet || picture.paused) return;
    this.#paint();
    if (this.first === this.last) return picture.pause();
    if (picture.frame < this.last && picture.frame >= this.first) return;
    if (this.loops) picture.seek(this.first);
    else {
      picture.pause();
      picture.seek(this.last);
    }
  }

  // The film may be further by the time that it is looked at: a VideoFrame knows its own moment.
  #paint() {
    const { video, clock } = this.picture;
    const seen = grab(video);
    const frame = seen ? clock.at(seen.timestamp / 1e6) : this.picture.frame;
    if (this.has(frame) && video.readyState > 1) {
      const [width, height] = [video.videoWidth, video.videoHeight];
      if (this.sheet.width !== width || this.sheet.height !== height) Object.assign(this.sheet, { width, height });
      this.brush.drawImage(seen ?? video, 0, 0, width, height);
      this.sheet.hidden = false;
    }
    seen?.close();
  }

  #uncover() {
    this.sheet.hidden = true;
  }
}

// null where a browser can not, or may not because the film lies elsewhere.
function grab(video) {
  try {
    return new VideoFrame(video);
  } catch {
    return null;
  }
}
