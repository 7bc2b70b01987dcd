// Times as the reader's clock shows them: `<time data-local>` and the running `<time data-elapsed>`.
// `data-local` says how: "time", "date" or "both"; by itself, what is of today needs no date, and
// "brief" is the same without seconds.
// Safe to call after every change.

const FORMATS = {
  time: { timeStyle: "medium" },
  clock: { timeStyle: "short" },
  date: { dateStyle: "medium" },
  both: { dateStyle: "medium", timeStyle: "short" },
};

function show(time, text) {
  if (time.textContent !== text) time.textContent = text;
}

export function elapsed(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return hours
    ? `${hours}:${two(minutes % 60)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
}

export function clock(date) {
  return date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

function tick() {
  if (document.hidden) return;
  for (const time of document.querySelectorAll("time[data-elapsed]")) {
    show(time, elapsed(Date.now() - Date.parse(time.dateTime)));
  }
}

function localize() {
  for (const time of document.querySelectorAll("time[data-local]")) {
    const date = new Date(time.dateTime);
    const isToday = date.toDateString() === new Date().toDateString();
    const asked = time.dataset.local;
    const format = asked === "brief" ? (isToday ? "clock" : "both") : asked || (isToday ? "time" : "both");
    show(time, new Intl.DateTimeFormat([], FORMATS[format]).format(date));
  }
}

function refresh() {
  tick();
  localize();
}

refresh();
setInterval(tick, 1000);
document.addEventListener("htmx:after:swap", refresh);
document.addEventListener("visibilitychange", refresh);
