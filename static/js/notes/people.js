// Naming people in a note: what is typed behind an @ finds them.

import { Listbox } from "../listbox.js";

const TYPED = /(?:^|[\s(])@([^\n@]{0,40})$/;

export function offerPeople(box, people) {
  const list = new Listbox("People", pick);

  const behind = () => (box.selectionStart === box.selectionEnd ? TYPED.exec(box.value.slice(0, box.selectionStart)) : null);

  function offer() {
    const found = behind();
    if (!found) return list.close();
    const typed = found[1].toLowerCase();
    list.show(box, people.filter(({ label }) => label.toLowerCase().includes(typed)).slice(0, 8));
  }

  function pick({ handle }) {
    const typed = behind()?.[1] ?? "";
    box.setRangeText(`${handle} `, box.selectionStart - typed.length, box.selectionStart, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    list.close();
  }

  box.addEventListener("input", offer);
  box.addEventListener("click", offer);
  box.addEventListener("blur", () => list.close());
  return { key: (event) => list.key(event) };
}
