// A training as it happens, or as it was: codes, map, reconstructions and losses move together over its frames.

const POLL = { running: 500, pausing: 500, stopping: 500, queued: 1500 }; // ms between two looks; in any other state there is nothing new
const PLAY_SECONDS = 12;
const LINES = { reconstruction: "#4e79a7", discriminator: "#e15759", generator: "#2a9d8f", kl: "#9c6ade", classification: "#c9a227" };
const LINE_NAMES = { generator: "encoder against it" };
const OUTLINED = 0.9; // of the prior's mass lies inside its outline
const COLLAPSED = 0.05; // of the prior's spread

class LivePad extends Pad {
  constructor(root, data) {
    super(root, data);
    this.pad.classList.add("live", "waiting");
    this.moments = []; // {step, frame: a promise, or null before it is fetched}
    this.history = [];
    this.following = true;
    this.showOpinion = true;
    this.slider.value = 0.75; // the codes are the story
    this.makeTimeline();
    this.networks = new Sketchwork(data.phases);
    this.strip = this.make("canvas", "strip", "Test images as they come back, and draws of the prior, decoded");
    this.health = this.make("p", "health");
    this.chart = this.make("canvas", "chart", "Losses over the epochs");
    this.chartNote = Object.assign(this.make("p", "note losses"), {
      textContent: `losses on minibatches of training images, logarithmic; reconstruction: ${data.loss} per image`,
    });
    const strip = Object.assign(document.createElement("p"), { className: "note", textContent: "above: test images, reconstructed; below: draws of the prior, decoded" });
    this.digit.before(this.networks.element);
    this.near.after(this.strip, strip, this.health, this.chart, this.chartNote);
  }

  make(tag, className, label = "") {
    const element = Object.assign(document.createElement(tag), { className });
    if (label) element.setAttribute("role", "img"), element.setAttribute("aria-label", label);
    return element;
  }

  makeTimeline() {
    const row = this.make("div", "timeline");
    this.playButton = Object.assign(document.createElement("button"), { type: "button", textContent: "▶", title: "play the training" });
    this.playButton.setAttribute("aria-label", "Play the training");
    this.when = Object.assign(document.createElement("input"), { type: "range", min: 0, max: 1, step: "any", value: 1 });
    this.when.setAttribute("aria-label", "Moment of the training");
    this.whenText = document.createElement("output");
    this.when.oninput = () => (this.stopFilm(), this.change({ moment: Number(this.when.value) }));
    this.playButton.onclick = () => (this.film ? this.stopFilm() : this.startFilm());
    row.append(this.playButton, this.when, this.whenText);
    const stage = this.make("div", "stage");
    this.map.before(stage);
    stage.append(this.map, row);
  }

  close() {
    super.close();
    clearTimeout(this.polling);
    this.networks.run(false);
    this.stopFilm();
  }

  // What the server says: of a job, the scene once and then how far it is; of a finished run, everything at once

  async load(data) {
    const key = data.feed ?? JSON.stringify(data.timeline.frames), again = key === this.key;
    this.takeData(this.shown ? { ...data, view: this.data.view, own_view: this.data.own_view } : data);
    this.pad.classList.toggle("small", !!data.small);
    this.makeButtons();
    if (again) return data.feed && this.follow();
    this.key = key;
    data.feed ? this.follow() : this.hearOf(data.timeline);
  }

  async setScene() {
    // What is the same in all frames: there before the first of them
    const { labels, prior } = await fetchTensors(this.data.scene);
    this.labels = labels.values;
    this.n = this.labels.length;
    this.takePrior(prior);
    [, this.digit.height, this.digit.width] = this.data.shape;
    this.makeNear();
    this.pad.classList.remove("waiting");
    if (!this.data.images) return;
    fetchTensors(this.data.images).then((tensors) => ((this.images = tensors.images.values), this.makeNear(), this.show()));
  }

  async follow() {
    clearTimeout(this.polling);
    if (this.closed) return;
    if (!document.hidden) {
      try {
        const told = await (await fetch(fromBase(`${this.data.feed}?have=${this.history.at(-1)?.epoch ?? 0}`))).json();
        if (this.closed) return;
        if (told.status === "deleted") return this.report(told);
        this.hearOf(told);
      } catch {
        this.health.textContent = "The server does not answer; trying again.";
      }
    }
    const wait = POLL[this.status ?? "running"];
    if (wait && !this.closed) this.polling = setTimeout(() => this.follow(), wait);
  }

  hearOf({ status, step, steps, epochs, place, doing, frames, history, seconds = 0 }) {
    const urls = Array.isArray(frames) ? Object.fromEntries(frames.map((s) => [s, `${this.data.feed}/frames/${s}`])) : frames;
    const known = new Set(this.moments.map((moment) => moment.step));
    for (const [s, url] of Object.entries(urls)) if (!known.has(Number(s))) this.moments.push({ step: Number(s), url });
    this.moments.sort((a, b) => a.step - b.step);
    this.steps = steps || this.moments.at(-1)?.step || 1;
    const have = this.history.at(-1)?.epoch ?? 0; // two answers may overlap
    this.history = this.data.feed ? [...this.history, ...history.filter((record) => record.epoch > have)] : history;
    this.epochs = epochs;
    if (status !== this.status) {
      if (this.status) this.report({ status });
      this.status = status;
      this.networks.run(status === "running");
    }
    if (this.data.trained) this.networks.light(this.data.trained);
    const left = step ? (seconds / step) * (steps - step) : NaN;
    this.progress = status === "running" && left > 0 ? `, about ${left < 90 ? Math.ceil(left) + " s" : Math.ceil(left / 60) + " min"} left` : "";
    this.note = status === "queued" ? `It waits for a free place: number ${place} in the queue.` : status === "running" && (doing || !this.moments.length) ? `${doing || "starting"}…` : "";
    this.sayHealth();
    this.paintChart();
    if (this.following) this.showMoment(1);
    if (POLL[status] === undefined) this.prefetch();
  }

  // Frames: fetched when they are wanted; of a training that is over, all of them, the coarse story first

  fetch(moment) {
    return (moment.frame ??= fetchFrame(moment.url, this.data.shape).then((frame) => ((moment.here = true), frame), () => (moment.frame = null)));
  }

  async prefetch() {
    if (this.prefetching) return;
    this.prefetching = true;
    const order = [16, 8, 4, 2, 1].flatMap((stride) => this.moments.filter((_, i) => i % stride === 0));
    for (const moment of order) if (!this.closed) await this.fetch(moment);
    this.prefetching = false;
  }

  hear(message) {
    if ("moment" in message) this.following = message.moment === 1 && POLL[this.status] !== undefined, this.showMoment(message.moment);
    else super.hear(message);
  }

  async showMoment(share) {
    // The last frame that was taken up to this share of the training; while one scrubs, the last one that is here
    this.when.value = share;
    const past = this.moments.filter((moment) => moment.step <= share * this.steps + 0.5), latest = past.at(-1);
    if (!latest) return;
    const wanted = latest.here || share === 1 ? latest : past.findLast((moment) => moment.here) ?? latest;
    const turn = (this.turn = {});
    await (this.scene ??= this.setScene().catch(() => (this.scene = null)));
    if (!this.priorPoints || this.closed) return; // it comes with the next look
    const frame = await this.fetch(wanted);
    if (latest !== wanted) this.fetch(latest).then(() => turn === this.turn && !this.closed && this.showMoment(share));
    if (frame && turn === this.turn && !this.closed && this.moment !== wanted) this.showFrame(frame, wanted, share);
  }

  showFrame(frame, moment, share) {
    const flying = this.following && this.moment;
    if (frame.half === undefined) [frame.x, frame.y, frame.half] = this.data.view; // an older file
    const { x, y, half } = frame, zoomed = this.shown && Math.abs(this.view.half / this.shown.half - 1) > 1e-6;
    this.data = { ...this.data, view: [x, y, half], own_view: [x, y, half] };
    this.moment = moment;
    this.shown = frame;
    this.codes = frame.codes;
    if (!zoomed) this.resetView();
    const points = this.project(frame.codes, this.n);
    if (!this.points) (this.points = points), this.redraw(), this.makeButtons(), (this.map.dataset.ready = "true");
    this.home = points;
    if (!this.prior || !zoomed) this.prior = this.drawPrior(this.map.width || 1);
    this.layOut(points, flying ? FLIGHT / 3 : 0);
    this.sayHealth();
    this.paintStrip();
    this.paintChart();
    this.seen = (this.seen ?? 0) + 1; // a test or a benchmark looks on
  }

  startFilm() {
    const from = Number(this.when.value) > 0.999 ? 0 : Number(this.when.value), begin = performance.now();
    const advance = (now) => {
      const share = Math.min(1, from + (now - begin) / 1000 / PLAY_SECONDS);
      this.change({ moment: share });
      share < 1 ? (this.film = requestAnimationFrame(advance)) : this.stopFilm();
    };
    this.film = requestAnimationFrame(advance);
    this.playButton.textContent = "❚❚";
  }

  stopFilm() {
    cancelAnimationFrame(this.film);
    this.film = null;
    if (this.playButton) this.playButton.textContent = "▶";
  }

  // The words, the strip of images, the losses

  get record() {
    // Of the last epoch that was over when the frame was taken
    const epoch = (this.moment?.step / this.steps) * this.epochs;
    return this.history.findLast((record) => record.epoch <= epoch + 1e-9);
  }

  figures() {
    // At the end those of the run, which other pages show too; before, those of the epoch's record
    const { test, monitored, regularized, prior } = this.data, last = this.moment && this.moment === this.moments.at(-1);
    const figures = last && test ? test : this.record;
    return figures?.prior_distance ? figureWords(figures, figures === test ? "test" : monitored, regularized ? null : prior) : "";
  }

  sayHealth() {
    const accuracy = this.shown?.accuracy, words = [this.figures()];
    if (accuracy !== undefined) words.push(`On test images the discriminator is right ${Math.round(100 * accuracy)} % of the time (50 is chance).`);
    if (this.points && this.data.has_prior && spread(this.points) < COLLAPSED * spread(this.priorPoints)) words.push("The codes have collapsed.");
    if (this.data.small && this.opinionWords()) words.push(this.opinionWords()); // which has no readout
    this.health.textContent = this.note || words.filter(Boolean).join(" ");
    const epoch = this.moment ? (this.moment.step / this.steps) * this.epochs : 0;
    this.whenText.textContent = this.moment ? `${this.data.unit ?? "epoch"} ${epoch < 10 && !Number.isInteger(epoch) ? epoch.toFixed(1) : Math.round(epoch)} of ${this.epochs}${this.following ? this.progress : ""}` : "";
  }

  command(key) {
    if (key === " ") return this.playButton.onclick(), true;
    return super.command(key);
  }

  drawSheet() {} // the frame has one

  makeNear() {
    super.makeNear();
    this.near.hidden = !this.images; // there is no decoder to stand in for them
  }

  drawPrior(size) {
    // Its outline too: around most of its mass
    const layer = this.layer(size), context = layer.getContext("2d"), n = 72;
    context.drawImage(super.drawPrior(size), 0, 0, size, size);
    if (!this.data.has_prior) return layer;
    const smooth = blur(blur(blur(this.priorDensity(n), n), n), n), ordered = [...smooth].sort((a, b) => b - a);
    let sum = OUTLINED * ordered.reduce((sum, x) => sum + x, 0);
    const level = ordered[ordered.findIndex((x) => (sum -= x) < 0)];
    context.beginPath();
    for (const [from, to] of contour(smooth, n, level)) context.moveTo(...from.map((x) => (x * size) / n)), context.lineTo(...to.map((x) => (x * size) / n));
    context.strokeStyle = `rgb(${this.ink.join(",")})`;
    context.lineWidth = size / 400;
    context.lineCap = "round";
    context.stroke();
    return layer;
  }

  opinionWords() {
    return this.shown?.greys.opinion ? super.opinionWords() : ""; // nobody asked for it
  }

  words(place) {
    const drawn = this.shown.greys.sheet; // an older file has none
    return [...super.words(place), ...(drawn ? ["The image: the nearest of the map's."] : [])];
  }

  paintReadout(place) {
    super.paintReadout(place);
    this.digit.hidden = !this.shown.greys.sheet;
  }

  paintNearby(...rest) {
    if (!this.data.small) super.paintNearby(...rest); // which says nothing of what is near
  }

  paintStrip() {
    const picture = this.shown.inked("strip", this.ink ?? [0, 0, 0]);
    this.strip.hidden = this.strip.nextSibling.hidden = !picture; // an older file has none
    if (!picture) return;
    Object.assign(this.strip, { width: picture.width, height: picture.height });
    this.strip.getContext("2d").drawImage(picture, 0, 0);
  }

  redraw(...scale) {
    super.redraw(...scale);
    if (this.shown) this.paintStrip();
    this.paintChart();
  }

  paintChart() {
    const names = Object.keys(LINES).filter((name) => this.history.some((record) => name in record));
    const width = this.chart.clientWidth || 300, height = 110, scale = Math.min(devicePixelRatio || 1, 2);
    this.chart.hidden = this.chartNote.hidden = !names.length;
    if (!names.length) return;
    Object.assign(this.chart, { width: width * scale, height: height * scale });
    const context = this.chart.getContext("2d"), values = this.history.flatMap((record) => names.map((name) => record[name]).filter((value) => value > 0));
    const low = Math.log(Math.min(...values)) - 0.1, high = Math.log(Math.max(...values)) + 0.1, right = width - 118;
    const x = (epoch) => 4 + (right - 8) * (epoch / this.epochs), y = (value) => height - 6 - (height - 12) * ((Math.log(value) - low) / (high - low));
    context.scale(scale, scale);
    context.font = "11px sans-serif";
    context.textBaseline = "middle";
    context.lineWidth = 2;
    let free = [];
    for (const name of names) {
      const line = this.history.filter((record) => record[name] > 0);
      context.strokeStyle = context.fillStyle = LINES[name];
      context.beginPath();
      for (const record of line) context.lineTo(x(record.epoch), y(record[name]));
      context.stroke();
      let at = y(line.at(-1)[name]);
      const by = at < height / 2 ? 3 : -3; // chosen once: it must end
      while (free.some((other) => Math.abs(other - at) < 13)) at += by;
      free.push(at);
      context.fillText(`${LINE_NAMES[name] ?? name} ${this.record?.[name]?.toPrecision(3) ?? ""}`, x(line.at(-1).epoch) + 5, at);
    }
    if (!this.moment) return;
    const [r, g, b] = this.ink ?? [0, 0, 0];
    context.fillStyle = `rgb(${r}, ${g}, ${b})`;
    context.fillRect(x((this.moment.step / this.steps) * this.epochs), 0, 1, height);
  }
}

function spread(points) {
  // The standard deviation of points [N, 2] around their mean
  const n = points.length / 2, mean = [0, 0];
  for (let i = 0; i < points.length; i++) mean[i % 2] += points[i] / n;
  return Math.sqrt(points.reduce((sum, x, i) => sum + (x - mean[i % 2]) ** 2, 0) / n);
}
