// Presets of the team: Enter in the box for a name presses the button beside it, not the form's own.

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches?.("[data-preset-name]")) return;
  event.preventDefault();
  event.target.parentElement.querySelector("button").click();
});

// Neither is it part of the order: nothing that follows the form needs to hear of it.
for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    if (event.target.matches?.("[data-preset-name]")) event.stopPropagation();
  }, { capture: true });
}
