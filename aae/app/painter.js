// The prior as a picture: choose one, or paint one. The server hears of it when the brush is lifted.

const SIDE = 64; // cells along a side of a drawn prior
const HALF = 3; // of the square, in scales of the prior
const PAINTERS = new WeakMap();
const SHAPES = {
  ring: (c) => (c.arc(32, 32, 19, 0, 7), (c.lineWidth = 5), c.stroke()),
  heart: (c) => {
    c.moveTo(32, 54);
    c.bezierCurveTo(0, 32, 10, 8, 32, 20);
    c.bezierCurveTo(54, 8, 64, 32, 32, 54);
    c.fill();
  },
  moons: (c) => {
    c.lineWidth = 5;
    for (const [x, y, from] of [[25, 38, Math.PI], [39, 26, 0]]) c.beginPath(), c.arc(x, y, 14, from, from + Math.PI), c.stroke();
  },
  islands: (c) => {
    for (let k = 0; k < 5; k++) c.beginPath(), c.arc(32 + 19 * Math.sin(1.2566 * k), 32 - 19 * Math.cos(1.2566 * k), 6, 0, 7), c.fill();
  },
};

export default function ({ data, parentElement, setStateValue }) {
  let painter = PAINTERS.get(parentElement);
  if (!painter) PAINTERS.set(parentElement, (painter = new Painter(parentElement)));
  painter.report = (chosen) => setStateValue("chosen", chosen);
  painter.load(data);
  return () => PAINTERS.delete(parentElement);
}

class Painter {
  constructor(root) {
    for (const name of ["painter", "choices", "paper", "tools"]) this[name] = root.querySelector("." + name);
    this.sheet = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
    this.ink = this.sheet.getContext("2d", { willReadFrequently: true });
    this.ink.lineCap = this.ink.lineJoin = "round";
    this.paper.painter = this; // for tests
    this.paper.onpointerdown = (event) => this.press(event);
    this.paper.onpointermove = (event) => this.last && this.stroke(event);
    this.paper.onpointerup = this.paper.onpointercancel = () => this.lift();
    this.painter.ontransitionend = () => this.show(); // another theme
    this.makeTools();
  }

  load(data) {
    const first = !this.data;
    this.data = data;
    if (first && data.image) this.fill(data.image);
    this.paper.hidden = this.tools.hidden = data.chosen !== "drawn";
    this.makeChoices();
    this.show();
  }

  // Ready priors, as clouds of their draws; the last one is what was painted

  makeChoices() {
    const buttons = [...Object.entries(this.data.priors), ["drawn", null]].map(([name, points]) => {
      const button = Object.assign(document.createElement("button"), { type: "button" });
      const canvas = Object.assign(document.createElement("canvas"), { width: 120, height: 120 });
      button.setAttribute("role", "radio");
      button.setAttribute("aria-checked", name === this.data.chosen);
      button.append(canvas, points ? name.replace("_", " ") : "✎ paint");
      button.onclick = () => this.choose(name);
      points ? this.dot(canvas, points) : canvas.getContext("2d").drawImage(this.inked(), 0, 0, 120, 120);
      return button;
    });
    this.choices.replaceChildren(...buttons);
  }

  colour() {
    return getComputedStyle(this.painter).color;
  }

  dot(canvas, points) {
    const context = canvas.getContext("2d"), n = canvas.width;
    context.fillStyle = this.colour();
    context.globalAlpha = 0.5;
    for (let i = 0; i < points.length; i += 2)
      context.fillRect(((points[i] / HALF + 1) * n) / 2, ((1 - points[i + 1] / HALF) * n) / 2, 2, 2);
  }

  choose(name) {
    if (name === "drawn" && !/[1-9a-f]/.test(this.image())) this.shape("heart");
    else this.report({ prior: name, image: name === "drawn" ? this.image() : "" });
  }

  // Painting

  makeTools() {
    const button = (text, act) => {
      const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, onclick: act });
      this.tools.append(made);
      return made;
    };
    const tool = (name) => button(name, () => this.take(name));
    this.brushes = { brush: tool("brush"), eraser: tool("eraser") };
    const size = document.createElement("label");
    this.size = Object.assign(document.createElement("input"), { type: "range", min: 1, max: 16, value: 6 });
    this.size.setAttribute("aria-label", "Width of the brush");
    size.append("width", this.size);
    this.tools.append(size);
    for (const name of Object.keys(SHAPES)) button(name, () => this.shape(name));
    this.letter = Object.assign(document.createElement("input"), { type: "text", maxLength: 2, placeholder: "A" });
    this.letter.setAttribute("aria-label", "Letters to paint");
    this.letter.onchange = () => this.letter.value.trim() && this.write(this.letter.value.trim());
    this.tools.append(this.letter);
    button("clear", () => (this.fresh(), this.finish(), this.show()));
    this.take("brush");
  }

  take(name) {
    this.erasing = name === "eraser";
    for (const [other, button] of Object.entries(this.brushes)) button.setAttribute("aria-pressed", other === name);
  }

  point(event) {
    const box = this.paper.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
  }

  press(event) {
    event.preventDefault();
    this.paper.setPointerCapture(event.pointerId);
    this.last = this.point(event);
    this.stroke(event);
  }

  stroke(event) {
    const here = this.point(event), ink = this.ink;
    ink.globalCompositeOperation = this.erasing ? "destination-out" : "source-over";
    ink.lineWidth = Number(this.size.value);
    ink.beginPath();
    ink.moveTo(...this.last);
    ink.lineTo(...here);
    ink.stroke();
    this.last = here;
    this.show();
  }

  lift() {
    if (!this.last) return;
    this.last = null;
    this.finish();
  }

  finish() {
    // An empty sheet is told as well: it can be no prior
    this.makeChoices();
    this.report({ prior: "drawn", image: this.image() });
  }

  shape(name) {
    this.fresh();
    SHAPES[name](this.ink);
    this.finish();
    this.show();
  }

  write(text) {
    this.fresh();
    Object.assign(this.ink, { font: `bold ${text.length > 1 ? 38 : 54}px sans-serif`, textAlign: "center", textBaseline: "middle" });
    this.ink.fillText(text, SIDE / 2, SIDE / 2 + 3);
    this.finish();
    this.show();
  }

  fresh() {
    this.ink.globalCompositeOperation = "source-over";
    this.ink.clearRect(0, 0, SIDE, SIDE);
    this.ink.beginPath();
  }

  image() {
    // A hexadecimal digit a cell, row by row from the top left: how opaque it is
    const alpha = this.ink.getImageData(0, 0, SIDE, SIDE).data.filter((_, i) => i % 4 === 3);
    return Array.from(alpha, (value) => Math.round(value / 17).toString(16)).join("");
  }

  fill(image) {
    const picture = this.ink.createImageData(SIDE, SIDE);
    Array.from(image, (digit, i) => (picture.data[4 * i + 3] = 17 * parseInt(digit, 16)));
    this.ink.putImageData(picture, 0, 0);
  }

  inked() {
    // What is painted, in the page's colour
    const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE }), context = canvas.getContext("2d");
    context.drawImage(this.sheet, 0, 0);
    context.globalCompositeOperation = "source-in";
    context.fillStyle = this.colour();
    context.fillRect(0, 0, SIDE, SIDE);
    return canvas;
  }

  show() {
    const context = this.paper.getContext("2d");
    context.clearRect(0, 0, SIDE, SIDE);
    context.drawImage(this.inked(), 0, 0);
  }
}
