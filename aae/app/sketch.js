// A sheet to draw on, and the data set's preprocessing: scaled into a box, centred by mass.

const PAPER = 196; // pixels of the sheet
const PEN = 15;
const BOX = 20 / 28; // of the side: what MNIST's digits are scaled into

class Sketch {
  constructor(onDrawn) {
    this.onDrawn = onDrawn;
    this.canvas = Object.assign(document.createElement("canvas"), { width: PAPER, height: PAPER, className: "sketch" });
    this.canvas.setAttribute("aria-label", "Draw here");
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.context.lineWidth = PEN;
    this.context.lineCap = this.context.lineJoin = "round";
    this.canvas.onpointerdown = (event) => this.press(event);
    this.canvas.onpointermove = (event) => this.last && this.draw(event);
    this.canvas.onpointerup = this.canvas.onpointercancel = () => this.lift();
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * PAPER, ((event.clientY - box.top) / box.height) * PAPER];
  }

  press(event) {
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.point(event);
    this.draw(event);
  }

  draw(event) {
    const here = this.point(event);
    this.context.strokeStyle = getComputedStyle(this.canvas).color;
    this.context.beginPath();
    this.context.moveTo(...this.last);
    this.context.lineTo(...here);
    this.context.stroke();
    this.last = here;
    this.onDrawn();
  }

  lift() {
    this.last = null;
    this.onDrawn();
  }

  clear() {
    this.context.clearRect(0, 0, PAPER, PAPER);
  }

  pixels(side) {
    // Ink in [0, 1] [side * side], or null for an empty sheet
    const ink = this.ink(), box = bounds(ink, PAPER);
    if (!box) return null;
    const [left, top, width, height] = box, target = side < 20 ? side : BOX * side, scale = target / Math.max(width, height);
    const first = this.render(side, left, top, width, height, scale, (side - width * scale) / 2, (side - height * scale) / 2);
    const [x, y] = centreOfMass(first, side);
    const shift = [(side - 1) / 2 - x, (side - 1) / 2 - y].map((by) => (side < 20 ? 0 : by));
    return this.render(side, left, top, width, height, scale, (side - width * scale) / 2 + shift[0], (side - height * scale) / 2 + shift[1]);
  }

  ink() {
    return this.context.getImageData(0, 0, PAPER, PAPER).data.filter((_, i) => i % 4 === 3);
  }

  render(side, left, top, width, height, scale, x, y) {
    const small = Object.assign(document.createElement("canvas"), { width: side, height: side });
    const context = small.getContext("2d", { willReadFrequently: true });
    context.imageSmoothingQuality = "high";
    context.drawImage(this.canvas, left, top, width, height, x, y, width * scale, height * scale);
    return Float32Array.from(context.getImageData(0, 0, side, side).data.filter((_, i) => i % 4 === 3), (value) => value / 255);
  }
}

function bounds(ink, side) {
  // [left, top, width, height] of what is drawn, or null
  let left = side, right = -1, top = side, bottom = -1;
  ink.forEach((value, i) => {
    if (value < 32) return;
    const x = i % side, y = Math.floor(i / side);
    (left = Math.min(left, x)), (right = Math.max(right, x)), (top = Math.min(top, y)), (bottom = Math.max(bottom, y));
  });
  return right < 0 ? null : [left, top, right - left + 1, bottom - top + 1];
}

function centreOfMass(pixels, side) {
  let mass = 0, x = 0, y = 0;
  pixels.forEach((value, i) => {
    (mass += value), (x += value * (i % side)), (y += value * Math.floor(i / side));
  });
  return [x / mass, y / mass];
}
