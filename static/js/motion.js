// The table of joints: rows are added and taken out, and each row's sketch follows its waypoints.
// Without scripts the buttons ask the server. Scene, chart and play head come along once there is
// such a table on the page.

import { plain, read, sketch } from "./scene/waypoints.js";

const panelOf = (element) => element.closest?.("[data-motion]");
const rowsOf = (panel) => [...panel.querySelectorAll("[data-joint]")];

function draw(row) {
  const input = row.querySelector("[data-joint-angles]");
  const { waypoints, problem } = read(input.value);
  const { width, height } = row.querySelector("svg").viewBox.baseVal;
  const angles = waypoints.map(([, angle]) => angle);
  row.querySelector("[data-joint-path]").setAttribute("d", angles.length ? sketch(waypoints, width, height) : "");
  row.querySelector("[data-joint-range]").textContent = angles.length
    ? `${plain(Math.min(...angles))} to ${plain(Math.max(...angles))} rad`
    : "";
  return problem;
}

// What a person changes is judged at once; what the server said of it is said no more.
function judge(row) {
  const problem = draw(row);
  const line = row.querySelector("[data-joint-problem]");
  line.textContent = problem;
  line.hidden = !problem;
  for (const input of row.querySelectorAll("input")) input.removeAttribute("aria-invalid");
  if (problem) row.querySelector("[data-joint-angles]").setAttribute("aria-invalid", "true");
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

function dress() {
  const panel = document.querySelector("[data-motion]");
  if (!panel) return;
  rowsOf(panel).forEach(draw);
  import("./scene/panel.js");
}

document.addEventListener("input", (event) => {
  const row = event.target.closest?.("[data-joint]");
  if (row) judge(row);
});
document.addEventListener("click", onPress);
document.addEventListener("change", onPick);
document.addEventListener("htmx:after:swap", dress);
dress();
