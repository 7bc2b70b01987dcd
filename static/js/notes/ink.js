// Drawings of notes as vectors: shapes with points from 0 to 1 become elements of an SVG that is as
// wide and high as the picture. Nobody's words ever become markup.

const SVG = "http://www.w3.org/2000/svg";
const COLORS = { yellow: "c-1", red: "c-2", blue: "c-3", green: "c-4", white: "c-5" };
const HEAD = 0.035; // of an arrow, as a share of the picture's width
const SPREAD = 0.45; // radians

export function element(name, attributes = {}) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

const way = (points) => points.map(([x, y], place) => `${place ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

// A single point is a dot: a line that goes nowhere has round ends.
function pen(points) {
  return element("path", { d: way(points.length > 1 ? points : [points[0], points[0]]) });
}

function arrow([from, to], { width }) {
  const turn = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const barb = (by) => [to[0] - Math.cos(turn + by) * HEAD * width, to[1] - Math.sin(turn + by) * HEAD * width];
  return element("path", { d: way([from, to]) + way([barb(SPREAD), to, barb(-SPREAD)]) });
}

function box([one, other]) {
  const [x, y] = [0, 1].map((axis) => Math.min(one[axis], other[axis]));
  const [width, height] = [0, 1].map((axis) => Math.abs(one[axis] - other[axis]));
  return element("rect", { x, y, width, height });
}

function text([[x, y]], { height }, words) {
  const made = element("text", { x, y, "font-size": height * 0.05 });
  made.textContent = words;
  return made;
}

const MAKE = { pen, arrow, box, text };

function made(shape, size) {
  const points = shape.points.map(([x, y]) => [x * size.width, y * size.height]);
  const drawn = MAKE[shape.kind](points, size, shape.text);
  drawn.classList.add(COLORS[shape.color]);
  return drawn;
}

export function draw(svg, shapes) {
  const size = svg.viewBox.baseVal;
  svg.replaceChildren(...shapes.map((shape) => made(shape, size)));
}

// “a box and 2 arrows”, as the server says it of a drawing that is kept.
const WORDS = { pen: ["a line", "lines"], arrow: ["an arrow", "arrows"], box: ["a box", "boxes"] };

export function described(shapes) {
  const told = Object.entries(WORDS).flatMap(([kind, [one, many]]) => {
    const count = shapes.filter((shape) => shape.kind === kind).length;
    return count ? [count === 1 ? one : `${count} ${many}`] : [];
  });
  const words = shapes.filter((shape) => shape.kind === "text").map((shape) => `“${shape.text}”`);
  return [...told, ...words].join(", ");
}
