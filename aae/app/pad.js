// The latent pad. Everything that follows the pointer happens here; the server hears of it once, on release.

const COLOURS = ["#4e79a7", "#f28e2b", "#e15759", "#2a9d8f", "#59a14f", "#c9a227", "#9c6ade", "#e377c2", "#8c564b", "#7f8c9a"];
const SHEET_CELLS = 24; // decoded images along a side of the map
const CLICK = 4; // pixels: a press that moves less is a click
const GLYPHS_BELOW = 700; // visible codes: fewer are drawn as their digits
const HELP = `arrows move (Shift: farther) · 0-9 isolate a class · Space plays the path of pins
M prior · G equal prior mass · [ ] crossfade · P presenter · S saves a PNG · L copies the link
U undoes · click pins · double-click resets · wheel or pinch zooms · ? hides this`;

const PADS = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  let pad = PADS.get(parentElement);
  if (!pad) PADS.set(parentElement, (pad = new Pad(parentElement, data)));
  pad.report = (position) => setStateValue("position", position);
  pad.load(data);
  return () => {
    pad.close();
    PADS.delete(parentElement);
  };
}

class Pad {
  constructor(root, data) {
    this.root = root;
    for (const name of ["pad", "map", "digit", "readout", "near", "buttons", "help", "error"]) {
      this[name] = root.querySelector("." + name);
    }
    this.slider = root.querySelector(".fade input");
    this.map.pad = this; // for tests
    this.cursor = data.cursor?.[0] ?? [0, 0];
    this.pins = data.pins ?? [];
    this.undo = [];
    this.isolated = null;
    this.showPrior = true;
    this.percentiles = false;
    this.frames = 0;
    this.pointers = new Map();
    this.listen();
    this.observer = new ResizeObserver(() => this.redraw());
    this.observer.observe(this.map);
  }

  close() {
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.reporting);
    this.closed = true;
  }

  async load(data) {
    const key = JSON.stringify([data.decoder, data.codes, data.basis, data.origin]);
    if (key === this.key) return;
    this.key = key;
    this.data = data;
    this.images = null;
    this.resetView();
    this.makeButtons();
    try {
      const [weights, codes] = await Promise.all([fetchTensors(data.decoder), fetchTensors(data.codes)]);
      if (key !== this.key || this.closed) return;
      this.decoder = new Decoder(weights);
      this.codes = codes.codes.values;
      this.labels = codes.labels.values;
      this.n = this.labels.length;
      this.points = this.project(this.codes, this.n);
      this.priorPoints = this.project(codes.prior.values, codes.prior.shape[0]);
      this.digit.height = data.shape[0];
      this.digit.width = data.shape[1];
      this.makeNear();
      this.redraw();
      this.map.dataset.ready = "true";
      if (!data.images) return;
      this.images = (await fetchTensors(data.images)).images.values;
      this.makeNear();
      this.show();
    } catch (error) {
      this.error.hidden = false;
      this.error.textContent = `The model could not be fetched. ${error.message}`;
    }
  }

  // Geometry: codes z [D], places on the plane [2], map coordinates [2] (the plane, or percentiles), pixels [2]

  project(codes, n) {
    const { origin, basis } = this.data, dim = origin.length, points = new Float32Array(2 * n);
    for (let i = 0; i < n; i++)
      for (let axis = 0; axis < 2; axis++) {
        let sum = 0;
        for (let d = 0; d < dim; d++) sum += (codes[i * dim + d] - origin[d]) * basis[axis][d];
        points[2 * i + axis] = sum;
      }
    return points;
  }

  lift([u, v]) {
    const { origin, basis } = this.data;
    return Float32Array.from(origin, (o, d) => o + u * basis[0][d] + v * basis[1][d]);
  }

  toMap(x) {
    return this.percentiles ? normalCdf(x / this.data.percentile_std) : x;
  }

  fromMap(x) {
    return this.percentiles ? this.data.percentile_std * normalQuantile(Math.min(Math.max(x, 1e-5), 1 - 1e-5)) : x;
  }

  toPixel([u, v], size) {
    const { x, y, half } = this.view;
    return [((this.toMap(u) - x) / half + 1) * 0.5 * size, (1 - (this.toMap(v) - y) / half) * 0.5 * size];
  }

  fromPixel(px, py, size) {
    const { x, y, half } = this.view;
    return [this.fromMap(x + ((2 * px) / size - 1) * half), this.fromMap(y + (1 - (2 * py) / size) * half)];
  }

  resetView() {
    const [x, y, half] = this.percentiles ? [0.5, 0.5, 0.5] : this.data.view;
    this.view = { x, y, half };
  }

  eventPoint(event) {
    const box = this.map.getBoundingClientRect();
    return this.fromPixel(event.clientX - box.left, event.clientY - box.top, box.width);
  }

  // Layers that change rarely: the sheet of decoded images, the prior and the codes, each a canvas of its own

  redraw() {
    if (!this.decoder) return;
    const size = Math.round(this.map.clientWidth * Math.min(devicePixelRatio || 1, 2));
    if (!size) return;
    if (this.map.width !== size) this.map.width = this.map.height = size;
    this.ink = getComputedStyle(this.pad).color.match(/\d+/g).slice(0, 3).map(Number);
    this.nearShown = [];
    this.prior = this.drawPrior(size);
    this.cloud = this.drawCodes(size);
    this.drawSheet(size);
    this.show();
  }

  layer(size) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = size;
    return canvas;
  }

  inkImage(pixels, context, width, height) {
    const image = context.createImageData(width, height), [r, g, b] = this.ink ?? [0, 0, 0];
    for (let i = 0; i < pixels.length; i++) {
      image.data[4 * i] = r;
      image.data[4 * i + 1] = g;
      image.data[4 * i + 2] = b;
      image.data[4 * i + 3] = pixels[i] * 255;
    }
    return image;
  }

  drawSheet(size) {
    const [height, width] = this.data.shape, n = SHEET_CELLS, sheet = this.layer(1);
    sheet.width = n * width;
    sheet.height = n * height;
    const context = sheet.getContext("2d"), job = (this.sheetJob = {});
    let cell = 0;
    const work = () => {
      if (job !== this.sheetJob || this.closed) return;
      const until = performance.now() + (this.dragging ? 0 : 8);
      while (cell < n * n && performance.now() < until) {
        const column = cell % n, row = Math.floor(cell / n);
        const place = this.fromPixel((column + 0.5) / n, (row + 0.5) / n, 1);
        const image = this.inkImage(this.decoder.decode(this.lift(place)), context, width, height);
        context.putImageData(image, column * width, row * height);
        cell++;
      }
      if (cell < n * n) setTimeout(work, this.dragging ? 100 : 4);
      else this.show();
    };
    this.sheet = sheet;
    work();
  }

  drawCodes(size) {
    const layer = this.layer(size), context = layer.getContext("2d"), visible = [];
    for (let i = 0; i < this.n; i++) {
      if (this.isolated !== null && this.labels[i] !== this.isolated) continue;
      const [px, py] = this.toPixel([this.points[2 * i], this.points[2 * i + 1]], size);
      if (px >= 0 && py >= 0 && px <= size && py <= size) visible.push([px, py, this.labels[i]]);
    }
    const unit = size / 600, glyphs = visible.length < GLYPHS_BELOW;
    context.font = `${11 * unit}px sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.globalAlpha = glyphs ? 1 : 0.75;
    for (const [px, py, label] of visible) {
      context.fillStyle = COLOURS[label % 10];
      if (glyphs) context.fillText(label, px, py);
      else context.fillRect(px - unit, py - unit, 2 * unit, 2 * unit);
    }
    if (!glyphs) this.drawGlyphs(context, visible, unit);
    return layer;
  }

  drawGlyphs(context, visible, unit) {
    context.globalAlpha = 1;
    context.font = `bold ${24 * unit}px sans-serif`;
    context.lineWidth = 4 * unit;
    context.lineJoin = "round";
    context.strokeStyle = getComputedStyle(this.pad).getPropertyValue("--st-background-color") || "white";
    for (const label of new Set(visible.map((point) => point[2]))) {
      const [x, y] = densest(visible.filter((point) => point[2] === label), 60 * unit);
      context.strokeText(label, x, y);
      context.fillStyle = COLOURS[label % 10];
      context.fillText(label, x, y);
    }
  }

  drawPrior(size) {
    // A histogram of prior draws, smoothed twice, in bands: every prior, and every plane, alike
    const n = 72, counts = new Float32Array(n * n);
    for (let i = 0; i < this.priorPoints.length / 2; i++) {
      const [px, py] = this.toPixel([this.priorPoints[2 * i], this.priorPoints[2 * i + 1]], n);
      if (px >= 0 && py >= 0 && px < n && py < n) counts[Math.floor(py) * n + Math.floor(px)]++;
    }
    const smooth = blur(blur(counts, n), n), top = Math.max(...smooth), layer = this.layer(n);
    const context = layer.getContext("2d"), image = context.createImageData(n, n), [r, g, b] = this.ink;
    for (let i = 0; i < n * n; i++) {
      const band = Math.ceil((4 * Math.sqrt(smooth[i] / top)) - 0.25) / 4;
      image.data.set([r, g, b, this.data.has_prior ? 70 * Math.max(0, band) : 0], 4 * i);
    }
    context.putImageData(image, 0, 0);
    return layer;
  }

  // What changes with every move: one frame

  show() {
    if (!this.frame) this.frame = requestAnimationFrame(() => this.paint());
  }

  paint() {
    this.frame = null;
    if (!this.decoder || !this.map.width) return;
    const place = this.peek ?? this.cursor, pixels = this.decoder.decode(this.lift(place));
    const context = this.digit.getContext("2d");
    context.putImageData(this.inkImage(pixels, context, this.digit.width, this.digit.height), 0, 0);
    this.paintMap();
    this.paintReadout(place);
    this.frames++;
    this.painted?.(pixels); // a test or a benchmark looks on
  }

  paintMap() {
    const context = this.map.getContext("2d"), size = this.map.width, fade = Number(this.slider.value);
    context.clearRect(0, 0, size, size);
    context.globalAlpha = Math.min(1, 2 - 2 * fade) * 0.9;
    context.imageSmoothingEnabled = true;
    if (this.sheet) context.drawImage(this.sheet, 0, 0, size, size);
    context.globalAlpha = 1;
    if (this.showPrior) context.drawImage(this.prior, 0, 0, size, size);
    context.globalAlpha = Math.min(1, 2 * fade);
    context.drawImage(this.cloud, 0, 0);
    context.globalAlpha = 1;
    this.paintPins(context, size);
    this.paintMark(context, this.cursor, 11, 3);
    if (this.peek) this.paintMark(context, this.peek, 6, 2);
  }

  paintMark(context, place, radius, width) {
    const [x, y] = this.toPixel(place, this.map.width), unit = this.map.width / this.map.clientWidth;
    for (const [colour, more] of [["white", 2], ["#d6006e", 0]]) {
      context.strokeStyle = colour;
      context.lineWidth = (width + more) * unit;
      context.beginPath();
      context.arc(x, y, radius * unit, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  paintPins(context, size) {
    const unit = size / this.map.clientWidth, places = this.pins.map((pin) => this.toPixel(pin, size));
    context.strokeStyle = "#d6006e";
    context.lineWidth = 2 * unit;
    context.setLineDash([6 * unit, 4 * unit]);
    context.beginPath();
    for (const place of places) context.lineTo(...place);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = "#d6006e";
    for (const [x, y] of places) {
      context.beginPath();
      context.arc(x, y, 5 * unit, 0, 2 * Math.PI);
      context.fill();
    }
  }

  // Honest cues: what is near, and what the prior would put there

  paintReadout(place) {
    const radius = this.data.view[2] / 20, near = neighbours(this.points, place, radius);
    const share = this.n / (this.priorPoints.length / 2);
    const expected = Math.round(neighbours(this.priorPoints, place, radius).count * share);
    const prior = this.data.has_prior ? `; the ${this.data.prior} prior would put ${expected} there` : "";
    const verdict = near.count ? "" : "\nHere the model has never been.";
    const words = `z = (${place.map((x) => x.toFixed(2)).join(", ")})\n${near.count} test codes are near${prior}.${verdict}`;
    if (this.readout.textContent !== words) this.readout.textContent = words;
    this.paintNear(near.nearest);
  }

  makeNear() {
    const [height, width] = this.data.shape;
    const source = Object.assign(document.createElement("span"), { className: "source" });
    this.nearFigures = [0, 1, 2].map(() => {
      const figure = document.createElement("figure");
      figure.append(Object.assign(document.createElement("canvas"), { width, height }), "");
      return figure;
    });
    source.textContent = this.images
      ? "the nearest test images"
      : `the nearest codes, decoded (${this.data.dataset} is not on this machine)`;
    this.near.replaceChildren(...this.nearFigures, source);
    this.nearShown = [];
  }

  paintNear(indices) {
    const [height, width] = this.data.shape, dim = this.data.origin.length, size = height * width;
    indices.forEach((i, k) => {
      if (this.nearShown[k] === i) return;
      this.nearShown[k] = i;
      const [canvas, label] = this.nearFigures[k].childNodes, context = canvas.getContext("2d");
      const pixels = this.images
        ? Float32Array.from(this.images.subarray(i * size, (i + 1) * size), (x) => x / 255)
        : this.decoder.decode(this.codes.subarray(i * dim, (i + 1) * dim));
      context.putImageData(this.inkImage(pixels, context, width, height), 0, 0);
      label.data = this.labels[i];
    });
  }

  // Gestures

  listen() {
    const map = this.map;
    map.onpointerdown = (event) => this.press(event);
    map.onpointermove = (event) => this.move(event);
    map.onpointerup = (event) => this.release(event);
    map.onpointercancel = (event) => this.release(event);
    map.onpointerleave = () => ((this.peek = null), this.show());
    map.ondblclick = () => this.reset();
    map.addEventListener("wheel", (event) => this.zoom(event), { passive: false });
    map.onkeydown = (event) => this.key_pressed(event);
    this.slider.oninput = () => this.show();
    this.pad.ontransitionend = () => this.redraw(); // the colour changes: another theme
  }

  press(event) {
    this.map.setPointerCapture(event.pointerId);
    this.map.focus({ preventScroll: true, focusVisible: false });
    this.pointers.set(event.pointerId, event);
    if (this.pointers.size > 1) return;
    this.stop();
    this.remember();
    this.dragging = true;
    this.pressed = event;
    this.peek = null;
    this.moveTo(this.eventPoint(event));
  }

  move(event) {
    if (this.pointers.has(event.pointerId)) {
      if (this.pointers.size === 2) this.pinch(event);
      this.pointers.set(event.pointerId, event);
    }
    if (this.pointers.size > 1) return;
    if (this.dragging) this.moveTo(this.eventPoint(event));
    else {
      this.peek = this.eventPoint(event);
      this.show();
    }
  }

  release(event) {
    this.pointers.delete(event.pointerId);
    if (!this.dragging || this.pointers.size) return;
    this.dragging = false;
    const moved = Math.hypot(event.clientX - this.pressed.clientX, event.clientY - this.pressed.clientY);
    if (moved < CLICK) this.pins = [...this.pins, this.cursor];
    this.show();
    this.tell();
  }

  pinch(event) {
    const [a, b] = [...this.pointers.values()], gap = (p, q) => Math.hypot(p.clientX - q.clientX, p.clientY - q.clientY);
    const before = gap(a, b), other = a.pointerId === event.pointerId ? b : a;
    this.zoomAt(this.eventPoint(event), before / Math.max(1, gap(event, other)));
  }

  zoom(event) {
    event.preventDefault();
    this.zoomAt(this.eventPoint(event), Math.exp(event.deltaY * 0.0015));
  }

  zoomAt(place, factor) {
    const full = this.percentiles ? 0.5 : this.data.view[2], [u, v] = place.map((x) => this.toMap(x));
    const half = Math.min(Math.max(this.view.half * factor, full / 50), full * 2), ratio = half / this.view.half;
    this.view = { x: u + (this.view.x - u) * ratio, y: v + (this.view.y - v) * ratio, half };
    this.redraw();
  }

  moveTo(place) {
    this.cursor = place;
    this.show();
  }

  remember() {
    this.undo.push({ cursor: this.cursor, pins: this.pins });
  }

  reset() {
    this.pins = [];
    this.resetView();
    this.redraw();
    this.tell();
  }

  tell() {
    clearTimeout(this.reporting);
    this.reporting = setTimeout(() => this.report({ z: this.cursor, pins: this.pins }), 0);
  }

  // Keys and buttons

  makeButtons() {
    const buttons = [
      ["prior", "M", this.showPrior, this.data.has_prior],
      ["equal mass", "G", this.percentiles, this.data.percentile_std !== null],
      ["play path", " ", !!this.playing, true],
      ["undo", "U", false, true],
      ["save PNG", "S", false, true],
      ["copy link", "L", false, true],
      ["presenter", "P", this.pad.classList.contains("presenter"), true],
      ["keys", "?", !this.help.hidden, true],
    ];
    this.buttons.replaceChildren(
      ...buttons.filter((button) => button[3]).map(([name, key, pressed]) => {
        const button = Object.assign(document.createElement("button"), { type: "button", textContent: name });
        button.title = key === " " ? "Space" : key;
        button.setAttribute("aria-pressed", pressed);
        button.onclick = () => this.command(key.toLowerCase());
        return button;
      })
    );
  }

  key_pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const arrow = arrows[event.key];
    if (arrow) {
      const far = event.shiftKey ? 0.25 : 0.05;
      this.remember();
      this.moveTo([this.cursor[0] + far * arrow[0], this.cursor[1] + far * arrow[1]]);
      clearTimeout(this.reporting);
      this.reporting = setTimeout(() => this.report({ z: this.cursor, pins: this.pins }), 400);
    } else if (!this.command(event.key.toLowerCase())) return;
    event.preventDefault();
  }

  command(key) {
    const fade = (step) => ((this.slider.value = Math.round((Number(this.slider.value) + step) * 2) / 2), this.show());
    const commands = {
      m: () => ((this.showPrior = !this.showPrior), this.show()),
      g: () => this.togglePercentiles(),
      " ": () => (this.playing ? this.stop() : this.play()),
      "[": () => fade(-0.5),
      "]": () => fade(0.5),
      u: () => this.takeBack(),
      s: () => this.savePicture(),
      l: () => this.copyLink(),
      p: () => (this.pad.classList.toggle("presenter"), this.redraw()),
      "?": () => ((this.help.hidden = !this.help.hidden), (this.help.textContent = HELP)),
    };
    if (/^[0-9]$/.test(key)) this.isolate(Number(key));
    else if (commands[key]) commands[key]();
    else return false;
    this.makeButtons();
    return true;
  }

  isolate(label) {
    this.isolated = this.isolated === label ? null : label;
    this.redraw();
  }

  togglePercentiles() {
    if (this.data.percentile_std === null) return;
    this.percentiles = !this.percentiles;
    this.resetView();
    this.redraw();
  }

  takeBack() {
    const last = this.undo.pop();
    if (!last) return;
    Object.assign(this, last);
    this.show();
    this.tell();
  }

  play() {
    if (this.pins.length < 2) return;
    const begin = performance.now(), seconds = 1.5 * (this.pins.length - 1);
    const advance = (now) => {
      const share = Math.min(1, Math.max(0, (now - begin) / 1000 / seconds)) * (this.pins.length - 1);
      const i = Math.min(Math.floor(share), this.pins.length - 2), t = share - i;
      this.moveTo([0, 1].map((axis) => (1 - t) * this.pins[i][axis] + t * this.pins[i + 1][axis]));
      if (share < this.pins.length - 1) this.playing = requestAnimationFrame(advance);
      else (this.playing = null), this.makeButtons(), this.tell();
    };
    this.playing = requestAnimationFrame(advance);
  }

  stop() {
    cancelAnimationFrame(this.playing);
    this.playing = null;
  }

  savePicture() {
    const link = document.createElement("a");
    link.download = `${this.data.run}.png`;
    link.href = this.map.toDataURL("image/png");
    link.click();
  }

  copyLink() {
    const url = new URL(location.href), write = (point) => point.map((x) => x.toPrecision(4)).join(",");
    url.searchParams.set("z", write(this.cursor));
    if (this.pins.length) url.searchParams.set("pins", this.pins.map(write).join(";"));
    navigator.clipboard?.writeText(url.href);
    this.readout.textContent = `Copied: ${url.href}`;
  }
}
