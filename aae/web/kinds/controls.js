/** One row of controls for all maps of a group. */

import { Buttons } from "../commands/buttons.js";
import { COMMANDS, mapFor } from "../commands/table.js";
import { dress } from "../css.js";
import { button, make, write } from "../dom.js";
import { runCalled } from "../link/link.js";
import { viewOf } from "../map/camera.js";
import { enter, leave } from "../map/group.js";
import { Classes } from "../panels/classes.js";
import { Fade } from "../panels/fade.js";
import { boardOf } from "../panels/own-image.js";
import { Together } from "../panels/together.js";

/** @typedef {import("../payload.js").ControlsPayload} ControlsPayload */

const STEP = 900; // ms that an epoch is shown while playing
const FADE = 0.8; // at first: the codes are what is compared

class Controls {
  /**
   * @param {Element | ShadowRoot} root
   * @param {ControlsPayload} payload
   */
  constructor(root, payload) {
    this.payload = payload;
    this.group = enter(this, payload.group, { fade: FADE });
    const label = "Epoch of training";
    this.epoch = make("input", { type: "range", className: "epoch", min: 0, step: 1, "aria-label": label });
    this.output = make("output");
    this.play = button("▶ play", () => this.toggle(), { className: "play", "aria-label": "Play the training" });
    this.time = make("label", { className: "time" }, "epoch ", this.epoch, " ", this.output);
    this.layout = make("select", { className: "layout", "aria-label": "Arrange the points as in" });
    this.layouts = make("label", { className: "layouts" }, "arrange points as in ", this.layout);
    this.zoom = button("zoom to the prior", () => this.zoomToPrior(), { title: "see the prior's square alone" });
    this.fade = new Fade(this.group);
    const shared = COMMANDS.filter((command) => command.shared);
    this.buttons = new Buttons((command) => mapFor(command, undefined, this.group.maps), shared);
    this.classes = new Classes(() => this.group.maps[0]);
    this.board = boardOf(this.group, payload.noun);
    this.together = new Together();
    const { fade, buttons, classes, together } = this;
    this.more = button("controls", () => this.unfold(), { className: "unfold", "aria-expanded": "false" });
    const own = make("details", { className: "own" }, make("summary", {}, "Your own image"), this.board.element);
    this.several = [this.more, fade.element, this.zoom, buttons.element, classes.element, own];
    const folded = make("div", { className: "folded" }, fade.element, this.time, this.play, this.layouts, this.zoom,
      buttons.element, classes.element, own);
    this.element = make("div", { className: "controls" }, this.more, folded, together.element);
    this.epoch.oninput = () => (this.stop(), this.choose(Number(this.epoch.value)));
    this.layout.onchange = () => (this.stop(), this.group.change({ layout: this.layout.value || null, epoch: null }));
    root.append(this.element);
    dress(this.element);
    this.update(payload);
  }

  /** @param {ControlsPayload} payload */
  update(payload) {
    this.payload = payload;
    const options = [["", "their own model"], ...Object.entries(payload.runs)];
    this.layout.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
    this.epoch.max = String(payload.epochs.length - 1);
    this.time.hidden = this.play.hidden = payload.epochs.length < 2;
    this.layouts.hidden = this.nRuns < 2;
    for (const each of this.several) each.hidden = this.nRuns < 2; // one map has its own
    const { epoch } = this.group.state;
    if (epoch !== null && !payload.epochs.includes(epoch)) this.group.change({ epoch: null });
    this.changed();
  }

  /** Show what the group's state says. */
  changed() {
    const { epochs } = this.payload, { epoch, layout } = this.group.state, last = epochs.length - 1;
    const called = layout && runCalled(layout, Object.keys(this.payload.runs));
    if (layout !== called) return this.group.change({ layout: called }); // and show that
    const index = epoch === null ? last : epochs.indexOf(epoch);
    if (Number(this.epoch.value) !== index) this.epoch.value = String(index);
    write(this.output, String(epoch ?? epochs.at(-1) ?? ""));
    this.layout.value = layout ?? "";
    this.zoom.setAttribute("aria-pressed", String(this.isZoomed));
    this.classes.load();
    for (const part of [this.fade, this.buttons, this.classes]) part.changed();
  }

  /**
   * A map of the group was painted.
   * @param {import("../map/latent-map.js").LatentMap} map
   * @param {import("../map/look.js").Look} look
   */
  painted(map, look) {
    this.together.show(map, look);
  }

  /** On a narrow screen, show the controls above the maps, or hide them. */
  unfold() {
    this.more.setAttribute("aria-expanded", String(this.element.classList.toggle("unfolded")));
  }

  get nRuns() {
    return Object.keys(this.payload.runs).length;
  }

  get isZoomed() {
    return JSON.stringify(this.group.state.view) === JSON.stringify(viewOf(this.payload.prior_view));
  }

  zoomToPrior() {
    this.group.change({ view: this.isZoomed ? null : viewOf(this.payload.prior_view), stretch: false });
  }

  /**
   * Show an epoch; the last one is the finished model.
   * @param {number} index
   */
  choose(index) {
    const { epochs } = this.payload;
    this.group.change({ epoch: index >= epochs.length - 1 ? null : epochs[index], layout: null });
  }

  toggle() {
    if (this.playing !== undefined) return this.stop();
    this.choose(this.epoch.value === this.epoch.max ? 0 : Number(this.epoch.value));
    this.play.textContent = "❚❚ pause";
    this.playing = setInterval(() => this.advance(), STEP);
  }

  advance() {
    this.choose(Number(this.epoch.value) + 1);
    if (this.group.state.epoch === null) this.stop();
  }

  stop() {
    clearInterval(this.playing);
    this.playing = undefined;
    this.play.textContent = "▶ play";
  }

  close() {
    this.stop();
    this.board.close();
    this.together.close();
    leave(this, this.group);
    this.element.remove();
  }
}

/**
 * @param {Element | ShadowRoot} root
 * @param {ControlsPayload} payload
 */
export function openControls(root, payload) {
  const controls = new Controls(root, payload);
  return { update: (/** @type {ControlsPayload} */ next) => controls.update(next), close: () => controls.close() };
}
