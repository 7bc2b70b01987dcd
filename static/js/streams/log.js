// The plot of a physics log: its playhead, the values there, and the way to any moment in it.

let log = null; // { root, span, lines } of the plot that is on the page

export function readLog() {
  const root = document.querySelector("[data-physics]");
  if (!root) return;
  const data = JSON.parse(root.querySelector("#physics-data").textContent);
  log = { root, ...data };
  root.querySelector("[data-physics-at]").hidden = false;
}

// The last value that was known then; before the first one, the first.
function valueAt(points, time) {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle][0] <= time) low = middle + 1;
    else high = middle;
  }
  return points[Math.max(low - 1, 0)][1];
}

const said = (value) => String(Number(value.toPrecision(4)));

export function showLog(seconds) {
  if (!log?.root.isConnected) return;
  const at = Math.min(Math.max(seconds, 0), log.span);
  const head = log.root.querySelector("[data-physics-head]");
  const slider = log.root.querySelector("[data-physics-at]");
  for (const name of ["x1", "x2"]) head.setAttribute(name, `${((100 * at) / log.span).toFixed(3)}%`);
  const values = log.lines.map((points) => said(valueAt(points, at)));
  log.root.querySelectorAll("[data-physics-value]").forEach((place, index) => (place.textContent = values[index]));
  log.root.querySelector("[data-physics-time]").textContent = `${at.toFixed(2)} s`;
  slider.value = at;
  slider.setAttribute("aria-valuetext", `${at.toFixed(2)} s: ${values.join(", ")}`);
}

export function onLog(goTo) {
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-physics-at]")) goTo(Number(event.target.value));
  });
}
