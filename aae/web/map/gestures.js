/** The pointer on the map: hover, press and drag, click, lasso, pinch, wheel. */

import * as actions from "./actions.js";

/** @typedef {import("../math/geometry.js").Place} Place */
/** @typedef {import("./latent-map.js").LatentMap} LatentMap */

const CLICK = 4; // pixels: a press that moves less is a click
const WHEEL = 0.0015; // of zoom for a pixel of the wheel

export class Gestures {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    /** @type {Map<number, PointerEvent>} the pointers that are down */
    this.down = new Map();
    /** @type {PointerEvent | null} */
    this.pressed = null;
    const { canvas } = map;
    canvas.onpointerdown = (event) => this.press(event);
    canvas.onpointermove = (event) => this.move(event);
    canvas.onpointerup = (event) => this.release(event);
    canvas.onpointercancel = (event) => this.cancel(event);
    canvas.onpointerleave = () => actions.peekAt(map, null);
    canvas.ondblclick = () => this.double();
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  /**
   * The place under a pointer.
   * @param {MouseEvent} event
   * @returns {Place}
   */
  place(event) {
    const box = this.map.canvas.getBoundingClientRect();
    return this.map.camera.fromPixel([event.clientX - box.left, event.clientY - box.top], box.width);
  }

  /** Whether the map has the focus: only then does it keep fingers and the wheel from scrolling the page. */
  get hasFocus() {
    const root = /** @type {Document | ShadowRoot} */ (this.map.canvas.getRootNode());
    return root.activeElement === this.map.canvas;
  }

  /** @param {PointerEvent} event */
  press(event) {
    const { map } = this, isTap = event.pointerType === "touch" && !this.hasFocus;
    this.pressed = event;
    this.isTap = isTap;
    if (isTap) return; // it may become a scroll of the page
    map.canvas.setPointerCapture(event.pointerId);
    map.canvas.focus({ preventScroll: true });
    this.down.set(event.pointerId, event);
    if (this.down.size === 1) this.begin(event);
    else if (map.dragging) this.undo();
  }

  /** @param {PointerEvent} event */
  begin(event) {
    const { map } = this;
    for (const part of map.parts) part.pressed?.();
    map.say(""); // it was of what was shown before
    map.group.remember();
    map.dragging = true;
    this.heldBefore = map.state.image?.held ? map.image : null;
    if (event.shiftKey || map.state.lassoing) map.lasso = [this.place(event)];
    else actions.moveTo(map, this.place(event));
  }

  /** A second finger makes it a pinch: what the first one did is undone, and nothing ends with the last one. */
  undo() {
    this.map.dragging = false;
    this.map.lasso = null;
    actions.undo(this.map);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const { map } = this;
    if (this.down.has(event.pointerId)) {
      if (this.down.size === 2) this.pinch(event);
      this.down.set(event.pointerId, event);
    }
    if (this.down.size > 1 || this.isTap) return;
    if (map.lasso) map.lasso.push(this.place(event));
    else if (map.dragging) actions.moveTo(map, this.place(event));
    else actions.peekAt(map, this.place(event));
    if (map.lasso) map.show();
  }

  /** @param {PointerEvent} event */
  release(event) {
    this.down.delete(event.pointerId);
    if (this.isTap) return this.tap(event);
    if (!this.map.dragging || this.down.size) return;
    const { clientX, clientY } = this.pressed ?? event;
    this.end(Math.hypot(event.clientX - clientX, event.clientY - clientY) < CLICK);
  }

  /**
   * A press is over.
   * @param {boolean} isClick
   */
  end(isClick) {
    const { map } = this, loop = map.lasso;
    map.dragging = false;
    map.lasso = null;
    if (loop) actions.markInside(map, loop);
    else if (map.byImage && map.image !== null) {
      actions.holdImage(map, map.image, !(isClick && this.heldBefore === map.image)); // a second click lets go
    } else if (isClick) actions.pin(map);
    map.show();
  }

  /** The first tap of a finger gives the map the focus. @param {PointerEvent} event */
  tap(event) {
    this.isTap = false;
    this.map.canvas.focus({ preventScroll: true });
    actions.moveTo(this.map, this.place(event));
  }

  /** The page scrolls, or a window came up: no click. @param {PointerEvent} event */
  cancel(event) {
    this.down.delete(event.pointerId);
    this.isTap = false;
    if (this.map.dragging && !this.down.size) {
      this.map.lasso = null;
      this.end(false);
    }
  }

  double() {
    this.map.group.remember();
    actions.reset(this.map);
  }

  /** @param {PointerEvent} event */
  pinch(event) {
    const [a, b] = [...this.down.values()], other = a.pointerId === event.pointerId ? b : a;
    const gap = (/** @type {MouseEvent} */ p, /** @type {MouseEvent} */ q) =>
      Math.max(1, Math.hypot(p.clientX - q.clientX, p.clientY - q.clientY));
    actions.zoomAt(this.map, this.place(event), gap(a, b) / gap(event, other));
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    if (!event.ctrlKey && !this.hasFocus) return; // the page scrolls
    event.preventDefault();
    actions.zoomAt(this.map, this.place(event), Math.exp(event.deltaY * WHEEL));
  }
}
