/** A latent map: a camera over a plane of codes, layers that are painted on it, and panels beside it. */

import { inkOf, make } from "../dom.js";
import { Camera } from "./camera.js";
import { groupNamed, leave } from "./group.js";
import { lookAt } from "./look.js";
import { effectOf } from "./messages.js";
import { Scene } from "./scene.js";

/** @typedef {import("../payload.js").AnyMapPayload} AnyMapPayload */
/** @typedef {import("../payload.js").Host} Host */
/** @typedef {import("./look.js").Look} Look */
/** @typedef {import("./messages.js").Shared} Shared */
/** @typedef {import("./part.js").Part} Part */

const SHARPEST = 2; // pixels of the canvas for one of the page

export class LatentMap extends Scene {
  /**
   * @param {Element | ShadowRoot} root
   * @param {AnyMapPayload} payload
   * @param {Host} host
   * @param {Partial<Shared>} [usual] where it differs from other maps at first
   */
  constructor(root, payload, host, usual) {
    super(payload, groupNamed(payload.group, usual));
    this.group.members.add(this);
    this.group.maps.push(this);
    this.host = host;
    this.canvas = make("canvas", { className: "map", tabIndex: 0, role: "application", latentMap: this });
    Object.defineProperty(this.canvas, "pad", { get: () => this.former() });
    this.stage = make("div", { className: "stage" }, this.canvas);
    this.side = make("div", { className: "side" });
    this.element = make("div", { className: "pad", ontransitionend: () => this.redraw() }, this.stage, this.side);
    this.camera = new Camera(payload.view, payload.percentile_std);
    this.camera.look(this.state.view, this.state.stretch); // of a group that was there before
    /** @type {Part[]} */
    this.parts = [];
    /** @type {import("../math/geometry.js").Place[] | null} a loop that is being drawn */
    this.lasso = null;
    /** @type {number | undefined} pixels of the canvas for one of the page, where it is not the screen's */
    this.scale = undefined;
    this.dragging = false;
    this.closed = false;
    /** @type {number | undefined} */
    this.request = undefined;
    /** @type {import("../dom.js").Ink | undefined} */
    this.ink = undefined;
    /** @type {((look: Look) => void) | undefined} for tests and benchmarks: called after each frame */
    this.onpaint = undefined;
    this.notice = make("p", { className: "notice", role: "status", hidden: true });
    this.observer = new ResizeObserver(() => this.redraw());
    this.observer.observe(this.canvas);
    root.append(this.element);
  }

  /** @param {Set<keyof Shared>} names */
  changed(names) {
    if (names.has("view") || names.has("stretch")) this.camera.look(this.state.view, this.state.stretch);
    for (const part of this.parts) part.changed?.(names);
    if (effectOf(names) === "paint") this.show();
    else this.redraw();
  }

  /** Draw all layers anew: another size, theme, view or model. */
  redraw() {
    const size = Math.round(this.canvas.clientWidth * (this.scale ?? Math.min(devicePixelRatio || 1, SHARPEST)));
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
    for (const member of this.group.members) member.painted?.(this, look);
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
   * Show the visitor a message until the next one; an empty text: none.
   * @param {string} text
   * @param {"status" | "alert"} role alert: an error
   */
  say(text, role = "status") {
    Object.assign(this.notice, { textContent: text, hidden: !text, role });
  }

  /**
   * The place at shares of the map's width and height, from the top left.
   * @param {number} x
   * @param {number} y
   */
  placeAt(x, y) {
    return this.camera.fromPixel([x, y], 1);
  }

  /**
   * The pixels of a code, for tests and benchmarks.
   * @param {number[]} code
   */
  decode(code) {
    return Array.from(this.model?.decoder?.decode(code) ?? []);
  }

  /** What is on the screen, for tests. @returns {Record<string, any>} */
  snapshot() {
    const { payload, camera, ink, n } = this, own = { run: payload.run, n, view: camera.view, ink };
    return Object.assign(own, ...this.parts.map((part) => part.snapshot?.() ?? {}));
  }

  /** The snapshot under the names that scripts of before read. */
  former() {
    const { cursor, pins, only, fade, epoch = null } = this.snapshot();
    return { cursor, pins, isolated: only, view: this.camera.view, slider: { value: fade }, epoch };
  }

  close() {
    this.closed = true;
    this.observer.disconnect();
    for (const part of this.parts) part.close?.();
    leave(this, this.group);
    this.element.remove();
  }
}
