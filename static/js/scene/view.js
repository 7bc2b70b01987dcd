// The scene in three dimensions, drawn only when something changes. Loaded with three.js once there
// is a scene. Pictures inside a scene are decoded by <img> from blob:, which the page's policy
// allows; nothing is fetched from outside. One view, which moves along when its form is drawn anew.

import * as three from "../../vendor/three-0.187.0.min.js";

const STEP = Math.PI / 24; // of an arrow key
const ACCENT = 0xa5a5f8;
const INLINE = /^(blob|data):/;
const TURNS = { x: new three.Vector3(1, 0, 0), y: new three.Vector3(0, 1, 0), z: new three.Vector3(0, 0, 1) };

const camera = new three.PerspectiveCamera(40, 1.6, 0.01, 1000);
const world = new three.Scene();
const axes = new three.AxesHelper(1);
const ring = new three.Box3Helper(new three.Box3(), ACCENT);
const files = new three.LoadingManager();
let renderer, controls, onPick, sizes;
let model, floor, line; // what is shown, the grid under it, the path of something that moves
let nodes = []; // { name, depth, object, rest }
let picked, waiting;

files.setURLModifier((url) => (INLINE.test(url) ? url : "data:,"));

const nodeNamed = (name) => nodes.find((node) => node.name === name);

export function draw() {
  waiting ||= requestAnimationFrame(() => {
    waiting = 0;
    mark();
    renderer.render(world, camera);
  });
}

// Throws where the browser has no WebGL.
export function start(pick) {
  onPick = pick;
  renderer = new three.WebGLRenderer({ antialias: true, alpha: true });
  renderer.toneMapping = three.NeutralToneMapping;
  const light = new three.DirectionalLight(0xffffff, 1.5);
  light.position.set(2, 4, 3);
  const makes = new three.PMREMGenerator(renderer);
  world.environment = makes.fromScene(new three.RoomEnvironment(), 0.04).texture;
  world.environmentIntensity = 0.6;
  makes.dispose();
  for (const helper of [axes, ring]) {
    helper.material.depthTest = false;
    helper.visible = false;
  }
  world.add(light, axes, ring);
  const canvas = renderer.domElement;
  controls = new three.OrbitControls(camera, canvas);
  controls.touches.TWO = 3; // zoom and turn; one finger up or down scrolls the page
  canvas.style.touchAction = "pan-y";
  controls.addEventListener("change", draw);
  canvas.addEventListener("webglcontextrestored", draw);
  sizes = new ResizeObserver(fit);
  listen(canvas);
}

function listen(canvas) {
  let from;
  canvas.addEventListener("pointerdown", (event) => (from = [event.clientX, event.clientY]));
  canvas.addEventListener("pointerup", (event) => {
    if (from && Math.hypot(event.clientX - from[0], event.clientY - from[1]) < 5) pickAt(event);
  });
}

export function attach(stage) {
  const canvas = renderer.domElement;
  if (canvas.parentElement === stage) return;
  stage.append(canvas);
  sizes.disconnect();
  sizes.observe(stage);
}

function fit([{ contentRect }]) {
  const { width, height } = contentRect;
  if (!width || !height) return;
  renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
  renderer.setSize(width, height, false);
  camera.aspect = width / height;
  camera.updateProjectionMatrix();
  draw();
}

// ── Reading a scene ──

// Without fetch, which the policy keeps to this studio's addresses: data is decoded here.
function keepInside(parser) {
  parser.textureLoader = new three.TextureLoader(files);
  const inside = parser.loadBuffer.bind(parser);
  parser.loadBuffer = async (index) => {
    const { uri } = parser.json.buffers[index];
    if (!uri) return inside(index);
    if (!uri.startsWith("data:")) throw new Error("parts of it lie elsewhere");
    return Uint8Array.from(atob(uri.slice(uri.indexOf(",") + 1)), (sign) => sign.charCodeAt(0)).buffer;
  };
  return { name: "inside" };
}

async function gltf(buffer) {
  const { scene, scenes, parser } = await new three.GLTFLoader(files).register(keepInside).parseAsync(buffer, "");
  if (!(scene ?? scenes[0])) throw new Error("no scene");
  const nameOf = (object) => parser.json.nodes[parser.associations.get(object)?.nodes]?.name ?? "";
  return [scene ?? scenes[0], nameOf];
}

function fbx(buffer) {
  return [new three.FBXLoader(files).parse(buffer, ""), (object) => object.userData.originalName ?? object.name];
}

// Shows a file's bytes and gives the names of its nodes, each with its depth. Rejects with the
// reason where that can not be done.
export async function show(buffer) {
  clear();
  const isGlb = new TextDecoder().decode(buffer.slice(0, 4)) === "glTF";
  const [read, nameOf] = isGlb ? await gltf(buffer) : fbx(buffer);
  clear(); // what came while this one was read
  model = read;
  world.add(model);
  list(model, nameOf, 0);
  model.updateMatrixWorld(true);
  lay();
  frame();
  return nodes;
}

function list(object, nameOf, depth) {
  const name = object === model ? "" : nameOf(object);
  object.userData.node = name;
  if (name) nodes.push({ name, depth, object, turn: object.quaternion.clone(), place: object.position.clone() });
  for (const child of object.children) list(child, nameOf, name ? depth + 1 : depth);
}

const throwAway = (object) => {
  object.geometry?.dispose();
  for (const material of [object.material ?? []].flat()) {
    for (const value of Object.values(material)) if (value?.isTexture) value.dispose();
    material.dispose();
  }
};

export function clear() {
  for (const old of [model, floor, line]) {
    old?.removeFromParent();
    old?.traverse(throwAway);
  }
  model = floor = line = picked = undefined;
  nodes = [];
  draw();
}

export const isEmpty = () => bounds().isEmpty();

function bounds() {
  return model ? new three.Box3().setFromObject(model) : new three.Box3();
}

// ── Looking ──

function sphere() {
  const box = bounds();
  if (box.isEmpty()) for (const { object } of nodes) box.expandByPoint(object.getWorldPosition(new three.Vector3()));
  const found = box.getBoundingSphere(new three.Sphere());
  if (!(found.radius > 0)) found.radius = 1;
  return found;
}

function lay() {
  const { center, radius } = sphere();
  const size = 10 ** Math.ceil(Math.log10(radius * 2));
  floor = new three.GridHelper(size * 2, 20, 0x55565e, 0x33343a);
  floor.position.set(center.x, bounds().isEmpty() ? center.y : bounds().min.y, center.z);
  axes.scale.setScalar(radius * 0.3);
  world.add(floor);
}

export function showGrid(shown) {
  if (floor) floor.visible = shown;
  draw();
}

export function frame() {
  const { center, radius } = sphere();
  const away = (radius / Math.sin((camera.fov * Math.PI) / 360)) * 1.1 * Math.max(1, 1 / camera.aspect);
  camera.near = away / 1000;
  camera.far = away * 100;
  camera.position.set(1, 0.6, 1).setLength(away).add(center);
  camera.updateProjectionMatrix();
  controls.target.copy(center);
  controls.update();
  draw();
}

const KEYS = {
  ArrowLeft: () => controls.rotateLeft(STEP),
  ArrowRight: () => controls.rotateLeft(-STEP),
  ArrowUp: () => controls.rotateUp(STEP),
  ArrowDown: () => controls.rotateUp(-STEP),
  "+": () => controls.dollyIn(0.9),
  "=": () => controls.dollyIn(0.9),
  "-": () => controls.dollyOut(0.9),
  0: frame,
};
const SHIFTED = {
  ArrowLeft: () => controls.pan(40, 0),
  ArrowRight: () => controls.pan(-40, 0),
  ArrowUp: () => controls.pan(0, 40),
  ArrowDown: () => controls.pan(0, -40),
};

// Whether the key meant something here.
export function press(event) {
  const act = (event.shiftKey && SHIFTED[event.key]) || KEYS[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey) return false;
  act();
  return true;
}

// ── Picking ──

function pickAt(event) {
  const box = renderer.domElement.getBoundingClientRect();
  const point = new three.Vector2(
    ((event.clientX - box.left) / box.width) * 2 - 1,
    1 - ((event.clientY - box.top) / box.height) * 2,
  );
  const ray = new three.Raycaster();
  ray.setFromCamera(point, camera);
  const [hit] = model ? ray.intersectObject(model) : [];
  const name = hit && nameUnder(hit);
  if (name) onPick(name);
}

// Of a skin the bone that holds the corner that was hit; else the node itself or the next above.
function nameUnder({ object, face }) {
  let node = object.isSkinnedMesh ? boneOf(object, face.a) : object;
  while (node && !node.userData.node) node = node.parent;
  return node?.userData.node;
}

function boneOf({ geometry, skeleton }, corner) {
  const { skinIndex, skinWeight } = geometry.attributes;
  const parts = [0, 1, 2, 3].map((part) => [skinWeight.getComponent(corner, part), skinIndex.getComponent(corner, part)]);
  return skeleton.bones[parts.sort((a, b) => b[0] - a[0])[0][1]];
}

export function pick(name) {
  picked = nodeNamed(name)?.object;
  draw();
}

// The pivot of the picked node, and a box around what of it is its own.
function mark() {
  axes.visible = Boolean(picked);
  ring.visible = false;
  if (!picked) return;
  picked.updateWorldMatrix(true, true);
  picked.getWorldPosition(axes.position);
  picked.getWorldQuaternion(axes.quaternion);
  ring.box.makeEmpty();
  enclose(picked);
  ring.visible = !ring.box.isEmpty();
}

function enclose(object) {
  if (object.isMesh) {
    object.geometry.boundingBox ?? object.geometry.computeBoundingBox();
    ring.box.union(object.geometry.boundingBox.clone().applyMatrix4(object.matrixWorld));
  }
  for (const child of object.children) if (!child.userData.node) enclose(child);
}

// ── Moving ──

// `angles` has [angle, axis] of joints by name, `places` [x, y, z] in metres. What is not named rests.
export function pose({ angles, places }) {
  for (const { name, object, turn, place } of nodes) {
    const [angle, axis] = angles.get(name) ?? [0, "z"];
    object.quaternion.copy(turn).multiply(new three.Quaternion().setFromAxisAngle(TURNS[axis], angle));
    object.position.copy(place);
  }
  model?.updateMatrixWorld(true);
  for (const [name, spot] of places) {
    const object = nodeNamed(name)?.object;
    if (object) object.position.copy(object.parent.worldToLocal(new three.Vector3(...spot)));
  }
  draw();
}

// The path of something that moves, as points in metres; none for [].
export function trace(points) {
  line?.removeFromParent();
  line?.traverse(throwAway);
  line = undefined;
  if (points.length > 1) {
    const shape = new three.BufferGeometry().setFromPoints(points.map((point) => new three.Vector3(...point)));
    const dash = sphere().radius / 30;
    line = new three.Line(shape, new three.LineDashedMaterial({ color: 0xf5bd4f, dashSize: dash, gapSize: dash }));
    line.computeLineDistances();
    world.add(line);
  }
  draw();
}
