// One row of controls for all pads of a group: crossfade, epoch, positions, overlays. No word to the server.

const STEP = 900; // ms that an epoch is shown while playing
const BUTTONS = [["prior", "m", true], ["discriminator", "d", false], ["lasso", "o", false]];
const CONTROLS = new WeakMap();

export default function ({ data, parentElement }) {
  let controls = CONTROLS.get(parentElement);
  if (!controls) CONTROLS.set(parentElement, (controls = new Controls(parentElement)));
  controls.load(data);
  return () => {
    controls.stop();
    leave(controls.data.group, controls);
    CONTROLS.delete(parentElement);
  };
}

class Controls {
  constructor(root) {
    for (const name of ["fade", "epoch", "play", "layout", "layouts", "time", "buttons"]) this[name] = root.querySelector("." + name);
    this.output = root.querySelector("output");
    this.fade.oninput = () => this.tell({ fade: Number(this.fade.value) });
    this.epoch.oninput = () => (this.stop(), this.showEpoch());
    this.play.onclick = () => (this.playing ? this.stop() : this.start());
    this.layout.onchange = () => this.showLayout();
    const view = (on) => ({ view: on ? this.data.prior_view : null, stretched: false });
    this.zoom = this.makeButton("zoom to the prior", false, view);
    this.others = new Map(BUTTONS.map(([name, command, on]) => [command, this.makeButton(name, on, () => ({ command }))]));
    this.buttons.replaceChildren(this.zoom, ...this.others.values());
  }

  makeButton(name, pressed, message) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: name });
    button.setAttribute("aria-pressed", pressed);
    button.onclick = () => this.tell(message(toggle(button)));
    return button;
  }

  hear({ view, command }) {
    // What was done on a pad: zoomed by hand or reset, it is not zoomed to the prior
    if (view !== undefined) this.zoom.setAttribute("aria-pressed", false);
    if (this.others.has(command)) toggle(this.others.get(command));
  }

  load(data) {
    const key = JSON.stringify(data);
    if (key === this.key) return;
    this.key = key;
    if (!this.data) join(data.group, this);
    this.data = data;
    this.zoom.setAttribute("aria-pressed", false);
    this.epoch.max = data.epochs.length - 1;
    this.epoch.value = data.epochs.length - 1;
    this.time.hidden = this.play.hidden = data.epochs.length < 2;
    this.layouts.hidden = data.runs.length < 2;
    this.fade.parentElement.hidden = this.buttons.hidden = !data.view; // one pad has its own
    const options = [["", "each its own"], ...data.runs.map((run) => [run, `all like ${run}`])];
    this.layout.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
    this.output.textContent = data.epochs.at(-1) ?? "";
    this.tell({ epoch: null }); // pads that stay show what the controls say
  }

  tell(message) {
    say(this.data.group, this, message);
  }

  showEpoch() {
    const i = Number(this.epoch.value), last = i === this.data.epochs.length - 1;
    this.output.textContent = this.data.epochs[i];
    this.layout.value = "";
    this.tell({ epoch: last ? null : this.data.epochs[i] });
  }

  showLayout() {
    // Of the finished models
    this.stop();
    this.epoch.value = this.epoch.max;
    this.output.textContent = this.data.epochs.at(-1) ?? "";
    this.tell({ layout: this.layout.value });
  }

  start() {
    if (this.epoch.value === this.epoch.max) this.epoch.value = 0;
    this.showEpoch();
    this.play.textContent = "❚❚ pause";
    this.playing = setInterval(() => this.advance(), STEP);
  }

  advance() {
    this.epoch.value = Number(this.epoch.value) + 1;
    this.showEpoch();
    if (this.epoch.value === this.epoch.max) this.stop();
  }

  stop() {
    clearInterval(this.playing);
    this.playing = null;
    this.play.textContent = "▶ play";
  }
}

function toggle(button) {
  // Whether it is pressed now
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", on);
  return on;
}
