// Drawing on the frame that stands: pen, arrow, box and words, by pointer, finger or keys.
//
// Tells "change" with every shape, "begin" and "end" with the tools.

import { described, draw, element } from "./ink.js";

const MOST_BYTES = 60_000; // the server takes 64 kB
const MOST_SHAPES = 100;
const MOST_POINTS = 2000;
const NEAR = 0.003; // points closer than this are one
const STEP = 0.01;
const BIG_STEP = 0.1;
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const places = (number) => Math.round(Math.max(0, Math.min(1, number)) * 1e4) / 1e4;
const far = ([x, y], [a, b]) => Math.hypot(x - a, y - b);

export class Drawing extends EventTarget {
  constructor(stage) {
    super();
    this.layer = stage.querySelector("[data-ink-layer]");
    this.bar = stage.querySelector("[data-draw-bar]");
    this.words = stage.querySelector("[data-ink-words]");
    this.said = stage.querySelector("[data-ink-said]");
    Object.assign(this, { shapes: [], now: null, tool: "pen", color: "yellow", isOn: false, pen: [0.5, 0.5] });
    this.#listen();
  }

  begin() {
    this.isOn = true;
    this.#show();
    this.dispatchEvent(new Event("begin"));
    this.layer.focus({ preventScroll: true });
  }

  end() {
    if (!this.isOn) return;
    Object.assign(this, { isOn: false, now: null });
    this.words.hidden = true;
    this.#show();
    this.dispatchEvent(new Event("end"));
  }

  clear() {
    Object.assign(this, { shapes: [], now: null });
    this.#changed();
  }

  load(shapes) {
    this.shapes = shapes;
    this.#changed();
  }

  get json() {
    return this.shapes.length ? JSON.stringify(this.shapes) : "";
  }

  // ── What was drawn ──

  #changed() {
    this.#show();
    this.dispatchEvent(new Event("change"));
  }

  #show() {
    const shapes = this.now ? [...this.shapes, this.now] : this.shapes;
    this.layer.toggleAttribute("hidden", !this.isOn && !shapes.length);
    this.layer.dataset.on = String(this.isOn);
    this.bar.hidden = !this.isOn;
    draw(this.layer, shapes);
    if (this.isOn && this.keyed) this.layer.append(this.#cross());
  }

  #cross() {
    const { width, height } = this.layer.viewBox.baseVal;
    const [x, y, arm] = [this.pen[0] * width, this.pen[1] * height, width * 0.015];
    return element("path", { class: "ink-cross", d: `M${x - arm} ${y}H${x + arm}M${x} ${y - arm}V${y + arm}` });
  }

  #add(shape) {
    const full = this.shapes.length >= MOST_SHAPES || JSON.stringify([...this.shapes, shape]).length > MOST_BYTES;
    if (full) return this.#say("The drawing is full: undo something first.");
    this.shapes = [...this.shapes, shape];
    this.#say(`Drawn: ${described(this.shapes)}`);
    this.#changed();
  }

  #say(words) {
    this.said.textContent = words;
  }

  // ── One stroke ──

  #start(point) {
    if (this.tool === "text") return this.#askWords(point);
    const points = this.tool === "pen" ? [point] : [point, point];
    this.now = { kind: this.tool, color: this.color, points };
    this.#show();
  }

  #move(point) {
    const { now } = this;
    if (!now) return;
    if (now.kind === "pen") {
      if (far(now.points.at(-1), point) < NEAR || now.points.length >= MOST_POINTS) return;
      now.points.push(point);
    } else now.points = [now.points[0], point];
    this.#show();
  }

  // A box or an arrow without a length was a slip.
  #finish() {
    const { now } = this;
    this.now = null;
    if (now && (now.kind === "pen" || far(...now.points) > NEAR)) this.#add(now);
    else this.#show();
  }

  #askWords(point) {
    this.at = point;
    this.words.hidden = false;
    this.words.querySelector("input").focus();
  }

  #write(event) {
    event.preventDefault();
    const input = this.words.querySelector("input");
    const text = input.value.trim();
    input.value = "";
    this.words.hidden = true;
    if (text) this.#add({ kind: "text", color: this.color, points: [this.at], text });
    this.layer.focus({ preventScroll: true });
  }

  // ── Pointers and keys ──

  #point(event) {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.layer.getScreenCTM().inverse());
    const { width, height } = this.layer.viewBox.baseVal;
    return [places(x / width), places(y / height)];
  }

  #listen() {
    const { layer, bar, words } = this;
    layer.addEventListener("pointerdown", (event) => {
      if (!this.isOn || event.button) return;
      event.preventDefault();
      layer.focus({ preventScroll: true });
      layer.setPointerCapture(event.pointerId);
      this.keyed = false;
      this.#start(this.#point(event));
    });
    layer.addEventListener("pointermove", (event) => {
      for (const one of event.getCoalescedEvents?.() ?? [event]) this.#move(this.#point(one));
    });
    layer.addEventListener("pointerup", () => this.#finish());
    layer.addEventListener("pointercancel", () => ((this.now = null), this.#show()));
    layer.addEventListener("keydown", (event) => this.#onKey(event));
    words.addEventListener("submit", (event) => this.#write(event));
    words.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      words.hidden = true;
      layer.focus({ preventScroll: true });
    });
    bar.addEventListener("click", (event) => this.#onBar(event.target.closest("button")));
    bar.addEventListener("keydown", (event) => event.key === "Escape" && this.end());
  }

  #onKey(event) {
    if (!this.isOn || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = KEYS[event.key];
    const act = step ? () => this.#walk(step, event.shiftKey ? BIG_STEP : STEP)
      : { Enter: () => this.#setDown(), " ": () => this.#setDown(), Escape: () => this.#leave(), Backspace: () => this.#undo() }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  #walk([across, down], length) {
    this.keyed = true;
    this.pen = [places(this.pen[0] + across * length), places(this.pen[1] + down * length)];
    this.#move(this.pen);
    this.#say(`${Math.round(this.pen[0] * 100)} % across, ${Math.round(this.pen[1] * 100)} % down`);
    this.#show();
  }

  #setDown() {
    this.keyed = true;
    if (this.now) this.#finish();
    else {
      this.#start(this.pen);
      if (this.now) this.#say(`${this.tool} begun; arrow keys, then Enter.`);
    }
  }

  #leave() {
    if (!this.now) return this.end();
    this.now = null;
    this.#show();
  }

  #undo() {
    if (this.now) this.now = null;
    else this.shapes = this.shapes.slice(0, -1);
    this.#say(this.shapes.length ? `Left: ${described(this.shapes)}` : "Nothing is drawn.");
    this.#changed();
  }

  #onBar(button) {
    if (!button) return;
    const { tool, color } = button.dataset;
    if (tool) this.#choose("tool", tool);
    else if (color) this.#choose("color", color);
    else if ("drawUndo" in button.dataset) this.#undo();
    else if ("drawClear" in button.dataset) this.clear();
    else if ("drawEnd" in button.dataset) this.end();
  }

  #choose(what, value) {
    this[what] = value;
    for (const one of this.bar.querySelectorAll(`[data-${what}]`)) {
      one.setAttribute("aria-pressed", String(one.dataset[what] === value));
    }
  }
}
