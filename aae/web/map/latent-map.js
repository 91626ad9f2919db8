/** A latent map: a camera over a plane of codes, layers that are painted on it, and panels beside it. */

import { inkOf, make } from "../dom.js";
import { Camera } from "./camera.js";
import { enter, leave } from "./group.js";
import { lookAt } from "./look.js";
import { effectOf } from "./messages.js";

/** @typedef {import("../data/frame.js").Frame} Frame */
/** @typedef {import("../data/model.js").Model} Model */
/** @typedef {import("../payload.js").AnyMapPayload} AnyMapPayload */
/** @typedef {import("../payload.js").Host} Host */
/** @typedef {import("./look.js").Look} Look */
/** @typedef {import("./messages.js").Shared} Shared */
/** @typedef {import("./part.js").Part} Part */

const SHARPEST = 2; // pixels of the canvas for one of the page
/** @type {Float32Array} */
const NONE = new Float32Array(0);

export class LatentMap {
  /**
   * @param {Element | ShadowRoot} root
   * @param {AnyMapPayload} payload
   * @param {Host} host
   * @param {Partial<Shared>} [usual] where it differs from other maps at first
   */
  constructor(root, payload, host, usual) {
    this.payload = payload;
    this.host = host;
    this.canvas = make("canvas", { className: "map", tabIndex: 0, role: "application", latentMap: this });
    this.stage = make("div", { className: "stage" }, this.canvas);
    this.side = make("div", { className: "side" });
    this.element = make("div", { className: "pad", ontransitionend: () => this.redraw() }, this.stage, this.side);
    this.camera = new Camera(payload.view, payload.percentile_std);
    this.group = enter(this, payload.group, usual);
    this.group.maps.push(this);
    /** @type {Part[]} */
    this.parts = [];
    /** @type {Model | null} */
    this.model = null;
    /** @type {Frame | null} of a training, or of an epoch that is not the last */
    this.frame = null;
    /** @type {Float32Array} */
    this.points = NONE; // where the images are drawn [n, 2]
    /** @type {Float32Array | null} the code of a drawing */
    this.drawn = null;
    /** @type {import("../math/geometry.js").Place[] | null} a loop that is being drawn */
    this.lasso = null;
    this.nShown = 0; // images that are shown, on the map or beside what is seen of it
    this.dragging = false;
    this.closed = false;
    /** @type {number | undefined} */
    this.request = undefined;
    /** @type {((look: Look) => void) | undefined} for tests and benchmarks: called after each frame */
    this.onpaint = undefined;
    this.notice = make("p", { className: "notice", role: "status", hidden: true });
    this.observer = new ResizeObserver(() => this.redraw());
    this.observer.observe(this.canvas);
    root.append(this.element);
  }

  get state() {
    return this.group.state;
  }

  get plane() {
    const { origin, basis } = this.payload;
    return { origin, basis };
  }

  /** The codes of the test images: of the epoch that is shown. */
  get codes() {
    return this.frame?.codes ?? this.model?.codes ?? NONE;
  }

  get n() {
    return this.points.length / 2;
  }

  /** The test image that is looked at, if it is one of this map's. */
  get image() {
    const { image } = this.state;
    return image && image.dataset === this.payload.dataset && image.index < this.n ? image.index : null;
  }

  /** Whether the pointer takes the nearest image and not the place. */
  get byImage() {
    return this.state.layout !== null || ("linked" in this.payload && this.payload.linked === "image");
  }

  /** Whether the points lie as in another model: nothing of this one's plane belongs under them. */
  get isElsewhere() {
    return this.state.layout !== null && this.state.layout !== this.payload.run;
  }

  /** The images that are marked, if they are this map's. */
  get marked() {
    const { marked } = this.state;
    return marked && marked.dataset === this.payload.dataset ? marked.images : null;
  }

  /** Whether some images are not shown. */
  get hides() {
    return this.state.only !== null || this.marked !== null;
  }

  /**
   * Whether an image is shown: of the isolated class, and marked.
   * @param {number} i
   */
  shows(i) {
    const { only } = this.state, { marked } = this;
    return (only === null || this.model?.labels[i] === only) && (!marked || marked.has(i));
  }

  /** @param {Set<keyof Shared>} names */
  changed(names) {
    if (names.has("view") || names.has("stretch")) this.camera.look(this.state.view, this.state.stretch);
    for (const part of this.parts) part.changed?.(names);
    if (effectOf(names) === "paint") this.show();
    else this.redraw();
  }

  countShown() {
    this.nShown = this.n;
    if (this.hides) for (let i = 0; i < this.n; i++) this.nShown -= Number(!this.shows(i));
  }

  /** Draw all layers anew: another size, theme, view or model. */
  redraw() {
    const size = Math.round(this.canvas.clientWidth * Math.min(devicePixelRatio || 1, SHARPEST));
    if (!this.n || !size || this.closed) return;
    if (this.canvas.width !== size) this.canvas.width = this.canvas.height = size;
    this.ink = inkOf(this.element);
    this.countShown();
    for (const part of this.parts) part.redraw?.();
    this.show();
  }

  /** Paint at the next frame of the screen. */
  show() {
    this.request ??= requestAnimationFrame(() => this.paint());
  }

  paint() {
    this.request = undefined;
    const context = this.canvas.getContext("2d"), size = this.canvas.width;
    if (this.closed || !this.ink || !context) return;
    const look = (this.looked = lookAt(this));
    context.clearRect(0, 0, size, size);
    for (const part of this.parts) part.paint?.(context, size);
    for (const part of this.parts) part.show?.(look);
    this.onpaint?.(look);
  }

  /**
   * The part of a kind, if the map has one.
   * @template {Part} T
   * @param {abstract new (...given: any[]) => T} kind
   * @returns {T | undefined}
   */
  part(kind) {
    return /** @type {T | undefined} */ (this.parts.find((part) => part instanceof kind));
  }

  /**
   * Tell the visitor something, until the next time; nothing: no more.
   * @param {string} text
   * @param {"status" | "alert"} role alert: an error
   */
  say(text, role = "status") {
    Object.assign(this.notice, { textContent: text, hidden: !text, role });
  }

  /** What is on the screen, for tests. @returns {Record<string, any>} */
  snapshot() {
    return Object.assign({}, ...this.parts.map((part) => part.snapshot?.() ?? {}));
  }

  close() {
    this.closed = true;
    this.observer.disconnect();
    for (const part of this.parts) part.close?.();
    leave(this, this.group);
    this.element.remove();
  }
}
