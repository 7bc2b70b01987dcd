// The stage: pictures under a camera, drawn by WebGL as the Animatic engine draws them.
//
// A plate is a picture cropped to the ratio and continued beyond its frame, mirrored and softer
// outwards (studio/engine/animatic/plate.py). Here the card does the continuing: `picture` is
// mirrored where it is read, and `soft` is the same plate at an eighth of its size, blurred.

import { inverse, MARGIN, place } from "./camera.js";

const EIGHTH = 8;
const OVERVIEW = 0.78; // of the stage: a frame that leaves the picture can still be seen

const VERTICES = `#version 300 es
in vec2 corner;
void main() { gl_Position = vec4(corner, 0, 1); }`;

const PIXELS = `#version 300 es
precision highp float;
uniform mat3 back; // pixels of the frame to pixels of the picture
uniform vec4 box; // of the frame on the canvas: left, bottom, width, height
uniform vec2 size, margin, rim; // of the picture, of its plate, of the soft one
uniform float share;
uniform sampler2D picture, soft;
out vec4 color;

vec2 outside(vec2 place) {
  vec2 share = clamp(2.0 * max(-place, place - size + 1.0) / margin, 0.0, 1.0);
  return share * share * (3.0 - 2.0 * share);
}

void main() {
  vec2 pixel = (gl_FragCoord.xy - box.xy) / box.zw * size;
  vec3 seen = back * vec3(pixel.x - 0.5, size.y - pixel.y - 0.5, 1.0);
  vec2 place = seen.xy / seen.z;
  if (any(greaterThan(abs(place + 0.5 - size / 2.0), size / 2.0 + margin))) discard;
  vec2 mirrored = size - 1.0 - abs(size - 1.0 - abs(place));
  vec2 across = 0.7 * dFdx(place) / size, down = 0.7 * dFdy(place) / size; // a little sharper
  vec3 shade = textureGrad(picture, (mirrored + 0.5) / size, across, down).rgb;
  vec2 beyond = outside(place);
  float weight = max(beyond.x, beyond.y);
  if (weight > 0.0) {
    vec2 around = ((place + 0.5) / ${EIGHTH}.0 + rim) / vec2(textureSize(soft, 0));
    shade = mix(shade, textureLod(soft, around, 0.0).rgb, weight);
  }
  color = vec4(shade * share, share);
}`;

const even = (side) => Math.round((side * MARGIN) / 2) * 2;

function drawing(width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  return [canvas, context];
}

// About its center, as much of the image as the ratio allows.
function cropped(image, [width, height]) {
  const [canvas, context] = drawing(width, height);
  const scale = Math.min(image.naturalWidth / width, image.naturalHeight / height);
  const [w, h] = [width * scale, height * scale];
  context.fillRect(0, 0, width, height);
  context.drawImage(image, (image.naturalWidth - w) / 2, (image.naturalHeight - h) / 2, w, h, 0, 0, width, height);
  return canvas;
}

// Without a first frame: lines that show how the camera moves.
function card([width, height]) {
  const [canvas, context] = drawing(width, height);
  context.fillStyle = "#17181c";
  context.fillRect(0, 0, width, height);
  context.strokeStyle = "#4a4d57";
  context.lineWidth = 2;
  const step = Math.min(width, height) / 9;
  for (let at = (width / 2) % step; at < width; at += step) context.strokeRect(at, -9, 0, height + 18);
  for (let at = (height / 2) % step; at < height; at += step) context.strokeRect(-9, at, width + 18, 0);
  context.strokeStyle = "#9a9eab";
  for (const ring of [1, 2, 3]) {
    context.beginPath();
    context.arc(width / 2, height / 2, ring * step, 0, 2 * Math.PI);
    context.stroke();
  }
  return canvas;
}

const mirrored = (place, length) => {
  const inside = place < 0 ? -place - 1 : place;
  return inside < length ? inside : 2 * length - 1 - inside;
};

function bell(sigma) {
  const radius = (Math.round(6 * sigma + 1) | 1) >> 1;
  const weights = Array.from({ length: 2 * radius + 1 }, (_, n) => Math.exp(-((n - radius) ** 2) / (2 * sigma * sigma)));
  const sum = weights.reduce((total, weight) => total + weight);
  return weights.map((weight) => weight / sum);
}

// One direction of a blur: `count` pixels of a line from `first` on, which may lie outside of it.
function blurLine(from, to, { length, stride, start, first, count, step, begin, weights }) {
  const radius = weights.length >> 1;
  for (let n = 0; n < count; n += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      let sum = 0;
      for (let k = -radius; k <= radius; k += 1) {
        sum += weights[k + radius] * from[start + mirrored(first + n + k, length) * stride + channel];
      }
      to[begin + n * step + channel] = sum;
    }
  }
}

// The plate at an eighth, blurred: bytes of RGBA, its size, and how much of it lies before the picture.
function softened(canvas) {
  const [width, height] = [canvas.width / EIGHTH, canvas.height / EIGHTH].map(Math.round);
  const [, context] = drawing(width, height);
  context.drawImage(canvas, 0, 0, width, height);
  const source = context.getImageData(0, 0, width, height).data;
  const weights = bell(Math.max(0.6, canvas.width * 0.003));
  const rim = [canvas.width, canvas.height].map((side) => Math.ceil(even(side) / EIGHTH));
  const [wide, high] = [width + 2 * rim[0], height + 2 * rim[1]];
  const lines = new Float32Array(wide * height * 4);
  for (let y = 0; y < height; y += 1) {
    blurLine(source, lines, {
      weights, length: width, stride: 4, start: y * width * 4, first: -rim[0], count: wide, step: 4, begin: y * wide * 4,
    });
  }
  const bytes = new Uint8ClampedArray(wide * high * 4).fill(255);
  for (let x = 0; x < wide; x += 1) {
    blurLine(lines, bytes, {
      weights, length: height, stride: wide * 4, start: x * 4, first: -rim[1], count: high, step: wide * 4, begin: x * 4,
    });
  }
  return { bytes, wide, high, rim };
}

function compiled(gl) {
  const program = gl.createProgram();
  for (const [kind, text] of [[gl.VERTEX_SHADER, VERTICES], [gl.FRAGMENT_SHADER, PIXELS]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program));
  return program;
}

function texture(gl, fill, filter) {
  const made = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, made);
  fill();
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, filter);
  return made;
}

export class Stage {
  // Throws where the browser has no WebGL 2.
  constructor() {
    this.canvas = document.createElement("canvas");
    const gl = this.canvas.getContext("webgl2", { antialias: false });
    if (!gl) throw new Error("no WebGL 2");
    this.gl = gl;
    this.plates = [];
    this.#prepare();
  }

  #prepare() {
    const { gl } = this;
    const program = compiled(gl);
    gl.useProgram(program);
    this.at = Object.fromEntries(
      ["back", "box", "size", "margin", "rim", "share", "picture", "soft"].map((name) => [name, gl.getUniformLocation(program, name)]),
    );
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 3, -1, -1, 3]), gl.STATIC_DRAW);
    gl.enableVertexAttribArray(gl.getAttribLocation(program, "corner"));
    gl.vertexAttribPointer(gl.getAttribLocation(program, "corner"), 2, gl.FLOAT, false, 0, 0);
    gl.uniform1i(this.at.soft, 1);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  // The pictures of a shot, the first one or a card in its place, then perhaps the last one.
  // Throws a SecurityError for an image of another origin.
  show(images, size) {
    const { gl } = this;
    for (const plate of this.plates) [plate.picture, plate.soft].map((made) => gl.deleteTexture(made));
    this.size = size;
    this.plates = (images.length ? images : [null]).map((image) => this.#plate(image ? cropped(image, size) : card(size)));
  }

  #plate(canvas) {
    const { gl } = this;
    const soft = softened(canvas);
    const picture = texture(gl, () => {
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, canvas);
      gl.generateMipmap(gl.TEXTURE_2D);
    }, gl.LINEAR_MIPMAP_LINEAR);
    const around = texture(gl, () => {
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, soft.wide, soft.high, 0, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(soft.bytes.buffer));
    }, gl.LINEAR);
    return { picture, soft: around, rim: soft.rim };
  }

  resize(width, height) {
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
  }

  #clear() {
    this.gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    this.gl.clear(this.gl.COLOR_BUFFER_BIT);
  }

  #draw(plate, matrix, share, box) {
    const { gl, at, size } = this;
    const [a, b, c] = inverse(matrix);
    gl.uniformMatrix3fv(at.back, true, [...a, ...b, ...c]);
    gl.uniform4f(at.box, box.x, this.canvas.height - box.y - box.height, box.width, box.height);
    gl.uniform2f(at.size, ...size);
    gl.uniform2f(at.margin, ...size.map(even));
    gl.uniform2f(at.rim, ...plate.rim);
    gl.uniform1f(at.share, share);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, plate.soft);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, plate.picture);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  // What the clip shows at `progress`, as large as the canvas allows.
  frame(camera, progress) {
    const box = place(this.size, this.canvas, 1);
    this.#clear();
    this.gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    this.gl.enable(this.gl.SCISSOR_TEST);
    this.gl.scissor(box.x, this.canvas.height - box.y - box.height, box.width, box.height);
    const [first, last] = this.plates;
    if (last) {
      const now = camera.views(progress);
      if (now.share < 1) this.#draw(first, now.first, 1, box);
      if (now.share > 0) this.#draw(last, now.last, now.share, box);
    } else {
      this.#draw(first, camera.view(progress), 1, box);
    }
    this.gl.disable(this.gl.SCISSOR_TEST);
  }

  // The whole first plate, with room around it.
  overview() {
    this.#clear();
    this.#draw(this.plates[0], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], 1, place(this.size, this.canvas, OVERVIEW));
  }
}
