// The latent pad. Everything that follows the pointer happens here; the server hears of it once, on release.

const SHARED = ["m", "d", "o"]; // commands that hold for a whole group
const CLICK = 4; // pixels: a press that moves less is a click
const HELP = `the thin circle is how far "near" reaches · arrows move (Shift: farther) · 0-9 isolate a class · Space plays the path of pins
M prior · D discriminator · G equal prior mass · O lasso (or Shift and drag) · [ ] crossfade · P presenter · S saves a PNG · L copies the link
U undoes · click pins, or holds the image · Esc lets it go, or unmarks · double-click resets · wheel or pinch zooms · ? hides this`;

const PADS = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  let pad = PADS.get(parentElement);
  if (!pad) PADS.set(parentElement, (pad = new (kind(data))(parentElement, data)));
  pad.report = (news) => setStateValue("status" in news ? "status" : "position", news.status ?? news);
  pad.load(data);
  return () => {
    pad.close();
    PADS.delete(parentElement);
  };
}

function kind(data) {
  return data.phases ? LivePad : data.encoder ? StylePad : Pad;
}

class Pad extends View {
  constructor(root, data) {
    super(root, data);
    this.undo = [];
    this.toldImage = this.image; // which the address holds
    this.pointers = new Map();
    this.listen();
    this.group = data.group;
    if (this.group) join(this.group, this);
  }

  close() {
    super.close();
    clearTimeout(this.reporting);
    if (this.group) leave(this.group, this);
  }

  load(data) {
    this.pad.classList.toggle("compact", !!data.group && !data.wide);
    const loaded = super.load(data);
    this.makeButtons();
    return loaded.then(() => this.makeButtons());
  }

  // The group: other pads of the page that look at the same code, or at the same image

  say(message) {
    if (this.group) say(this.group, this, message);
  }

  hear({ command, of, stretched, ...changes }) {
    if (command) return this.command(command);
    if (of && of !== this.data.dataset) return; // their images are not ours
    if (!this.points && ("epoch" in changes || "layout" in changes)) return; // not fetched yet
    if ("view" in changes) changes = this.viewed({ ...changes, stretched });
    const layers = ["view", "isolated", "marked", "percentiles"].some((name) => name in changes);
    if ("epoch" in changes) this.showEpoch(changes.epoch);
    else if ("layout" in changes) this.layOutLike(changes.layout);
    else if ("fade" in changes) (this.slider.value = changes.fade), this.show();
    else Object.assign(this, changes), layers ? this.redraw() : this.show();
  }

  change(changes) {
    // Here and in the whole group
    this.hear(changes);
    const ofImages = (changes.image ?? null) !== null || changes.marked;
    this.say({ stretched: this.percentiles, ...changes, ...(ofImages ? { of: this.data.dataset } : {}) });
  }

  viewed({ view, stretched = this.percentiles, ...changes }) {
    // Another part of the map, null for the whole; that of a map with other axes is none of this one
    if (view === null) this.resetView();
    else if (stretched === this.percentiles) this.view = view;
    return { ...changes, view: this.view };
  }

  layOutLike(run) {
    // The points where another model has them; each model keeps its own code, of the image that is looked at
    const other = [...GROUPS.get(this.group)].find((member) => member.data?.run === run);
    const points = other?.home?.length === this.home.length ? other.home : this.home;
    this.epoch = this.shown = this.epochCodes = null;
    this.layout = points === this.home ? null : run;
    this.pointTo(this.data.linked === "image" || !!run);
    if (this.byImage) this.image ??= neighbours(points, this.cursor, 0, (i) => this.shows(i)).nearest[0] ?? null;
    this.layOut(points);
  }

  // Gestures

  listen() {
    const map = this.map;
    map.onpointerdown = (event) => this.press(event);
    map.onpointermove = (event) => this.move(event);
    map.onpointerup = (event) => this.release(event);
    map.onpointercancel = (event) => this.release(event);
    map.onpointerleave = () => this.leave();
    map.ondblclick = () => this.reset();
    map.addEventListener("wheel", (event) => this.zoom(event), { passive: false });
    map.onkeydown = (event) => this.key_pressed(event);
    this.slider.oninput = () => this.show();
    this.pad.ontransitionend = () => this.redraw(); // the colour changes: another theme
  }

  leave() {
    this.change({ peek: null });
    if (this.byImage && this.image !== this.toldImage) this.tell(); // the address holds the image that is shown
  }

  press(event) {
    this.map.setPointerCapture(event.pointerId);
    this.map.focus({ preventScroll: true, focusVisible: false });
    this.pointers.set(event.pointerId, event);
    if (this.pointers.size > 1) return;
    this.stop();
    this.remember();
    this.said.replaceChildren(); // it was of what was shown before
    this.dragging = true;
    this.pressed = event;
    this.peek = null;
    this.wasHeld = this.held;
    if (event.shiftKey || this.lassoing) this.lasso = [this.eventPoint(event)];
    else this.moveTo(this.eventPoint(event));
  }

  move(event) {
    if (this.pointers.has(event.pointerId)) {
      if (this.pointers.size === 2) this.pinch(event);
      this.pointers.set(event.pointerId, event);
    }
    if (this.pointers.size > 1) return;
    if (this.lasso) this.lasso.push(this.eventPoint(event)), this.show();
    else if (this.dragging) this.moveTo(this.eventPoint(event));
    else if (this.byImage) this.held || this.moveTo(this.eventPoint(event));
    else this.change({ peek: this.eventPoint(event) });
  }

  release(event) {
    this.pointers.delete(event.pointerId);
    if (!this.dragging || this.pointers.size) return;
    this.dragging = false;
    if (this.lasso) return this.markLasso();
    const moved = Math.hypot(event.clientX - this.pressed.clientX, event.clientY - this.pressed.clientY);
    if (this.byImage) this.change({ image: this.image, held: moved >= CLICK || !this.wasHeld }); // a second click lets it go
    else if (moved < CLICK) this.change({ pins: [...this.pins, this.cursor] });
    this.show();
    this.tell();
  }

  markLasso() {
    // The images whose codes lie inside the loop; an empty loop marks none
    const loop = this.lasso, inside = new Set();
    this.lasso = null;
    for (let i = 0; i < this.n; i++) if (this.shows(i) && isInside([this.points[2 * i], this.points[2 * i + 1]], loop)) inside.add(i);
    this.change({ marked: inside.size ? inside : null });
    this.pickShown();
  }

  pickShown() {
    // Of an image that is hidden now, the nearest one that is not
    if (this.image !== null && !this.shows(this.image)) this.change({ image: this.pick(this.place) });
  }

  pick(place) {
    // The shown image nearest to a place, where the points are now
    return neighbours(this.points, place, 0, (i) => this.shows(i)).nearest[0] ?? null;
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
    if (!this.points) return; // not fetched yet
    const full = this.percentiles ? 0.5 : this.data.view[2], [u, v] = place.map((x) => this.toMap(x));
    const half = Math.min(Math.max(this.view.half * factor, full / 50), full * 2), ratio = half / this.view.half;
    this.change({ view: { x: u + (this.view.x - u) * ratio, y: v + (this.view.y - v) * ratio, half } });
  }

  moveTo(place) {
    if (!this.points) return; // not fetched yet
    place = this.clamped(place);
    this.aim = place; // which arrow keys move on from
    const image = this.byImage ? this.pick(place) : null;
    this.change(image === null ? { cursor: place, peek: null, image } : { image });
  }

  remember() {
    const { cursor, pins, image, held, marked } = this;
    this.undo.push({ cursor, pins, image, held, marked });
  }

  reset() {
    this.change({ pins: [], marked: null, view: null });
    this.tell();
  }

  tell(delay = 0) {
    clearTimeout(this.reporting);
    this.toldImage = this.image;
    this.reporting = setTimeout(() => this.report({ z: this.cursor, pins: this.pins, image: this.image, chosen: this.chosen ?? null }), delay);
  }

  // Keys and buttons

  makeButtons() {
    const buttons = [
      ["prior", "M", this.showPrior, this.data.has_prior],
      ["discriminator", "D", this.showOpinion, !!(this.opinion ?? this.shown?.greys.opinion)],
      ["equal mass", "G", this.percentiles, this.data.percentile_std !== null],
      ["play path", " ", !!this.playing, !this.data.phases],
      ["lasso", "O", !!this.lassoing, true],
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
        button.onclick = () => this.order(key.toLowerCase());
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
      const from = this.byImage ? this.aim ?? this.place : this.cursor;
      this.moveTo([from[0] + far * arrow[0], from[1] + far * arrow[1]]);
      if (this.byImage) this.change({ image: this.image, held: true });
      this.tell(400);
    } else if (!this.order(event.key.toLowerCase())) return;
    event.preventDefault();
  }

  order(key) {
    // A command of this map's own, or one for all maps of the page
    const done = this.command(key);
    if (done && SHARED.includes(key)) this.say({ command: key });
    return done;
  }

  command(key) {
    const fade = (step) => ((this.slider.value = Math.round((Number(this.slider.value) + step) * 2) / 2), this.show());
    const commands = {
      m: () => ((this.showPrior = !this.showPrior), this.show()),
      d: () => ((this.showOpinion = !this.showOpinion), this.show()),
      g: () => this.togglePercentiles(),
      o: () => (this.lassoing = !this.lassoing),
      " ": () => (this.playing ? this.stop() : this.play()),
      "[": () => fade(-0.5),
      "]": () => fade(0.5),
      u: () => this.takeBack(),
      escape: () => this.letGo(),
      s: () => this.savePicture(),
      l: () => this.copyLink(),
      p: () => (this.pad.classList.toggle("presenter"), this.redraw()),
      "?": () => ((this.help.hidden = !this.help.hidden), (this.help.textContent = HELP + this.classKeys())),
    };
    if (/^[0-9]$/.test(key)) this.isolate(Number(key));
    else if (commands[key]) commands[key]();
    else return false;
    this.makeButtons();
    return true;
  }

  isolate(label) {
    const isThere = !!this.labels?.includes(label); // the key of no class shows all
    this.change({ isolated: isThere && this.isolated !== label ? label : null });
    this.pickShown();
  }

  classKeys() {
    // Which key is which class, where their names are no numbers
    const named = this.names.slice(0, 10).map((name, k) => `${k} ${name}`);
    return this.names.every((name, k) => name === String(k)) ? "" : `\n${named.join(" · ")}`;
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
    this.change({ ...last, image: this.byImage ? last.image ?? this.image : null });
    this.tell();
  }

  letGo() {
    // Of what is held or half done, the last; else of what is marked
    if (this.lasso) (this.lasso = null), (this.dragging = false), this.show();
    else if (this.held) this.change({ image: this.image, held: false });
    else if (this.marked) this.remember(), this.change({ marked: null });
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
    // At twice the size of the screen, whatever the screen's own
    const style = getComputedStyle(this.pad), paper = style.getPropertyValue("--st-background-color") || "white";
    this.finishSheet?.();
    this.redraw(2);
    this.paint();
    const picture = captioned(this.map, this.digit, this.title(), this.readout.textContent, { paper, ink: style.color, font: style.fontFamily });
    this.redraw();
    const link = Object.assign(document.createElement("a"), { download: `${this.data.run}.png`, href: picture.toDataURL("image/png") });
    link.click();
  }

  title() {
    const { run, dataset, has_prior, regularized = has_prior, prior } = this.data;
    return `${run}: ${dataset}, ${regularized ? `prior: ${prior}` : "no prior"}`;
  }

  address() {
    // Of this page, as it is shown
    const url = new URL(location.href), write = (point) => point.map((x) => x.toPrecision(4)).join(",");
    const image = this.data.linked === "image" ? this.image : null;
    url.searchParams.delete("mine"); // whose jobs these are is nobody else's business
    url.searchParams.set("z", write(this.cursor));
    for (const [name, value] of [["pins", this.pins.map(write).join(";") || null], ["image", image]])
      value === null ? url.searchParams.delete(name) : url.searchParams.set(name, value);
    return url.href;
  }

  async copyLink() {
    const address = this.address(), copied = await copyText(address), said = document.createElement("input");
    Object.assign(said, { readOnly: true, value: address, ariaLabel: "The address of what is shown" });
    this.said.replaceChildren(copied ? `Copied: ${address}` : "This browser lets nothing be copied; here is the address:", ...(copied ? [] : [said]));
    copied ? this.map.focus({ preventScroll: true, focusVisible: false }) : said.select();
  }
}
