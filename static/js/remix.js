// Remix: one menu for all tiles, filled for the one that was pressed; and films that come back, by
// drop or by choice, of which only what surrounds the pictures is sent.

const menu = document.querySelector("[data-remix-menu]");
const restore = document.getElementById("restore");

// ── The menu ──

function fill(link) {
  const job = new URL(link.href).searchParams.get("from");
  for (const item of menu.querySelectorAll("[data-use]")) {
    const { use } = item.dataset;
    const address = `${new URL(link.href).pathname}?from=${job}&use=${use}`;
    item.href = address;
    if ("part" in item.dataset) {
      item.removeAttribute("hx-get");
      item.setAttribute("hx-post", menu.dataset.remixMenu.replace("/0/", `/${job}/`));
      item.setAttribute("hx-vals", JSON.stringify({ use }));
    } else {
      item.setAttribute("hx-get", address);
    }
  }
  menu.querySelector("[data-remix-title]").textContent = link.querySelector(".sr")?.textContent.trim() ?? "";
}

function open(event, link) {
  event.preventDefault();
  fill(link);
  menu.showPopover({ source: link });
  menu.querySelector("[data-use]").focus();
}

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

function move(event) {
  const items = [...menu.querySelectorAll("[data-use]")];
  const to = items.indexOf(document.activeElement) + (STEPS[event.key] ?? 0);
  if (!STEPS[event.key]) return;
  event.preventDefault();
  items[(to + items.length) % items.length].focus();
}

function onClick(event) {
  const link = event.target.closest("[data-remix]");
  const plain = !(event.metaKey || event.ctrlKey || event.shiftKey);
  if (link && plain) open(event, link);
  if (event.target.closest("[data-use]") && plain) menu.hidePopover();
  if (event.target.closest("[data-film-open]") && plain) {
    event.preventDefault();
    restore.film.click();
  }
}

// ── Films ──

const isFilm = (file) => /^video\//.test(file.type) || /\.(mp4|mov|webm)$/i.test(file.name ?? "");
const MOST_BOXES = 10_000;

// The boxes of the file without those of the pictures: kilobytes in place of megabytes. What is no
// MP4 goes by its first bytes, by which the studio can say what it is.
async function withoutPictures(file) {
  const kept = [];
  let at = 0;
  for (let count = 0; at < file.size; count += 1) {
    const head = new DataView(await file.slice(at, at + 16).arrayBuffer());
    let size = head.byteLength < 8 ? 0 : head.getUint32(0);
    if (size === 1 && head.byteLength === 16) size = Number(head.getBigUint64(8));
    else if (size === 0 && head.byteLength >= 8) size = file.size - at;
    if (size < 8 || at + size > file.size || count > MOST_BOXES) return file.slice(0, 4096);
    if (head.getUint32(4) !== 0x6d646174) kept.push(file.slice(at, at + size)); // mdat
    at += size;
  }
  return new Blob(kept);
}

async function send(file) {
  const small = await withoutPictures(file);
  const held = new DataTransfer();
  held.items.add(new File([small], file.name, { type: file.type }));
  restore.film.files = held.files;
  restore.requestSubmit();
}

const draft = () => document.querySelector("[data-draft]");

function onDrag(event) {
  const items = [...(event.dataTransfer?.items ?? [])];
  if (!items.some((item) => item.kind === "file" && isFilm(item)) || !draft()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  draft().dataset.dropping = "";
}

function onDrop(event) {
  const film = [...(event.dataTransfer?.files ?? [])].find(isFilm);
  if (!film || !draft()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  delete draft().dataset.dropping;
  send(film);
}

if (menu) {
  document.addEventListener("click", onClick);
  menu.addEventListener("keydown", move);
  restore.film.addEventListener("change", (event) => {
    if (event.isTrusted && restore.film.files.length) send(restore.film.files[0]);
  });
  restore.addEventListener("htmx:after:request", () => restore.reset());
  // Before the slots for pictures, which would take any file.
  document.addEventListener("dragover", onDrag, { capture: true });
  document.addEventListener("drop", onDrop, { capture: true });
}
