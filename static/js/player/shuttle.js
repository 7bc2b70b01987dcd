// J, K and L as cutting tables have them: back, stop, on; pressed again they go faster. With K held
// down J and L go by one frame.

const FASTEST = 4;

export class Shuttle {
  constructor(picture, range) {
    Object.assign(this, { picture, range, speed: 0, held: false, stepped: false });
    picture.addEventListener("state", () => {
      if (picture.paused && this.speed > 0) this.speed = 0;
    });
  }

  get isBack() {
    return this.speed < 0;
  }

  back() {
    if (this.held) return this.#stepBy(-1);
    this.picture.pause();
    this.#run(this.speed < 0 ? Math.max(this.speed * 2, -FASTEST) : -1);
  }

  on() {
    if (this.held) return this.#stepBy(1);
    this.speed = this.speed > 0 ? Math.min(this.speed * 2, FASTEST) : 1;
    this.picture.video.playbackRate = this.speed;
    this.picture.play();
  }

  stop() {
    this.speed = 0;
    this.picture.video.playbackRate = 1;
    this.picture.pause();
  }

  // K stops at once; standing still it starts, unless it was held for J or L.
  hold() {
    if (this.held) return;
    Object.assign(this, { held: true, stepped: !this.picture.paused || this.isBack });
    if (this.stepped) this.stop();
  }

  release() {
    if (this.held && !this.stepped) this.picture.play();
    this.held = false;
  }

  #stepBy(frames) {
    this.stepped = true;
    this.stop();
    this.picture.step(frames);
  }

  // No browser plays backwards: the clock says which frame it would be, and that one is looked up.
  #run(speed) {
    const running = this.speed < 0;
    const { picture } = this;
    this.speed = speed;
    this.since = { frame: picture.frame, now: performance.now() };
    if (!running) requestAnimationFrame(() => this.#tick());
  }

  #tick() {
    if (this.speed >= 0) return;
    const { picture, range, since } = this;
    const gone = ((performance.now() - since.now) / 1000) * picture.clock.fps * -this.speed;
    const [first, last] = range.isSet ? [range.first, range.last] : [0, picture.clock.last];
    let wanted = Math.floor(since.frame - gone);
    if (wanted < first) {
      if (!range.loops) {
        this.speed = 0;
        return picture.seek(first);
      }
      this.since = { frame: last, now: performance.now() };
      wanted = last;
    }
    if (wanted !== picture.frame && !picture.video.seeking) picture.seek(wanted);
    requestAnimationFrame(() => this.#tick());
  }
}
