// Presets of the team: Enter in the box for a name presses the button beside it, not the form's own.

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches?.("[data-preset-name]")) return;
  event.preventDefault();
  event.target.parentElement.querySelector("button").click();
});
