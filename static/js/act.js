// Sends what was chosen on the wall, and lets the answer change what it has to: tiles, a toast.

const token = () => document.querySelector("#act [name=csrfmiddlewaretoken]").value;
const toasts = () => document.getElementById("toasts");
const LOST = "No answer came. Check the connection, then try again.";

const swap = (text, swap) => window.htmx.swap({ text, target: toasts(), sourceElement: toasts(), swap });

function lost() {
  const words = document.createElement("p");
  words.className = "toast toast-bad";
  words.setAttribute("role", "alert");
  words.dataset.toast = "";
  words.textContent = LOST;
  toasts().append(words);
}

// Whether it was done.
export async function act(address, values) {
  try {
    const headers = { "X-CSRFToken": token(), "HX-Request": "true" };
    const answer = await fetch(address, { method: "POST", headers, body: new URLSearchParams(values) });
    if (answer.redirected) return location.assign(answer.url);
    if (answer.status !== 204) await swap(await answer.text(), answer.ok ? "none" : "beforeend");
    if (answer.ok) document.dispatchEvent(new CustomEvent("wall:acted"));
    return answer.ok;
  } catch {
    lost();
    return false;
  }
}

export function say(words) {
  const region = document.querySelector("[data-announcer]");
  if (region) region.textContent = words;
}

export const csrf = token;
