// Deciding on the wall: A, C and X on the tile with the focus, and decide() for several clips.

import { bind } from "./keys.js";
import "./undo.js";

// The best take of each clip; the answer brings the changed tiles and a toast with Undo.
export async function decide(clips, verdict) {
  const target = document.getElementById("toasts");
  const token = document.querySelector("#act [name=csrfmiddlewaretoken]").value;
  const answer = await fetch("/clips/decide/", {
    method: "POST",
    headers: { "X-CSRFToken": token, "HX-Request": "true" },
    body: new URLSearchParams({ clips: clips.join(","), verdict }),
  });
  await window.htmx.swap({ text: await answer.text(), target, sourceElement: target, swap: "none" });
  window.htmx.trigger("#review-badge", "refresh");
}

const clipOf = (event) => event.target.closest("[data-tile]")?.id.replace("clip-", "");

const about = (verdict) => (event) => {
  const clip = clipOf(event);
  if (clip && !event.repeat) decide([clip], verdict);
};

bind({ approve: about("approve"), changes: about("changes"), reject: about("reject") });
