// Toasts: at most three, gone after ten seconds unless somebody reads them; problems stay.

const MOST = 3;
const STAYS_MILLISECONDS = 10000;
const holder = document.getElementById("toasts");
const timers = new WeakMap();

const isRead = (toast) => toast.matches(":hover, :focus-within");

function leave(toast) {
  if (isRead(toast)) return wait(toast);
  toast.remove();
}

function wait(toast) {
  clearTimeout(timers.get(toast));
  timers.set(toast, setTimeout(() => leave(toast), STAYS_MILLISECONDS));
}

function arrived() {
  const shown = [...holder.querySelectorAll("[data-toast]")];
  for (const toast of shown.slice(0, -MOST)) if (!isRead(toast)) toast.remove();
  for (const toast of shown) if (!timers.has(toast) && !toast.matches("[role=alert]")) wait(toast);
}

if (holder) {
  new MutationObserver(arrived).observe(holder, { childList: true });
  arrived();
}
