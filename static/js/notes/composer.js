// The box for notes: typing stops the film, Enter posts and plays on, and the note keeps the frame
// where typing began, or the range between in and out.

import { offerPeople } from "./people.js";
import { described } from "./ink.js";

export class Composer {
  constructor(form, { picture, range, drawing }) {
    Object.assign(this, { form, picture, range, drawing, place: null, wasPlaying: false, whole: false, aside: null });
    this.box = form.elements.text;
    this.people = offerPeople(this.box, JSON.parse(form.dataset.people ?? "[]"));
    this.#prepare();
    this.#listen();
    this.#show();
  }

  focus() {
    this.box.focus();
  }

  get isAbout() {
    return !this.form.elements.parent.value && !this.form.elements.note.value;
  }

  get isEmpty() {
    return !this.box.value.trim() && !this.drawing.shapes.length && !this.#file();
  }

  // ── Where the note is ──

  // What it would hold if it began now.
  #here() {
    const { picture, range } = this;
    const own = range.isSet && picture.isTake;
    return own ? [range.first, range.last] : [picture.takeFrame, null];
  }

  #begin() {
    if (this.place) return;
    this.place = this.#here();
    this.wasPlaying ||= !this.picture.paused;
    this.picture.pause();
  }

  #forget() {
    if (this.isEmpty) this.place = null;
  }

  #makeRange() {
    const { picture, range } = this;
    if (range.isSet) return range.clear();
    const from = this.place?.[0] ?? picture.takeFrame;
    const to = picture.takeFrame > from ? picture.takeFrame : from + picture.take.rate;
    range.set(from, to);
  }

  #show() {
    const { form, picture } = this;
    const [frame, last] = this.place ?? this.#here();
    const about = this.isAbout && !this.whole;
    form.elements.frame.value = about ? frame : "";
    form.elements.last_frame.value = about && last !== null ? last : "";
    const { take } = picture;
    const said = last === null ? take.short(frame) : `${take.short(frame)}–${take.short(last)}`;
    form.querySelector("[data-at-said]").textContent = about ? said : "Whole take";
    form.querySelector("[data-at]").hidden = !this.isAbout;
    const ranger = form.querySelector("[data-make-range]");
    ranger.hidden = !this.isAbout || this.whole;
    ranger.setAttribute("aria-pressed", String(about && last !== null));
    form.querySelector("[data-label]").textContent = about ? `Note at ${said}` : "Note";
    form.elements.drawing.value = this.drawing.json;
    this.#showWith();
  }

  #file() {
    return this.form.elements.attachment?.files[0];
  }

  #showWith() {
    const line = this.form.querySelector("[data-with]");
    const told = [
      this.drawing.shapes.length ? `With a drawing: ${described(this.drawing.shapes)}` : "",
      this.#file() ? `With a picture: ${this.#file().name}` : "",
    ].filter(Boolean);
    line.hidden = !told.length;
    line.textContent = told.join(". ");
    if (this.#file()) line.append(" ", this.#dropper());
  }

  #dropper() {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: "Remove the picture" });
    button.addEventListener("click", () => {
      this.form.elements.attachment.value = "";
      this.#show();
      this.box.focus();
    });
    return button;
  }

  // ── What it is: a new note, a reply, other words ──

  reply(pk, said) {
    this.#turn({ parent: pk, note: "", said: `Reply to ${said}` });
  }

  change(pk, text) {
    this.aside ??= this.box.value;
    this.box.value = text;
    this.#turn({ parent: "", note: pk, said: "Change your note" });
  }

  #turn({ parent, note, said }) {
    this.form.elements.parent.value = parent;
    this.form.elements.note.value = note;
    this.form.querySelector("[data-mode]").hidden = !said;
    this.form.querySelector("[data-mode-said]").textContent = said;
    this.form.setAttribute("aria-label", said || "New note");
    this.#problem("");
    this.#show();
    if (said) this.box.focus();
  }

  #turnBack() {
    if (this.form.elements.note.value) this.box.value = this.aside ?? "";
    this.aside = null;
    this.#turn({ parent: "", note: "", said: "" });
  }

  #problem(sentence) {
    const line = document.getElementById("composer-problem");
    line.textContent = sentence;
    line.hidden = !sentence;
  }

  // ── Sending ──

  #posted() {
    const was = this.aside ?? "";
    this.box.value = this.form.elements.note.value ? was : "";
    if (this.form.elements.attachment) this.form.elements.attachment.value = "";
    const goesOn = this.wasPlaying;
    Object.assign(this, { place: null, wasPlaying: false, aside: null, whole: false });
    this.drawing.end();
    this.drawing.clear();
    this.#turn({ parent: "", note: "", said: "" });
    if (goesOn) this.picture.play();
  }

  #onKey(event) {
    if (this.people.key(event) || event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      if (!this.isAbout) this.#turnBack();
      this.box.blur();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.form.requestSubmit();
    }
  }

  #prepare() {
    const { form } = this;
    for (const name of ["[data-at]", "[data-make-range]", "[data-draw]", "[data-mention]"]) {
      form.querySelector(name)?.removeAttribute("hidden");
    }
    form.querySelector("[data-plain]").hidden = true;
    const typed = form.elements.frame.value;
    if (typed && this.box.value) this.place = [Number(typed), form.elements.last_frame.value ? Number(form.elements.last_frame.value) : null];
    if (form.elements.drawing.value) this.drawing.load(JSON.parse(form.elements.drawing.value));
  }

  #listen() {
    const { form, box, drawing, picture, range } = this;
    box.addEventListener("input", () => {
      if (box.value) this.#begin();
      else this.#forget();
      this.#show();
    });
    box.addEventListener("keydown", (event) => this.#onKey(event));
    form.addEventListener("change", () => this.#show());
    form.addEventListener("click", (event) => this.#onClick(event));
    form.addEventListener("submit", () => this.#problem(""));
    form.addEventListener("htmx:after:request", ({ detail }) => {
      if (detail.ctx.response?.raw.status < 400) this.#posted();
    });
    drawing.addEventListener("begin", () => (this.#begin(), this.#show()));
    drawing.addEventListener("change", () => {
      if (drawing.shapes.length) this.#begin();
      this.#show();
    });
    drawing.addEventListener("end", () => (this.#forget(), this.#show()));
    picture.addEventListener("frame", () => this.place || this.#show());
    range.addEventListener("change", () => {
      if (this.place && !drawing.shapes.length) this.place = range.isSet ? this.#here() : [this.place[0], null];
      else if (this.place && range.isSet && range.has(this.place[0])) this.place = this.#here();
      this.#show();
    });
  }

  #onClick(event) {
    const on = (name) => event.target.closest(`[data-${name}]`);
    if (on("mode-end")) {
      event.preventDefault();
      this.#turnBack();
    } else if (on("at")) {
      this.whole = !this.whole;
      this.#show();
    } else if (on("make-range")) {
      this.#makeRange();
    } else if (on("mention")) {
      const gap = /(^|\s)$/.test(this.box.value.slice(0, this.box.selectionStart)) ? "" : " ";
      this.box.focus();
      this.box.setRangeText(`${gap}@`, this.box.selectionStart, this.box.selectionEnd, "end");
      this.box.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}
