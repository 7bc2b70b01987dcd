// What every page needs: theme, toasts, and hiding what belongs to other people's cards.

import "./keys.js";
import "./toasts.js";
import { hideOthersButtons } from "./owners.js";

function rememberTheme(event) {
  if (event.target.name !== "theme") return;
  document.documentElement.dataset.theme = event.target.value;
  document.cookie = `theme=${event.target.value};path=/;max-age=31536000;samesite=lax`;
}

function dismiss(event) {
  const button = event.target.closest("[data-dismiss]");
  if (button) button.closest("[data-toast]").remove();
}

for (const radio of document.querySelectorAll("[data-theme-switch] input")) {
  radio.checked = radio.value === document.documentElement.dataset.theme;
}
hideOthersButtons(document);
document.addEventListener("htmx:after:swap", () => hideOthersButtons(document));
document.addEventListener("change", rememberTheme);
document.addEventListener("click", dismiss);
