// Files of an order: pick, drop or paste a first or last frame, or a scene; swap and remove. The
// server checks each file and answers with the slot as it is now, so that a form without scripts
// looks the same.
//
// A form with [data-frames-form] holds one [data-frames="address"] for pictures and perhaps one for
// a scene, each with its [data-slot]. Each change bubbles as "frames-changed" from the slot; before
// it, "file-picked" brings a file that is on its way, and "file-refused" says that it was not taken.

const SIGNED_OUT = "You are signed out. Open the studio in another tab, sign in, and try again.";
const NO_ANSWER = "The file could not be sent. Check the connection, then add it again.";
const WAIT = "The scene is still on its way; press the button again when it is here.";

const running = new Map(); // slot name → request; a newer file stops the older one

const slotNamed = (form, name) => form.querySelector(`[data-slot="${name}"]`);
const isScene = (file) => /\.(glb|fbx)$/i.test(file.name);
const slotsOf = (frames) => [...frames.querySelectorAll("[data-slot]")];
const pictureOf = (slot) => slot.querySelector(`input[type="hidden"]`)?.value ?? "";

const tell = (slot, name, detail) => slot.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));

function say(frames, sentence) {
  frames.querySelector("[data-frames-status]").textContent = sentence;
}

function complain(slot, sentence) {
  const problem = slot.querySelector(".frame-problem");
  problem.textContent = sentence;
  problem.hidden = !sentence;
  slot.querySelector("[data-slot-file]").setAttribute("aria-invalid", String(Boolean(sentence)));
}

function setBusy(slot, busy) {
  slot.setAttribute("aria-busy", String(busy));
  const progress = slot.querySelector("progress");
  progress.hidden = !busy;
  progress.value = 0;
}

function fields(frames, slot, extra) {
  const form = frames.closest("form");
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form.querySelector('[name="csrfmiddlewaretoken"]').value);
  data.set("slot", slot.dataset.slot);
  data.set("look", slot.dataset.look);
  data.set(slot.dataset.slot, pictureOf(slot));
  data.set("model", form.querySelector('[name="model"]:checked')?.value ?? "");
  for (const [name, value] of Object.entries(extra)) data.set(name, value);
  return data;
}

function ask(frames, slot, extra) {
  running.get(slot.dataset.slot)?.abort();
  const request = new XMLHttpRequest(); // fetch does not tell how much of a file has been sent
  running.set(slot.dataset.slot, request);
  request.open("POST", frames.dataset.frames);
  request.setRequestHeader("HX-Request", "true");
  request.responseType = "document";
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) slot.querySelector("progress").value = (100 * event.loaded) / event.total;
  });
  const ended = new Promise((resolve) => {
    request.addEventListener("load", () => resolve(request));
    request.addEventListener("error", () => resolve(request));
    request.addEventListener("abort", () => resolve(null));
  });
  setBusy(slot, true);
  request.send(fields(frames, slot, extra));
  return ended;
}

function sentenceOf(request) {
  if (!request.response) return NO_ANSWER;
  if (request.status < 400) return SIGNED_OUT;
  return request.response.body.textContent.trim() || NO_ANSWER;
}

function replace(slot, fresh) {
  const hadFocus = slot.contains(document.activeElement);
  slot.replaceWith(fresh);
  window.htmx?.process(fresh);
  if (hadFocus) fresh.querySelector("[data-slot-file]").focus();
}

async function change(frames, asked, extra, done) {
  const request = await ask(frames, asked, extra);
  if (!request) return false; // a newer file took its place
  running.delete(asked.dataset.slot);
  const slot = document.getElementById(asked.id) ?? asked; // the form may have been drawn anew
  const found = request.response?.getElementById(slot.id);
  if (!found) {
    setBusy(slot, false);
    complain(slot, sentenceOf(request));
    tell(slot, "file-refused");
    return false;
  }
  const fresh = document.importNode(found, true);
  replace(slot, fresh);
  const accepted = request.status < 400;
  if (accepted) {
    say(frames, done);
    tell(fresh, "frames-changed");
  } else tell(fresh, "file-refused");
  return accepted;
}

// Whoever presses Generate before the upload has ended sends the picture with the form. A scene is
// too large to be sent twice: the form waits for it.
function hold(slot, file) {
  const held = new DataTransfer();
  if (slot.dataset.slot !== "scene") held.items.add(file);
  slot.querySelector("[data-slot-file]").files = held.files;
}

function put(frames, slot, file) {
  complain(slot, "");
  if (file.size > Number(slot.dataset.maxBytes)) {
    slot.querySelector("[data-slot-file]").value = "";
    complain(slot, slot.dataset.tooLarge);
    return;
  }
  hold(slot, file);
  tell(slot, "file-picked", { slot: slot.dataset.slot, file });
  say(frames, `Uploading the ${slot.dataset.label.toLowerCase()}`);
  change(frames, slot, { [`${slot.dataset.slot}_file`]: file }, `${slot.dataset.label} is ${file.name}`);
}

function remove(frames, slot) {
  const label = slot.dataset.label;
  change(frames, slot, { remove_frame: slot.dataset.slot }, `${label} removed`);
}

async function swap(frames) {
  const [first, last] = slotsOf(frames);
  const pictures = [pictureOf(last), pictureOf(first)];
  if (!pictures[0] && !pictures[1]) return;
  const asked = [first, last].map((slot, index) =>
    change(frames, slot, { [slot.dataset.slot]: pictures[index] }, "First and last frame swapped"),
  );
  await Promise.all(asked);
}

// The slot under the pointer, else the first empty one, else the first frame; then the others.
function placesFor(form, target) {
  const slots = ["first_frame", "last_frame"].map((name) => slotNamed(form, name)).filter(Boolean);
  const under = target.closest?.("[data-slot]");
  const first = slots.includes(under) ? under : (slots.find((slot) => !pictureOf(slot)) ?? slots[0]);
  return [first, ...slots.filter((slot) => slot !== first)].filter((slot) => slot && isOpen(slot));
}

const isOpen = (slot) => !slot.querySelector("[data-slot-file]").disabled;

function putAll(form, files, target) {
  const scene = slotNamed(form, "scene");
  const pictures = files.filter((file) => !isScene(file));
  const places = placesFor(form, target).map((slot, index) => [slot, pictures[index]]);
  if (scene && isOpen(scene)) places.push([scene, files.find(isScene)]);
  for (const [slot, file] of places) if (file) put(slot.closest("[data-frames]"), slot, file);
}

function formOf(event) {
  return event.target.closest?.("[data-frames-form]");
}

function filesOf(transfer) {
  return [...(transfer?.files ?? [])];
}

function onPick(event) {
  if (!event.target.matches("[data-slot-file]") || !event.target.files.length) return;
  const frames = event.target.closest("[data-frames]");
  if (frames) put(frames, event.target.closest("[data-slot]"), event.target.files[0]);
}

function onDrag(event) {
  const form = formOf(event);
  if (!form || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  form.dataset.dropping = "";
}

function onLeave(event) {
  const form = formOf(event);
  if (form && !form.contains(event.relatedTarget)) delete form.dataset.dropping;
}

function onDrop(event) {
  const form = formOf(event);
  if (!form) return;
  delete form.dataset.dropping;
  const files = filesOf(event.dataTransfer);
  if (!files.length) return;
  event.preventDefault();
  putAll(form, files, event.target);
}

function onPaste(event) {
  const form = formOf(event);
  const pictures = filesOf(event.clipboardData).filter((file) => file.type.startsWith("image/"));
  if (!form || !pictures.length) return;
  event.preventDefault();
  putAll(form, pictures, form);
}

// Back to the whole picture. The button may stand in a menu, whose answer redraws it.
function unfit(frames, button) {
  const slot = slotNamed(frames, button.value);
  button.closest("[popover]")?.hidePopover();
  change(frames, slot, { unfit_frame: button.value }, `${slot.dataset.label} is whole again`);
}

function onPress(event) {
  const button = event.target.closest?.("[data-slot-remove], [data-frames-swap], [data-slot-unfit]");
  const frames = button?.closest("[data-frames]");
  if (!frames) return;
  event.preventDefault();
  if (button.matches("[data-frames-swap]")) swap(frames);
  else if (button.matches("[data-slot-unfit]")) unfit(frames, button);
  else remove(frames, button.closest("[data-slot]"));
}

function onSubmit(event) {
  const slot = slotNamed(event.target, "scene");
  if (slot?.getAttribute("aria-busy") !== "true") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  complain(slot, WAIT);
}

document.addEventListener("submit", onSubmit, { capture: true });
document.addEventListener("change", onPick);
document.addEventListener("dragover", onDrag);
document.addEventListener("dragleave", onLeave);
document.addEventListener("drop", onDrop);
document.addEventListener("paste", onPaste);
document.addEventListener("click", onPress);
