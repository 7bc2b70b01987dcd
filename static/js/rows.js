// Where everything on the wall stands: the rows of its grid, told by counting, for most tiles are not
// in the document. Rows of tiles are all of one height; headings and doors have their own.

let rows = []; // { items, top, height, index }, from the upper end of the wall's content
let grid = { columns: 1, gap: 0, tile: 0, width: 0, origin: 0 };

export const width = () => grid.width;
export const origin = () => grid.origin;

// False while the wall is not shown.
export function measure(wall, scroller, items) {
  const style = getComputedStyle(wall);
  if (!wall.clientWidth || style.display !== "grid") return false;
  const pixels = (name) => parseFloat(style[name]);
  const above = wall.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
  grid = {
    columns: style.gridTemplateColumns.split(" ").length,
    gap: pixels("rowGap"), between: pixels("columnGap"), left: pixels("paddingLeft"),
    width: wall.clientWidth, inner: wall.clientWidth - pixels("paddingLeft") - pixels("paddingRight"),
    origin: above + pixels("paddingTop"),
    tile: wall.querySelector(":scope > .tile")?.getBoundingClientRect().height || grid.tile,
  };
  for (const item of items) {
    if (item.kind !== "tile" && item.node) item.height = item.node.getBoundingClientRect().height;
  }
  return true;
}

// Give every item its row. A day that is not whole yet says how many of its tiles stand above, and
// begins in the column that these leave.
export function layOut(items) {
  rows = [];
  let run = null;
  let skipped = 0;
  for (const item of items) {
    item.row = null;
    if (item.gone) continue;
    if (item.kind === "tile") {
      if (!run || run.cells === grid.columns) rows.push((run = { items: [], cells: skipped, height: grid.tile }));
      item.column = run.items.length ? 0 : skipped;
      skipped = 0;
      run.cells += 1;
      run.items.push(item);
      item.row = run;
    } else if (item.height && !item.hidden) {
      run = null;
      rows.push((item.row = { items: [item], height: item.height }));
      if (item.kind === "day") skipped = item.above % grid.columns;
    }
  }
  stack();
}

function stack() {
  let top = 0;
  rows.forEach((row, index) => {
    Object.assign(row, { top, index });
    top += row.height + grid.gap;
  });
}

// The index of the first row that ends below this height of the scrolled content.
export function rowAt(height) {
  const inside = height - grid.origin;
  let [low, high] = [0, rows.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].top + rows[middle].height > inside) high = middle;
    else low = middle + 1;
  }
  return low;
}

// The first row with tiles there or below.
export const tilesAt = (height) => rows.slice(rowAt(height)).find((row) => row.items[0].kind === "tile");

export const topOf = (row) => row.top + grid.origin;

// Every tile's box in the scrolled content.
export function boxes() {
  const across = (grid.inner - grid.between * (grid.columns - 1)) / grid.columns;
  return rows.filter((row) => row.items[0].kind === "tile").flatMap((row) =>
    row.items.map((item, index) => ({
      id: item.id, width: across, height: row.height, top: topOf(row),
      left: grid.left + (index + row.items[0].column) * (across + grid.between),
    })),
  );
}
