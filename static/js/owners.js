// Cards are drawn once for everybody: what belongs to other people is hidden here.

export function hideOthersButtons(root) {
  const { member, role } = document.body.dataset;
  for (const button of root.querySelectorAll("[data-owner]")) {
    button.hidden = role !== "admin" && !button.dataset.owner.split(" ").includes(member);
  }
  for (const button of root.querySelectorAll("[data-own]")) button.hidden = button.dataset.own !== member;
}
