// Reorder waiting jobs: arrow keys on a grip, or drag it onto another row of the same lane.

const board = () => document.getElementById("queue-board");
const { member } = document.body.dataset;

// The stream brings everybody's rows to everybody.
function keepMine() {
  if (board().dataset.who !== "mine") return;
  for (const row of board().querySelectorAll("[data-job]")) row.hidden = row.dataset.author !== member;
}
document.addEventListener("htmx:after:swap", keepMine);

let dragged = null;

async function move(row, values) {
  const token = document.querySelector("#act [name=csrfmiddlewaretoken]").value;
  const answer = await fetch(`/jobs/${row.dataset.job}/move/?view=queue`, {
    method: "POST",
    headers: { "X-CSRFToken": token, "HX-Request": "true" },
    body: new URLSearchParams(values),
  });
  const target = document.getElementById("toasts");
  await htmx.swap({ text: await answer.text(), target, sourceElement: target, swap: "none" });
  document.querySelector(`[data-job="${row.dataset.job}"] [data-grip]`)?.focus();
}

const sameLane = (row) => row && dragged && row !== dragged && row.dataset.lane === dragged.dataset.lane
  && row.querySelector("[data-grip]");

document.addEventListener("keydown", (event) => {
  const to = { ArrowUp: "up", ArrowDown: "down", Home: "front", End: "last" }[event.key];
  const grip = event.target.closest("[data-grip]");
  if (!to || !grip) return;
  event.preventDefault();
  move(grip.closest("[data-job]"), { to });
});
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("[data-grip]")?.closest("[data-job]") ?? null;
  if (dragged) event.dataTransfer.setDragImage(dragged, 0, 0);
});
document.addEventListener("dragover", (event) => {
  const row = event.target.closest("[data-job]");
  board().querySelectorAll("[data-over]").forEach((other) => delete other.dataset.over);
  if (!sameLane(row)) return;
  event.preventDefault();
  row.dataset.over = "";
});
document.addEventListener("drop", (event) => {
  const row = event.target.closest("[data-job]");
  if (!sameLane(row)) return;
  event.preventDefault();
  move(dragged, { before: row.dataset.job });
});
