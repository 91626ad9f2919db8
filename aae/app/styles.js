// A pad whose decoder is told the class: all classes in the style under the pointer, and what can be made of them.

const RING_SIZE = 180;
const SHARPNESS = 0.16; // of the ring's mixing: smaller is sharper
const ATTRIBUTES = ["slant", "stroke width", "height"];
const MAX_RING = 12; // labels that a ring has room for
const MAX_WORK = 12; // milliseconds of decoding in a frame

class StylePad extends Pad {
  constructor(root, data) {
    super(root, data);
    this.pad.classList.add("styles");
    this.takeData(data);
    this.chosen = data.chosen ?? data.label ?? 0;
    this.line = lineLength(this.names.length);
    this.rows = document.createElement("canvas");
    this.rows.className = "rows";
    this.rows.setAttribute("aria-label", "Rows of pinned styles, a column for each class");
    this.rows.onpointermove = (event) => this.peekAtCell(event);
    this.rows.onpointerleave = () => ((this.peek = null), this.show());
    this.pad.append(this.rows);
    this.makeTen();
    this.makeRing();
    this.makeSketch();
    this.makeColours();
  }

  // All classes in one style

  makeTen() {
    const ten = Object.assign(document.createElement("div"), { className: "ten" });
    this.ten = this.names.map((name, k) => {
      const figure = document.createElement("button"), canvas = document.createElement("canvas");
      const key = k < 10 ? ` (key ${k})` : "";
      Object.assign(figure, { type: "button", title: `enlarge ${name}${key}`, onclick: () => this.choose(k) });
      figure.append(canvas, name);
      ten.append(figure);
      return canvas;
    });
    this.digit.after(ten);
  }

  sayLabel() {
    if (!this.decoder) return;
    if (this.mix) this.decoder.tell(this.mix);
    else this.decoder.bias = this.decoder.told[this.chosen];
    this.ten?.forEach((canvas, k) => canvas.parentElement.setAttribute("aria-pressed", !this.mix && k === this.chosen));
  }

  choose(k) {
    if (k >= this.names.length) return;
    this.chosen = k;
    this.mix = this.mixAt = null;
    this.sayLabel();
    this.paintRing();
    this.redraw();
    this.tell(400);
  }

  isolate(label) {
    this.choose(label);
  }

  paint() {
    super.paint();
    if (!this.decoder) return;
    this.paintTen();
    this.paintRows();
  }

  paintTen() {
    // As many as a frame has time for, from where the last one stopped
    const [, height, width] = this.data.shape, code = this.code, key = JSON.stringify([...code, this.data.decoder, this.ink]);
    if (key !== this.tenKey) this.left = this.ten.length;
    this.tenKey = key;
    const until = performance.now() + MAX_WORK;
    for (; this.left && performance.now() < until; this.left--) {
      const k = (this.nextOfTen = ((this.nextOfTen ?? -1) + 1) % this.ten.length), canvas = this.ten[k];
      if (canvas.width !== width) (canvas.width = width), (canvas.height = height);
      const context = canvas.getContext("2d");
      context.putImageData(this.inkImage(this.decoder.decode(code, k), context, width, height), 0, 0);
    }
    if (this.left) this.show();
  }

  // The code: that of a drawing, until the pointer moves on

  get code() {
    return this.drawn ?? super.code;
  }

  get told() {
    return null; // the mixture or the digit that was chosen, also of an image
  }

  toldWords() {
    const label = this.mix ? "the mixture of labels" : `digit ${this.chosen}`;
    return `${this.drawn ? "The style of your drawing. " : ""}Enlarged, and on the map: ${label}.`;
  }

  moveTo(place) {
    this.drawn = null;
    super.moveTo(place);
  }

  // Pinned styles: a table of styles and classes

  paintRows() {
    const key = JSON.stringify([this.pins, this.data.decoder, this.ink]);
    if (key === this.rowsKey) return;
    this.rowsKey = key;
    const [, height, width] = this.data.shape, n = this.names.length, lines = Math.ceil(n / this.line);
    this.rows.hidden = !this.pins.length;
    if (!this.pins.length) return;
    this.rows.width = this.line * width;
    this.rows.height = this.pins.length * lines * height;
    const context = this.rows.getContext("2d");
    this.pins.forEach((pin, row) => {
      for (let k = 0; k < n; k++) {
        const image = this.inkImage(this.decoder.decode(this.lift(pin), k), context, width, height);
        context.putImageData(image, (k % this.line) * width, (row * lines + Math.floor(k / this.line)) * height);
      }
    });
  }

  peekAtCell(event) {
    const box = this.rows.getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) / box.height) * this.pins.length);
    if (!this.pins[row]) return;
    this.peek = this.pins[row];
    this.show();
  }

  // The ring: shares of the labels by nearness

  makeRing() {
    this.ring = Object.assign(document.createElement("canvas"), { width: 2 * RING_SIZE, height: 2 * RING_SIZE, className: "ring" });
    this.ring.setAttribute("aria-label", "Ring of labels: drag inside to mix them");
    this.ring.onpointerdown = (event) => (this.ring.setPointerCapture(event.pointerId), this.mixUnder(event));
    this.ring.onpointermove = (event) => event.buttons && this.mixUnder(event);
    this.ringNote = Object.assign(document.createElement("p"), { className: "note" });
    const box = Object.assign(document.createElement("div"), { className: "mixing" });
    this.ring.hidden = this.names.length > MAX_RING;
    box.append(this.ring, this.ringNote);
    this.readout.after(box);
    this.paintRing();
  }

  corner(k) {
    const angle = (2 * Math.PI * k) / this.names.length - Math.PI / 2;
    return [0.82 * Math.cos(angle), 0.82 * Math.sin(angle)];
  }

  mixUnder(event) {
    const box = this.ring.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * 2 - 1, y = ((event.clientY - box.top) / box.height) * 2 - 1;
    const near = this.names.map((_, k) => {
      const [cx, cy] = this.corner(k);
      return Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / SHARPNESS);
    });
    const sum = near.reduce((a, b) => a + b);
    this.mix = near.map((share) => share / sum);
    this.mixAt = [x, y];
    this.sayLabel();
    this.paintRing();
    if (this.points) this.drawSheet();
    this.show();
  }

  paintRing() {
    if (this.ring.hidden) return void (this.ringNote.textContent = `${this.names.length} classes: too many for a ring that mixes them.`);
    const context = this.ring.getContext("2d"), size = this.ring.width;
    context.clearRect(0, 0, size, size);
    context.font = `bold ${size / 13}px sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const [k, name] of this.short.entries()) {
      const [x, y] = this.corner(k);
      context.globalAlpha = this.mix ? 0.25 + 0.75 * Math.min(1, 2 * this.mix[k]) : k === this.chosen ? 1 : 0.4;
      context.fillStyle = COLOURS[k % COLOURS.length];
      context.fillText(name, (x + 1) * size * 0.5, (y + 1) * size * 0.5);
    }
    context.globalAlpha = 1;
    if (this.mixAt) {
      context.fillStyle = RING;
      context.beginPath();
      context.arc((this.mixAt[0] + 1) * size * 0.5, (this.mixAt[1] + 1) * size * 0.5, size / 40, 0, 2 * Math.PI);
      context.fill();
    }
    const named = (this.mix ?? []).map((share, k) => [share, k]).sort((a, b) => b[0] - a[0]).slice(0, 2);
    this.ringNote.textContent = this.mix
      ? `${named.map(([share, k]) => `${this.names[k]}: ${Math.round(100 * share)} %`).join(", ")}. A mixture of labels: never trained on. The map shows it too.`
      : "Drag inside the ring to mix labels.";
  }

  // A drawing of one's own

  makeSketch() {
    this.sketch = new Sketch(() => this.encodeDrawing());
    const box = Object.assign(document.createElement("div"), { className: "drawing" });
    const clear = Object.assign(document.createElement("button"), { type: "button", textContent: "clear" });
    const card = Object.assign(document.createElement("button"), { type: "button", textContent: "postcard" });
    clear.onclick = () => (this.sketch.clear(), (this.drawn = null), this.show());
    card.onclick = () => this.savePostcard();
    const note = Object.assign(document.createElement("p"), { className: "note", textContent: `Draw a ${this.data.noun}: ${this.names.length} ${this.data.nouns} in your hand.` });
    const buttons = Object.assign(document.createElement("div"), { className: "buttons" });
    buttons.append(clear, card);
    box.append(this.sketch.canvas, note, buttons);
    this.ring.parentElement.after(box);
  }

  async encodeDrawing() {
    this.encoder ??= fetchTensors(this.data.encoder).then((tensors) => new Network(tensors));
    const encoder = await this.encoder, pixels = this.sketch.pixels(this.data.shape[1]);
    if (!pixels) return;
    this.drawn = encoder.forward(pixels).slice(0, this.data.origin.length);
    this.cursor = [...this.project(this.drawn, 1)];
    this.image = this.peek = null;
    this.show();
    if (!this.sketch.last) this.tell();
  }

  savePostcard() {
    const [, height, width] = this.data.shape, scale = 6, gap = 4, code = this.code;
    const n = this.names.length, lines = Math.ceil(n / this.line);
    const card = Object.assign(document.createElement("canvas"), { width: (Math.max(10, this.line) * width + 2 * gap) * scale, height: (lines * height + 12) * scale });
    const context = card.getContext("2d"), small = this.layer(1);
    context.fillStyle = getComputedStyle(this.pad).getPropertyValue("--st-background-color") || "white";
    context.fillRect(0, 0, card.width, card.height);
    small.width = width;
    small.height = height;
    context.imageSmoothingEnabled = false;
    for (let k = 0; k < n; k++) {
      small.getContext("2d").putImageData(this.inkImage(this.decoder.decode(code, k), context, width, height), 0, 0);
      const x = gap + (k % this.line) * width, y = gap + Math.floor(k / this.line) * height;
      context.drawImage(small, x * scale, y * scale, width * scale, height * scale);
    }
    context.fillStyle = getComputedStyle(this.pad).color;
    context.font = `${4 * scale}px sans-serif`;
    context.fillText(`${n} ${this.data.nouns} of one style, painted by ${this.data.run}`, 2 * gap * scale, card.height - 2 * scale);
    const link = document.createElement("a");
    link.download = "postcard.png";
    link.href = card.toDataURL("image/png");
    link.click();
  }

  // What the directions mean: codes in the colour of a measured attribute

  makeColours() {
    this.colours = document.createElement("select");
    this.colours.setAttribute("aria-label", "What the colour of the codes shows");
    this.colours.append(...["class", ...ATTRIBUTES].map((name) => new Option(`colour: ${name === "class" ? this.data.noun : name}`, name)));
    this.colours.onchange = () => this.showAttribute(this.colours.value);
    this.buttons.after(this.colours);
  }

  async showAttribute(name) {
    this.attributes ??= fetchTensors(this.data.attributes);
    this.shownAttribute = (await this.attributes)[name]?.values;
    this.redraw();
  }

  colour(label, i) {
    if (!this.shownAttribute) return super.colour(label, i);
    const share = this.shownAttribute[i] / 255; // its rank among all images
    return `hsl(${240 - 200 * share} 75% ${55 - 10 * share}%)`;
  }

  drawGlyphs(...rest) {
    if (!this.shownAttribute) super.drawGlyphs(...rest);
  }
}
