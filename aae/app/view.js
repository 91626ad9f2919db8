// What a pad shows: the plane of codes, its layers, the decoded image at a place, and honest cues.

const COLOURS = ["#4e79a7", "#f28e2b", "#e15759", "#2a9d8f", "#59a14f", "#c9a227", "#9c6ade", "#e377c2", "#8c564b", "#7f8c9a"];
const RING = "#d6006e";
const SHEET_CELLS = 24; // decoded images along a side of the map
const GLYPHS_BELOW = 700; // visible codes: fewer are drawn as their digits
const JUDGED = 128; // pixels along a side of the discriminator's picture
const LATER = 600; // ms in which the page and the map come first; then what makes them exact is fetched
const OUTLINE = 72; // points of a circle, which is none where the axes are stretched
const FLIGHT = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 900; // ms from one layout to another

class View {
  constructor(root, data) {
    this.root = root;
    for (const name of ["pad", "map", "digit", "readout", "said", "near", "buttons", "help", "error"]) {
      this[name] = root.querySelector("." + name);
    }
    this.slider = root.querySelector(".fade input");
    this.map.pad = this; // for tests
    this.cursor = data.cursor?.[0] ?? [0, 0];
    this.pins = data.pins ?? [];
    this.isolated = null; // a class
    this.marked = null; // a set of images
    this.image = data.image ?? null; // the one that all pads of a group look at
    this.byImage = data.linked === "image"; // the pointer takes the nearest image, not the place
    this.held = this.image !== null; // whether it stays when the pointer moves on
    this.layout = null; // the run in whose places the points are, if that is another
    this.showPrior = true;
    this.showOpinion = false;
    this.percentiles = false;
    this.observer = new ResizeObserver(() => this.redraw());
    this.observer.observe(this.map);
  }

  close() {
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
    this.closed = true;
  }

  async load(data) {
    const key = JSON.stringify([data.decoder, data.codes, data.basis, data.origin, data.view]);
    if (this.data && data.linked !== this.data.linked) this.pointTo(data.linked === "image");
    this.takeData(data);
    if (key === this.key) return this.sayLabel(), void this.redraw();
    this.key = key;
    this.frames = new Map(); // epoch: its frame, once it was asked for
    this.shown = null; // the frame of an epoch that is not the last
    this.epochCodes = null; // of that epoch
    this.images = null;
    this.resetView();
    this.stayOnMap();
    try {
      const [weights, codes] = await Promise.all([fetchTensors(data.decoder), fetchTensors(data.codes)]);
      if (key !== this.key || this.closed) return;
      this.decoder = new Decoder(weights);
      this.sheetOf = null;
      this.sayLabel();
      this.codes = codes.codes.values;
      this.labels = codes.labels.values;
      this.n = this.labels.length;
      this.points = this.home = this.project(this.codes, this.n);
      this.opinion = codes.opinion;
      this.spread = codes.spread?.values;
      this.takePrior(codes.prior);
      this.digit.height = data.shape[1];
      this.digit.width = data.shape[2];
      this.makeNear();
      this.redraw();
      Object.assign(this.map.dataset, { exact: "false", ready: "true" });
      const decoder = this.decoder;
      await new Promise((done) => setTimeout(done, LATER));
      if (key !== this.key || this.closed) return;
      decoder.refine(await fetchTensors(data.decoder_rest));
      if (key !== this.key || this.closed) return;
      this.map.dataset.exact = "true";
      this.show(); // the map keeps its first images, which are the same to the eye
      if (!data.images) return;
      this.images = (await fetchTensors(data.images)).images.values;
      this.makeNear();
      this.show();
    } catch (error) {
      this.error.hidden = false;
      this.error.textContent = `The model could not be fetched. ${error.message}`;
    }
  }

  takeData(data) {
    this.data = data;
    this.names = data.class_names;
    this.short = shortNames(this.names);
  }

  pointTo(image) {
    // What the pointer takes: the nearest image, or the place
    this.byImage = image;
    if (!image) (this.image = null), (this.held = false);
  }

  sayLabel() {
    if (this.decoder?.told.length) this.decoder.bias = this.decoder.told[this.data.label ?? 0];
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

  takePrior({ values, shape }) {
    this.priorCodes = values;
    this.priorPoints = this.project(values, shape[0]);
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

  clamped(place) {
    // The nearest place on the part of the map that is seen
    const { x, y, half } = this.view;
    return [x, y].map((middle, axis) => {
      const at = this.toMap(place[axis]), inside = Math.min(Math.max(at, middle - half), middle + half);
      return inside === at ? place[axis] : this.fromMap(inside);
    });
  }

  isSeen(place) {
    return this.clamped(place).every((x, axis) => x === place[axis]);
  }

  stayOnMap() {
    // Another map: a place that it does not have is none of its own
    const { x, y } = this.view, before = JSON.stringify([this.cursor, this.pins]);
    if (!this.isSeen(this.cursor)) this.cursor = this.isSeen([0, 0]) ? [0, 0] : [x, y];
    this.pins = this.pins.filter((pin) => this.isSeen(pin));
    if (JSON.stringify([this.cursor, this.pins]) !== before) this.tell();
  }

  eventPoint(event) {
    const box = this.map.getBoundingClientRect();
    return this.fromPixel(event.clientX - box.left, event.clientY - box.top, box.width);
  }

  // Layers that change rarely: the sheet of decoded images, the prior and the codes, each a canvas of its own

  redraw(scale = Math.min(devicePixelRatio || 1, 2)) {
    if (!this.points) return;
    const size = Math.round(this.map.clientWidth * scale);
    if (!size) return;
    if (this.map.width !== size) this.map.width = this.map.height = size;
    this.ink = getComputedStyle(this.pad).color.match(/\d+/g).slice(0, 3).map(Number);
    this.nearShown = [];
    this.prior = this.drawPrior(size);
    this.judgement = this.opinion && this.drawJudgement();
    this.cloud = this.drawCodes(size);
    this.drawSheet();
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

  drawSheet() {
    const where = JSON.stringify([this.key, this.view, this.percentiles, this.ink]), of = where + [...this.decoder.bias];
    if (of === this.sheetOf) return; // a rerun that changed nothing here: no flash of an empty map
    this.sheetOf = of;
    const [, height, width] = this.data.shape, n = SHEET_CELLS, sheet = this.layer(1);
    sheet.width = n * width;
    sheet.height = n * height;
    const context = sheet.getContext("2d"), job = (this.sheetJob = {});
    let cell = 0;
    const work = (wait = this.dragging ? 0 : 8) => {
      if (job !== this.sheetJob || this.closed) return;
      const until = performance.now() + wait;
      while (cell < n * n && performance.now() < until) {
        const column = cell % n, row = Math.floor(cell / n);
        const place = this.fromPixel((column + 0.5) / n, (row + 0.5) / n, 1);
        const image = this.inkImage(this.decoder.decode(this.lift(place)), context, width, height);
        context.putImageData(image, column * width, row * height);
        cell++;
      }
      if (cell < n * n) return void setTimeout(work, this.dragging ? 100 : 4);
      Object.assign(this, { sheet, sheetWhere: where, sheetDone: of });
      this.show();
    };
    this.finishSheet = () => work(Infinity);
    if (where !== this.sheetWhere) this.sheet = sheet; // else the one before stays until this one is done
    work();
  }

  shows(i) {
    // Whether an image's code is shown: only then it is counted, or picked
    return (this.isolated === null || this.labels[i] === this.isolated) && (!this.marked || this.marked.has(i));
  }

  drawCodes(size) {
    const layer = this.layer(size), context = layer.getContext("2d"), visible = [];
    this.nShown = 0;
    for (let i = 0; i < this.n; i++) {
      if (!this.shows(i)) continue;
      this.nShown++;
      const [px, py] = this.toPixel([this.points[2 * i], this.points[2 * i + 1]], size);
      if (px >= 0 && py >= 0 && px <= size && py <= size) visible.push([px, py, this.labels[i], i]);
    }
    const unit = size / 600, glyphs = visible.length < GLYPHS_BELOW;
    context.font = `${11 * unit}px sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.globalAlpha = glyphs ? 1 : 0.75;
    for (const [px, py, label, i] of visible) {
      context.fillStyle = this.colour(label, i);
      if (glyphs) context.fillText(this.short[label], px, py);
      else context.fillRect(px - unit, py - unit, 2 * unit, 2 * unit);
    }
    if (!glyphs || this.short.some((short, k) => short !== this.names[k])) this.drawGlyphs(context, visible, unit);
    return layer;
  }

  colour(label, i) {
    return COLOURS[label % COLOURS.length]; // of more classes, the names make the difference
  }

  drawGlyphs(context, visible, unit) {
    context.globalAlpha = 1;
    context.font = `bold ${24 * unit}px sans-serif`;
    context.lineWidth = 4 * unit;
    context.lineJoin = "round";
    context.strokeStyle = getComputedStyle(this.pad).getPropertyValue("--st-background-color") || "white";
    const size = context.canvas.width, placed = [];
    for (const label of new Set(visible.map((point) => point[2]))) {
      const text = cut(this.names[label], ON_MAP), half = context.measureText(text).width / 2;
      const [at, y] = densest(visible.filter((point) => point[2] === label), 60 * unit);
      const x = Math.min(Math.max(at, half), Math.max(size - half, half));
      const hidden = placed.some((other) => Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < 24 * unit);
      if (hidden && this.names.length > COLOURS.length) continue; // there is no room for all
      placed.push({ x, y, half });
      context.strokeText(text, x, y);
      context.fillStyle = COLOURS[label % COLOURS.length];
      context.fillText(text, x, y);
    }
  }

  priorDensity(n) {
    // A histogram of prior draws over the map, smoothed twice [n * n]: every prior, and every plane, alike
    const counts = new Float32Array(n * n);
    for (let i = 0; i < this.priorPoints.length / 2; i++) {
      const [px, py] = this.toPixel([this.priorPoints[2 * i], this.priorPoints[2 * i + 1]], n);
      if (px >= 0 && py >= 0 && px < n && py < n) counts[Math.floor(py) * n + Math.floor(px)]++;
    }
    return blur(blur(counts, n), n);
  }

  drawPrior(size) {
    // The density in bands
    const n = 72, smooth = this.priorDensity(n), top = Math.max(...smooth), layer = this.layer(n);
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
    if (!(this.decoder || this.shown) || !this.map.width) return;
    const place = this.place, code = this.code, pixels = this.shown?.near(place) ?? this.decoder?.decode(code, this.told) ?? [];
    const context = this.digit.getContext("2d");
    context.putImageData(this.inkImage(pixels, context, this.digit.width, this.digit.height), 0, 0);
    this.around = this.lookAround(code);
    this.paintMap();
    this.paintReadout(place);
    this.painted?.(pixels); // a test or a benchmark looks on
  }

  paintMap() {
    const context = this.map.getContext("2d"), size = this.map.width, fade = Number(this.slider.value);
    context.clearRect(0, 0, size, size);
    context.imageSmoothingEnabled = true;
    if (!this.layout) this.paintGround(context, size, fade);
    context.globalAlpha = this.layout ? 1 : Math.min(1, 2 * fade);
    context.drawImage(this.cloud, 0, 0);
    context.globalAlpha = 1;
    if (!this.layout) this.paintPlaces(context, size);
    if (this.lasso) this.paintLasso(context);
    const spread = this.image !== null && this.spread && this.points === this.home;
    this.paintMark(context, this.image === null ? this.cursor : this.place, spread ? 2 : 11, 3);
    if (spread) this.paintSpread(context, size);
    if (this.peek && this.image === null) this.paintMark(context, this.peek, 6, 2);
    if (!this.layout) this.paintNearby(context, size); // on top: it may be smaller than the mark
  }

  // What belongs to this model's own places: under the points, and over them

  paintGround(context, size, fade) {
    context.globalAlpha = Math.min(1, 2 - 2 * fade) * 0.9;
    if (this.shown) this.paintOver(context, this.shown.inked("sheet", this.ink), this.shown.view, size);
    else if (this.sheet) context.drawImage(this.sheet, 0, 0, size, size);
    context.globalAlpha = 1;
    if (this.showPrior) context.drawImage(this.prior, 0, 0, size, size);
    if (this.showOpinion) this.paintOpinion(context, size);
  }

  paintPlaces(context, size) {
    this.paintPins(context, size);
    for (const [i, mark] of (this.data.marks ?? []).entries()) this.paintNumber(context, mark, i + 1);
  }

  // The place that is looked at, and its code: of the image that the group looks at, or of the pointer

  get place() {
    return this.image === null ? this.peek ?? this.cursor : [this.points[2 * this.image], this.points[2 * this.image + 1]];
  }

  get code() {
    const dim = this.data.origin.length;
    return this.image === null ? this.lift(this.place) : this.shownCodes.subarray(this.image * dim, (this.image + 1) * dim);
  }

  get told() {
    // The class or cluster that the decoder is told, of an image its own class; null where it is told none
    return this.image !== null && this.data.told === "classes" ? this.labels[this.image] : this.data.label ?? null;
  }

  get shownCodes() {
    return this.epochCodes ?? this.codes;
  }

  // What is near a code [D] in its own space; where an image is looked at, beside it

  lookAround(code) {
    const { radius, has_prior } = this.data, counts = (i) => this.shows(i);
    const found = neighbours(this.shownCodes, code, radius, counts), other = this.image !== null;
    const share = this.n / (this.priorCodes.length / code.length);
    const expected = has_prior ? share * neighbours(this.priorCodes, code, radius).count : null;
    const count = found.count - other, distance = found.distances[Number(other)];
    return { count, nearest: found.nearest, distance, expected, radius, dim: code.length, other, of: this.ofWords(other) };
  }

  ofWords(other) {
    // Which codes are shown and counted, or null for all
    if (this.isolated === null && !this.marked) return null;
    const n = this.nShown - other, marked = this.marked ? "marked " : "";
    return `${n} ${other ? "other " : ""}${marked}test codes${this.isolated === null ? "" : ` of class ${this.names[this.isolated]}`}`;
  }

  paintNearby(context, size) {
    // Where the ball around the code that counts as near meets the plane
    const code = this.code, [u, v] = this.project(code, 1), onPlane = this.lift([u, v]);
    const off = code.reduce((sum, x, d) => sum + (x - onPlane[d]) ** 2, 0), radius = Math.sqrt(this.data.radius ** 2 - off);
    if (!(radius > 0)) return; // it does not
    context.strokeStyle = `rgb(${this.ink.join(",")})`;
    context.lineWidth = size / this.map.clientWidth;
    context.beginPath();
    for (let i = 0; i <= OUTLINE; i++) {
      const angle = (2 * Math.PI * i) / OUTLINE;
      context.lineTo(...this.toPixel([u + radius * Math.cos(angle), v + radius * Math.sin(angle)], size));
    }
    context.stroke();
  }

  paintSpread(context, size) {
    // Two standard deviations of a Gaussian posterior, which lies along the axes
    const [u, v] = this.place, [s, t] = this.spread.subarray(2 * this.image, 2 * this.image + 2);
    const [x, y] = this.toPixel([u, v], size), [right] = this.toPixel([u + 2 * s, v], size), [, top] = this.toPixel([u, v + 2 * t], size);
    for (const [colour, width] of [["white", 4], [RING, 2]]) {
      context.strokeStyle = colour;
      context.lineWidth = (width * size) / this.map.clientWidth;
      context.beginPath();
      context.ellipse(x, y, right - x, y - top, 0, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  paintNumber(context, mark, number) {
    const [x, y] = this.toPixel(mark, this.map.width), unit = this.map.width / this.map.clientWidth;
    context.font = `bold ${13 * unit}px sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.strokeStyle = "white";
    context.lineWidth = 4 * unit;
    context.strokeText(number, x, y);
    context.fillStyle = RING;
    context.fillText(number, x, y);
  }

  // What the discriminator takes for a draw of the prior (blue) and for a code (orange), scaled to its range

  drawOpinion(values, n) {
    const layer = this.layer(n), context = layer.getContext("2d"), image = context.createImageData(n, n);
    image.data.set(opinionPixels(values));
    context.putImageData(image, 0, 0);
    return layer;
  }

  drawJudgement() {
    // Over the part of the map that is seen, whatever its axes; nothing beyond the square in which it was asked
    const { values, shape: [n] } = this.opinion, picture = opinionPixels(values);
    const layer = this.layer(JUDGED), context = layer.getContext("2d"), image = context.createImageData(JUDGED, JUDGED);
    const [x, y, half] = this.data.own_view, cell = (share) => (share >= 0 && share < 1 ? Math.floor(share * n) : NaN);
    const places = Array.from({ length: JUDGED }, (_, i) => this.fromPixel(i + 0.5, i + 0.5, JUDGED));
    const columns = places.map(([u]) => cell((u - x) / half / 2 + 0.5)), rows = places.map(([, v]) => cell(0.5 - (v - y) / half / 2));
    rows.forEach((row, j) => columns.forEach((column, i) => {
      const at = 4 * (row * n + column);
      if (at >= 0) image.data.set(picture.subarray(at, at + 4), 4 * (j * JUDGED + i));
    }));
    context.putImageData(image, 0, 0);
    return layer;
  }

  paintOpinion(context, size) {
    const opinion = this.shown?.greys.opinion;
    if (opinion) this.paintOver(context, this.drawOpinion(opinion.values, opinion.width), this.shown.view, size);
    else if (!this.shown && this.judgement) context.drawImage(this.judgement, 0, 0, size, size);
  }

  opinionWords() {
    // The legend of what is painted
    const values = this.shown ? this.shown.greys.opinion?.values : this.opinion?.values;
    return this.showOpinion && !this.layout ? opinionWords(values) : "";
  }

  paintOver(context, picture, { x, y, half }, size) {
    // A picture of a square of the plane, where that square is on the map
    if (!picture) return;
    const [left, top] = this.toPixel([x - half, y + half], size), [right, bottom] = this.toPixel([x + half, y - half], size);
    context.drawImage(picture, left, top, right - left, bottom - top);
  }

  paintLasso(context) {
    context.strokeStyle = RING;
    context.lineWidth = this.map.width / 300;
    context.beginPath();
    for (const place of this.lasso) context.lineTo(...this.toPixel(place, this.map.width));
    context.stroke();
  }

  // Another layout of the same images: an earlier epoch, or another model's

  layOut(points, flight = FLIGHT) {
    const from = this.points, begin = performance.now(), mix = new Float32Array(points.length);
    cancelAnimationFrame(this.flying);
    const fly = (now) => {
      const t = flight ? Math.min(1, Math.max(0, (now - begin) / flight)) : 1, ease = t * t * (3 - 2 * t);
      for (let i = 0; i < mix.length; i++) mix[i] = (1 - ease) * from[i] + ease * points[i];
      this.points = t < 1 ? mix : points;
      this.cloud = this.drawCodes(this.map.width);
      this.show();
      if (t < 1 && !this.closed) this.flying = requestAnimationFrame(fly);
    };
    this.flying = requestAnimationFrame(fly);
  }

  async showEpoch(epoch) {
    // The codes and the map after that epoch; null: of the finished model, whose decoder is here
    this.epoch = epoch;
    this.layout = null;
    this.pointTo(this.data.linked === "image");
    if (epoch === null) return (this.shown = this.epochCodes = null), this.layOut(this.home, FLIGHT / 3);
    const url = this.data.frames[epoch];
    if (!url) return;
    if (!this.frames.has(epoch)) this.frames.set(epoch, fetchFrame(url, this.data.shape));
    const frame = await this.frames.get(epoch);
    if (this.epoch !== epoch || this.closed) return;
    this.shown = frame.greys.sheet ? frame : null;
    this.epochCodes = frame.codes;
    this.layOut(this.project(frame.codes, this.n), FLIGHT / 3);
  }

  paintMark(context, place, radius, width) {
    const [x, y] = this.toPixel(place, this.map.width), unit = this.map.width / this.map.clientWidth;
    for (const [colour, more] of [["white", 2], [RING, 0]]) {
      context.strokeStyle = colour;
      context.lineWidth = (width + more) * unit;
      context.beginPath();
      context.arc(x, y, radius * unit, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  paintPins(context, size) {
    const unit = size / this.map.clientWidth, places = this.pins.map((pin) => this.toPixel(pin, size));
    context.strokeStyle = RING;
    context.lineWidth = 2 * unit;
    context.setLineDash([6 * unit, 4 * unit]);
    context.beginPath();
    for (const place of places) context.lineTo(...place);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = RING;
    for (const [x, y] of places) {
      context.beginPath();
      context.arc(x, y, 5 * unit, 0, 2 * Math.PI);
      context.fill();
    }
  }

  // Honest cues: what is near, and what the prior expects there

  words(place) {
    const own = this.image === null ? place : [...this.project(this.code, 1)];
    const lines = [this.imageWords() + placeWords(own, this.around.dim), nearWords(this.around)];
    if (this.toldWords()) lines.push(this.toldWords());
    if (this.layout) lines.push(`The points lie as in ${this.layout}; z and what is near are this model's own.`);
    if (this.marked) lines.push(`${this.marked.size} images are marked; Esc unmarks them.`);
    if (this.opinionWords()) lines.push(this.opinionWords());
    if (!this.isSeen(place)) lines.push("It lies outside the part of the map that is seen.");
    if (this.epoch != null) lines.push(`After epoch ${this.epoch}; ${this.shown ? "the nearest of the map's images" : "images by the finished decoder"}.`);
    return lines;
  }

  toldWords() {
    if (!this.data.told || this.told === null) return "";
    return `Decoded as ${this.data.told === "clusters" ? `cluster ${this.told}` : `class ${this.names[this.told]}`}.`;
  }

  imageWords() {
    return this.image === null ? "" : `test image ${this.image}, labelled ${this.names[this.labels[this.image]]}: `;
  }

  paintReadout(place) {
    const words = this.words(place).join("\n");
    if (this.readout.textContent !== words) this.readout.textContent = words;
    this.paintNear(this.image === null ? this.around.nearest : [this.image]);
  }

  snapshot() {
    // What is on the screen, for tests
    const { place, cursor, pins, image, held, isolated, epoch, layout, view } = this, marked = this.marked && [...this.marked];
    return { place, cursor, pins, image, held, isolated, marked, epoch, layout, view, code: [...this.code], around: this.around, words: this.readout.textContent };
  }

  makeNear() {
    const [, height, width] = this.data.shape;
    this.source = Object.assign(document.createElement("span"), { className: "source" });
    this.nearFigures = [0, 1, 2].map(() => {
      const figure = document.createElement("figure");
      figure.append(Object.assign(document.createElement("canvas"), { width, height }), "");
      return figure;
    });
    this.near.replaceChildren(...this.nearFigures, this.source);
    this.nearShown = [];
  }

  sourceWords() {
    const [shown, decoded] = this.image === null ? ["the nearest test images", "the nearest codes, decoded"] : ["this test image", "its code, decoded"];
    const as = this.data.told === "clusters" ? ` as cluster ${this.told}` : "";
    return this.images ? shown : `${decoded}${as} (${this.data.dataset} ${this.data.no_images})`;
  }

  paintNear(indices) {
    const [, height, width] = this.data.shape, dim = this.data.origin.length, size = height * width;
    this.source.textContent = this.sourceWords();
    this.nearFigures.forEach((figure, k) => (figure.hidden = k >= indices.length));
    indices.forEach((i, k) => {
      if (this.nearShown[k] === i) return;
      this.nearShown[k] = i;
      const figure = this.nearFigures[k], [canvas, label] = figure.childNodes, context = canvas.getContext("2d");
      const pixels = this.images
        ? Float32Array.from(this.images.subarray(i * size, (i + 1) * size), (x) => x / 255)
        : this.decoder?.decode(this.codes.subarray(i * dim, (i + 1) * dim), this.data.told === "classes" ? this.labels[i] : null) ?? [];
      context.putImageData(this.inkImage(pixels, context, width, height), 0, 0);
      label.data = figure.title = this.names[this.labels[i]];
    });
  }
}
