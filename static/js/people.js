// A link that is shown once can be copied by a press of its button.

async function copy(event) {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy"); // without HTTPS browsers offer only this
  }
  button.querySelector("span").textContent = "Copied";
}

document.addEventListener("click", copy);
