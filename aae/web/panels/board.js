/** A board on which an image is drawn, or opened, pasted, dropped or photographed. */

import { button, contextOf, make, offscreen, write } from "../dom.js";
import { inkOfPhoto, luminance } from "../math/photo.js";
import { KeyPen } from "./key-pen.js";

/** @typedef {import("../math/geometry.js").Place} Place */

const SIDE = 196; // pixels of the board
const PEN = 15, RUBBER = 28;
const MAX_MEGABYTES = 50; // of an image file
const HINT = "Draw here, or paste or drop an image. It stays in your browser.";

export class Board {
  /**
   * @param {string} noun of what may be drawn
   * @param {(board: HTMLCanvasElement | null, done: boolean) => void} onchange null: empty; done: the pen is up
   */
  constructor(noun, onchange) {
    this.onchange = onchange;
    const what = `Draw a ${noun} here`;
    this.canvas = make("canvas", { width: SIDE, height: SIDE, className: "board", "aria-label": what });
    this.context = contextOf(this.canvas, { willReadFrequently: true });
    Object.assign(this.context, { lineCap: "round", lineJoin: "round" });
    this.erasing = false;
    this.box = this.canvas.getBoundingClientRect();
    /** @type {Place | null} where the pen was last */
    this.last = null;
    this.note = make("p", { className: "note", role: "status" }, HINT);
    const photo = "open an image file, or take a photograph";
    this.eraser = button("erase", () => this.toggle(), { "aria-pressed": "false", title: "the pen takes ink away" });
    const buttons = [
      this.eraser, button("clear", () => this.clear()), button("photo…", () => this.choose(), { title: photo }),
    ];
    this.buttons = make("div", { className: "buttons" }, ...buttons);
    this.beside = make("div", {}, this.note, this.buttons);
    const pen = new KeyPen(this.canvas, {
      press: (at) => this.begin(scaled(at)), move: (at) => this.draw(scaled(at)), lift: () => this.lift(),
    });
    this.element = make("div", { className: "drawing" }, pen.element, this.beside);
    /** @type {Record<string, (event: any) => void>} of the page, which is left where a file is dropped elsewhere */
    this.heard = {
      paste: (event) => this.take(event, event.clipboardData), drop: (event) => this.take(event, event.dataTransfer),
      dragover: (event) => this.isHere && event.dataTransfer?.types.includes("Files") && event.preventDefault(),
    };
    this.listen();
  }

  listen() {
    const { canvas } = this;
    canvas.onpointerdown = (event) => this.press(event);
    canvas.onpointermove = (event) => this.last && this.draw(this.point(event));
    canvas.onpointerup = canvas.onpointercancel = () => this.lift();
    for (const [name, take] of Object.entries(this.heard)) document.addEventListener(name, take);
  }

  /** Whether the board, or the fold in which it is, can be seen. */
  get isHere() {
    return (this.element.closest("details") ?? this.canvas).clientWidth > 0;
  }

  /**
   * Take an image that is pasted or dropped on the page, unless something else has taken it.
   * @param {Event} event
   * @param {DataTransfer | null} given
   */
  take(event, given) {
    if (!given?.files.length || event.defaultPrevented || !this.isHere) return;
    event.preventDefault();
    this.open(given.files[0]);
  }

  /**
   * @param {PointerEvent} event
   * @returns {Place}
   */
  point(event) {
    const { box } = this;
    return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
  }

  /** @param {PointerEvent} event */
  press(event) {
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.box = this.canvas.getBoundingClientRect(); // words that come and go may move it while one draws
    this.begin(this.point(event));
  }

  /** @param {Place} here */
  begin(here) {
    this.last = here;
    this.draw(here);
  }

  /** @param {Place} here */
  draw(here) {
    const { context } = this;
    context.globalCompositeOperation = this.erasing ? "destination-out" : "source-over";
    context.lineWidth = this.erasing ? RUBBER : PEN;
    context.strokeStyle = getComputedStyle(this.canvas).color;
    context.beginPath();
    context.moveTo(...(this.last ?? here));
    context.lineTo(...here);
    context.stroke();
    this.last = here;
    this.onchange(this.canvas, false);
  }

  lift() {
    this.last = null;
    this.onchange(this.canvas, true);
  }

  /**
   * Draw lines instead of what there is.
   * @param {number[][][]} strokes their corners, in shares of the board's side
   */
  trace(strokes) {
    this.clear();
    for (const stroke of strokes) {
      for (const [x, y] of stroke) this.draw([x * SIDE, y * SIDE]);
      this.last = null;
    }
    this.lift();
  }

  toggle() {
    this.erasing = !this.erasing;
    this.eraser.setAttribute("aria-pressed", String(this.erasing));
  }

  clear() {
    this.context.clearRect(0, 0, SIDE, SIDE);
    write(this.note, HINT);
    if (this.erasing) this.toggle();
    this.onchange(null, true);
  }

  /** Let a file be chosen; the page has no field for it until then. */
  choose() {
    const file = make("input", { type: "file", accept: "image/*" });
    file.onchange = () => this.open(file.files?.[0]);
    file.click();
  }

  /** Show the ink of an image file. @param {File | undefined} file */
  async open(file) {
    if (!file) return;
    this.element.closest("details")?.setAttribute("open", ""); // there it is said what became of the file
    const size = Math.round(file.size / 1e6);
    if (size > MAX_MEGABYTES) return write(this.note, `${file.name} has ${size} MB: at most ${MAX_MEGABYTES}.`);
    const image = await createImageBitmap(file).catch(() => null);
    if (!image) return write(this.note, `${file.name} is not an image that this browser can read.`);
    this.clear();
    this.context.putImageData(this.inkOf(image), 0, 0);
    write(this.note, `${file.name}: what differs from the ground around it is taken as ink.`);
    this.onchange(this.canvas, true);
  }

  /** @param {ImageBitmap} image */
  inkOf(image) {
    const { context } = offscreen(SIDE), scale = SIDE / Math.min(image.width, image.height);
    const [width, height] = [image.width * scale, image.height * scale];
    context.imageSmoothingQuality = "high";
    context.drawImage(image, (SIDE - width) / 2, (SIDE - height) / 2, width, height); // the square in its middle
    const ink = inkOfPhoto(luminance(context.getImageData(0, 0, SIDE, SIDE).data), SIDE);
    return coloured(ink, getComputedStyle(this.canvas).color);
  }

  close() {
    for (const [name, take] of Object.entries(this.heard)) document.removeEventListener(name, take);
  }
}

/**
 * A place of the board.
 * @param {Place} share
 * @returns {Place}
 */
function scaled([x, y]) {
  return [x * SIDE, y * SIDE];
}

/**
 * Ink as the opacity of a colour.
 * @param {Uint8ClampedArray} ink [SIDE, SIDE]
 * @param {string} colour
 */
function coloured(ink, colour) {
  const { context } = offscreen(SIDE);
  context.fillStyle = colour;
  context.fillRect(0, 0, SIDE, SIDE);
  const image = context.getImageData(0, 0, SIDE, SIDE);
  ink.forEach((value, i) => { image.data[4 * i + 3] = value; });
  return image;
}
