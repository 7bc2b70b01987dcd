// A list to choose from while typing: the box keeps the focus, and what the list points at is told
// by aria-activedescendant. Used for templates and for words in braces.

let count = 0;

export class Listbox {
  // `pick(option)` is called with one of the options given to `show`.
  constructor(label, pick) {
    this.pick = pick;
    this.options = [];
    this.box = null;
    this.list = Object.assign(document.createElement("div"), { id: `listbox-${(count += 1)}`, className: "menu listbox", popover: "manual" });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", label);
    this.said = Object.assign(document.createElement("p"), { className: "sr" });
    this.said.setAttribute("role", "status");
    (document.querySelector("main") ?? document.body).append(this.list, this.said); // a landmark
    // A press must not take the focus away from the box.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.#choose(event.target.closest("[role=option]")));
    const place = () => this.isOpen && this.#place();
    for (const name of ["scroll", "resize"]) addEventListener(name, place, { capture: true, passive: true });
  }

  get isOpen() {
    return this.list.matches(":popover-open");
  }

  // Options are { label, hint }; the first one is pointed at, or none while `offered` until an arrow
  // comes: then Enter is the box's own. Nothing to choose closes the list.
  show(box, options, { offered = false } = {}) {
    if (!options.length) return this.close();
    this.options = options;
    this.box = box;
    this.list.replaceChildren(...options.map((option, number) => this.#row(option, number)));
    box.setAttribute("aria-controls", this.list.id);
    box.setAttribute("aria-autocomplete", "list");
    if (!this.isOpen) this.list.showPopover();
    this.#place();
    this.now = -1;
    box.removeAttribute("aria-activedescendant");
    if (!offered) this.#point(0);
    this.said.textContent = `${options.length} to choose from`;
  }

  close() {
    if (this.isOpen) this.list.hidePopover();
    this.said.textContent = "";
    for (const name of ["aria-activedescendant", "aria-controls", "aria-autocomplete"]) this.box?.removeAttribute(name);
    this.box = null;
  }

  // Whether the list has used this key: then nobody else should.
  key(event) {
    if (!this.isOpen || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "Enter" && this.now < 0) return false;
    const act = {
      ArrowDown: () => this.#point(this.now + 1),
      ArrowUp: () => this.#point(Math.max(this.now, 0) - 1),
      Enter: () => this.#choose(this.list.children[this.now]),
      Tab: () => this.#choose(this.list.children[Math.max(this.now, 0)]),
      Escape: () => this.close(),
    }[event.key];
    if (!act) return false;
    event.preventDefault();
    event.stopPropagation();
    act();
    return true;
  }

  #row({ label, hint }, number) {
    const row = Object.assign(document.createElement("div"), { id: `${this.list.id}-${number}`, className: "menu-item" });
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    const name = Object.assign(document.createElement("span"), { className: "med", textContent: label });
    const more = Object.assign(document.createElement("span"), { className: "push ellipsis", textContent: hint ?? "" });
    row.append(name, more);
    return row;
  }

  #point(number) {
    const rows = [...this.list.children];
    this.now = (number + rows.length) % rows.length;
    for (const [place, row] of rows.entries()) row.setAttribute("aria-selected", String(place === this.now));
    rows[this.now].scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", rows[this.now].id);
  }

  #choose(row) {
    if (!row) return;
    const option = this.options[[...this.list.children].indexOf(row)];
    this.close();
    this.pick(option);
  }

  // Under the box, or above it where there is more room.
  #place() {
    const box = this.box.getBoundingClientRect();
    const below = innerHeight - box.bottom > Math.min(box.top, 220);
    const { style } = this.list;
    style.setProperty("left", `${Math.max(8, box.left)}px`);
    style.setProperty("width", `${Math.min(Math.max(box.width, 260), 460, innerWidth - 16)}px`);
    style.setProperty("top", below ? `${box.bottom + 6}px` : "auto");
    style.setProperty("bottom", below ? "auto" : `${innerHeight - box.top + 6}px`);
    style.setProperty("max-height", `${Math.min(280, (below ? innerHeight - box.bottom : box.top) - 16)}px`);
  }
}
