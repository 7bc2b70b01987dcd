// The list of notes in this window: which take, what of it, in which order; which of them are about
// the frame that is to be seen, and what is drawn there. What the stream brings is put in the same way
// before anybody sees it.

import { draw } from "./ink.js";

const SORTS = {
  time: (one, other) => frameOf(one) - frameOf(other) || one.dataset.note - other.dataset.note,
  newest: (one, other) => other.dataset.note - one.dataset.note,
};
const HIDES = {
  open: ".note.resolved",
  all: null,
  drawn: ".note:not([data-drawing], :has([data-drawing]))",
};
const PASSING_SECONDS = 0.75; // a note at one frame is pointed at for so long while the film runs
const LONGEST_SAID = 120;

function frameOf(note) {
  return Number(note.dataset.frame ?? -1);
}

export class NoteList {
  constructor(pane, { picture, ink }) {
    const { take, me } = pane.dataset;
    Object.assign(this, { pane, picture, ink, take, me, shown: null, hidesInk: false });
    this.rules = new CSSStyleSheet(); // of this window alone: what is pushed holds for all
    document.adoptedStyleSheets.push(this.rules);
    this.known = new Set(this.#ids());
    pane.querySelector("[data-notes-bar]").hidden = false;
    this.observer = new MutationObserver(() => this.#renew());
    this.#listen();
    this.#renew();
    this.#openAddress();
  }

  get list() {
    return document.getElementById("notes-list");
  }

  #ids() {
    return [...this.list.querySelectorAll("[data-note]")].map((note) => note.dataset.note);
  }

  // The notes of the take that is shown, whether they are to be seen or not.
  #notes() {
    return [...this.list.querySelectorAll(`.notes-of[data-take="${this.take}"] > .note`)];
  }

  // ── What is to be seen ──

  #renew() {
    this.observer.disconnect();
    this.#sort();
    this.#rule();
    this.#point();
    this.#announce();
    this.observer.observe(this.pane, { childList: true, subtree: true });
  }

  #hides() {
    const { show } = this.pane.dataset;
    return show === "mine" ? `.note:not([data-by="${this.me}"])` : HIDES[show];
  }

  #rule() {
    const here = `[data-take="${this.take}"]`;
    const hides = this.#hides();
    const hidden = hides ? this.#notes().filter((note) => note.matches(hides)).length : 0;
    const rules = [`.notes-of:not(${here}), .pins-of:not(${here}), .notes-else ${here} { display: none }`];
    if (hides) rules.push(`${hides} { display: none }`);
    if (hidden === this.#notes().length) rules.push(".notes-none { display: block }");
    if (!this.list.querySelector(`.notes-else a:not(${here})`)) rules.push(".notes-else { display: none }");
    this.rules.replaceSync(rules.join("\n"));
    const what = this.pane.dataset.show === "open" ? "resolved hidden" : "hidden";
    this.pane.querySelector("[data-hidden-count]").textContent = hidden ? `${hidden} ${what}` : "";
  }

  // Only what stands in the wrong place is moved, and what had the focus has it again.
  #sort() {
    const notes = this.#notes();
    const wanted = [...notes].sort(SORTS[this.pane.dataset.sort]);
    if (wanted.every((note, place) => note === notes[place])) return;
    const { activeElement } = document;
    notes[0].parentElement.append(...wanted);
    if (activeElement !== document.activeElement && activeElement?.isConnected) activeElement.focus({ preventScroll: true });
  }

  // ── What is about this frame ──

  #holds(note, frame) {
    const first = frameOf(note);
    const passing = this.picture.paused ? 0 : Math.round(this.picture.take.rate * PASSING_SECONDS);
    return first >= 0 && frame >= first && frame <= Math.max(Number(note.dataset.last), first + passing);
  }

  #point() {
    const frame = this.picture.takeFrame;
    if (this.shown && !this.#isAt(this.shown, frame)) this.shown = null;
    for (const note of this.#notes()) {
      const current = this.shown ? note.dataset.note === this.#thread(this.shown)?.dataset.note : this.#holds(note, frame);
      if (current !== (note.getAttribute("aria-current") === "true")) {
        if (current) note.setAttribute("aria-current", "true");
        else note.removeAttribute("aria-current");
      }
    }
    this.#showInk(frame);
  }

  #thread(pk) {
    return document.getElementById(`note-${pk}`)?.closest(".note");
  }

  #isAt(pk, frame) {
    const note = this.#thread(pk);
    return note && (frameOf(note) < 0 || (this.picture.paused && this.#holds(note, frame)));
  }

  // Standing still all drawings of this frame are to be seen; while it runs only those of ranges.
  #showInk(frame) {
    const drawn = (note) => (note.dataset.drawing ? [note] : []);
    const one = this.shown && document.getElementById(`note-${this.shown}`);
    const held = this.#notes().filter((note) => this.#holds(note, frame) && frame <= Number(note.dataset.last));
    const stand = this.picture.paused ? held : held.filter((note) => note.dataset.last !== note.dataset.frame);
    const notes = one?.dataset.drawing ? [one] : stand.filter((note) => getComputedStyle(note).display !== "none").flatMap(drawn);
    const key = this.hidesInk ? "" : notes.map((note) => `${note.id}:${note.dataset.drawing.length}`).join();
    if (key === this.inkKey) return;
    this.inkKey = key;
    this.ink.toggleAttribute("hidden", !key);
    draw(this.ink, key ? notes.flatMap((note) => JSON.parse(note.dataset.drawing)) : []);
    this.ink.setAttribute("aria-label", notes.map((note) => `Drawing by ${note.dataset.said}: ${note.dataset.drawn}`).join(". ") || "No drawing");
  }

  hideInk(hides) {
    this.hidesInk = hides;
    this.#point();
  }

  // ── One note ──

  show(pk, { scroll = false } = {}) {
    const note = this.#thread(pk);
    if (!note) return;
    const hides = this.#hides();
    if (hides && note.matches(hides)) this.#choose("show", "all");
    this.shown = String(pk);
    this.picture.pause();
    if (frameOf(note) >= 0) this.picture.seekTake(frameOf(note));
    this.#point();
    history.replaceState(history.state, "", `#note-${pk}`);
    if (scroll) note.scrollIntoView({ block: "nearest" });
  }

  #openAddress() {
    const pk = /^#note-(\d+)$/.exec(location.hash)?.[1];
    if (pk) this.show(pk, { scroll: true });
  }

  #choose(what, value) {
    this.pane.dataset[what] = value;
    this.pane.querySelector(`[data-${what}-pick]`).value = value;
    this.#renew();
  }

  // ── What is new ──

  #announce() {
    const fresh = this.#ids().filter((pk) => !this.known.has(pk));
    this.known = new Set(this.#ids());
    const notes = fresh.map((pk) => document.getElementById(`note-${pk}`)).filter((note) => note.dataset.by !== this.me);
    const own = fresh.map((pk) => document.getElementById(`note-${pk}`)).find((note) => note.dataset.by === this.me);
    own?.scrollIntoView({ block: "nearest" });
    if (!notes.length) return;
    const said = notes.length > 1 ? `${notes.length} new notes.` : this.#sentence(notes[0]);
    document.querySelector("[data-announcer]").textContent = said;
  }

  #sentence(note) {
    const what = note.classList.contains("note") ? "New note" : "New reply";
    const words = note.querySelector(".note-body")?.textContent.trim() ?? `a drawing of ${note.dataset.drawn}`;
    const frame = note.dataset.frame ? ` at ${this.picture.take.short(Number(note.dataset.frame))}` : "";
    return `${what} by ${note.dataset.said}${frame}: ${words.slice(0, LONGEST_SAID)}`;
  }

  #listen() {
    const { pane, picture } = this;
    picture.addEventListener("frame", () => this.#point());
    picture.addEventListener("state", () => this.#point());
    pane.addEventListener("change", (event) => {
      if (event.target.matches("[data-show-pick]")) this.#choose("show", event.target.value);
      if (event.target.matches("[data-sort-pick]")) this.#choose("sort", event.target.value);
    });
    pane.addEventListener("click", (event) => {
      const note = event.target.closest("[data-note]");
      const other = event.target.closest("a:not([data-seek]), button, label, select, textarea, form");
      if (!note || other || event.ctrlKey || event.metaKey || event.shiftKey || getSelection()?.type === "Range") return;
      event.preventDefault();
      this.show(note.dataset.note);
    });
    addEventListener("hashchange", () => this.#openAddress());
  }
}
