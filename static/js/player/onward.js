// The next shot may go on after the frame that stands still, counted in the take's own frames.

export function makeOnward(picture) {
  const link = document.querySelector("[data-continue]");
  if (!link) return;

  function offer() {
    const last = Number(link.dataset.last);
    const frame = Math.min(last, picture.takeFrame);
    link.hidden = !picture.paused || frame === last;
    link.querySelector("[data-continue-frame]").textContent = frame;
    const address = new URL(link.href);
    address.searchParams.set("frame", frame);
    link.href = address.href;
  }

  picture.addEventListener("frame", () => picture.paused && offer());
  picture.addEventListener("state", offer);
}
