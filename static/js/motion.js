// The table of joints: rows are added and taken out, and each row's curve follows its waypoints,
// drawn as the server draws it (studio/forms/motion.py). Without scripts the buttons ask the server.

const panelOf = (element) => element.closest?.("[data-motion]");
const rowsOf = (panel) => [...panel.querySelectorAll("[data-joint]")];

// "0:0.2, 0.5:0.35" to pairs of numbers, or null if it is none.
export function read(text) {
  const parts = text.split(/[,;\n]/).map((part) => part.trim()).filter(Boolean);
  const waypoints = parts.map((part) => part.split(":").map((word) => (word.trim() ? Number(word) : NaN)));
  const sound = waypoints.every(
    ([fraction, angle], index) =>
      waypoints[index].length === 2 && Number.isFinite(fraction) && Number.isFinite(angle) &&
      fraction >= 0 && fraction <= 1 && fraction > (waypoints[index - 1]?.[0] ?? -1),
  );
  return sound ? waypoints : null;
}

// Straight between waypoints, level outside of them.
export function curve(waypoints, width, height) {
  const angles = waypoints.map(([, angle]) => angle);
  const [low, high] = [Math.min(...angles), Math.max(...angles)];
  const points = [[0, angles[0]], ...waypoints, [1, angles.at(-1)]];
  const place = ([fraction, angle]) =>
    `${(fraction * width).toFixed(1)} ${(height - 3 - ((angle - low) / (high - low || 1)) * (height - 6)).toFixed(1)}`;
  return `M${points.map(place).join(" L")}`;
}

function draw(row) {
  const input = row.querySelector("[data-joint-angles]");
  const waypoints = read(input.value);
  const { width, height } = row.querySelector("svg").viewBox.baseVal;
  const angles = (waypoints ?? []).map(([, angle]) => angle);
  row.querySelector("[data-joint-path]").setAttribute("d", angles.length ? curve(waypoints, width, height) : "");
  row.querySelector("[data-joint-range]").textContent = angles.length
    ? `${Math.min(...angles)} to ${Math.max(...angles)} rad`
    : "";
  if (waypoints) input.removeAttribute("aria-invalid");
  else input.setAttribute("aria-invalid", "true");
}

function add(panel) {
  const blank = panel.querySelector("[data-joint-blank]").content.cloneNode(true);
  const body = panel.querySelector("[data-joints]");
  body.append(blank);
  body.lastElementChild.querySelector("input").focus();
}

function remove(panel, row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  (next?.querySelector("input") ?? panel.querySelector("[data-joint-add]")).focus();
  panel.dispatchEvent(new Event("change", { bubbles: true }));
}

function onPress(event) {
  const button = event.target.closest?.("[data-joint-add], [data-joint-remove]");
  const panel = button && panelOf(button);
  if (!panel) return;
  event.preventDefault();
  if (button.matches("[data-joint-add]")) add(panel);
  else remove(panel, button.closest("[data-joint]"));
}

// A file of joints becomes text at once, so that it can be read and changed before it is sent.
async function onPick(event) {
  if (!event.target.matches("[data-motion-file]") || !event.target.files.length) return;
  const panel = panelOf(event.target);
  const text = panel.querySelector(".motion-json textarea");
  text.value = await event.target.files[0].text();
  event.target.value = "";
  text.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-joint-angles]")) draw(event.target.closest("[data-joint]"));
});
document.addEventListener("click", onPress);
document.addEventListener("change", onPick);
document.addEventListener("htmx:after:swap", () => {
  for (const panel of document.querySelectorAll("[data-motion]")) rowsOf(panel).forEach(draw);
});
