// The names of a scene's nodes as a tree that can be searched and walked through by keys.

const MOST = 300;
const MOVES = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

// `nodes` are { name, depth }, in their order.
export function showNodes(box, nodes, picked) {
  const query = box.querySelector("input").value.trim().toLowerCase();
  const found = nodes.filter(({ name }) => name.toLowerCase().includes(query));
  const items = found.slice(0, MOST).map(({ name, depth }) => {
    const item = document.createElement("li");
    item.textContent = item.dataset.node = name;
    item.role = "treeitem";
    item.tabIndex = -1;
    item.ariaLevel = query ? 1 : depth + 1;
    item.ariaSelected = name === picked;
    item.style.setProperty("--depth", query ? 0 : depth);
    return item;
  });
  const entry = items.find((item) => item.dataset.node === picked) ?? items[0];
  if (entry) entry.tabIndex = 0;
  box.querySelector("ul").replaceChildren(...items);
  box.querySelector("[data-nodes-said]").textContent = said(found.length, nodes.length);
}

function said(found, all) {
  if (!found) return all ? "No node has that in its name." : "No node has a name.";
  return found > MOST ? `${MOST} of ${found.toLocaleString("en")}; search to see others.` : "";
}

export function walk(event, pick) {
  const item = event.target.closest("[data-node]");
  if (!item) return;
  if (event.key === "Enter" || event.key === " ") pick(item.dataset.node);
  else if (event.key in MOVES) {
    const items = [...item.parentElement.children];
    const place = Math.max(0, Math.min(items.length - 1, items.indexOf(item) + MOVES[event.key]));
    item.tabIndex = -1;
    items[place].tabIndex = 0;
    items[place].focus();
  } else return;
  event.preventDefault();
}
