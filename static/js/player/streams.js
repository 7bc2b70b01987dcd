// The streams of a simulation in the same player: another view of the same moments.

export function makeStreams(picture) {
  const links = document.querySelectorAll("[data-streams] a");
  for (const link of links) {
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      const { src, fps, frames, says } = link.dataset;
      picture.show({ src, fps, frames, own: "picture" in link.dataset });
      for (const one of links) one.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
      document.querySelector("[data-legend]").textContent = says;
      history.replaceState(history.state, "", link.href);
    });
  }
}
