/** On a phone, where maps lie below each other: what each of them decodes, in a row that stays while one is seen. */

import { contextOf, inkPixels, make } from "../dom.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("../map/look.js").Look} Look */

const PHONE = "(max-width: 640px)"; // as in web.css

export class Together {
  constructor() {
    this.element = make("div", { className: "together", "aria-hidden": "true", hidden: true });
    /** @type {Map<LatentMap, HTMLCanvasElement>} */
    this.canvases = new Map();
    /** @type {Set<Element>} maps on the screen */
    this.seen = new Set();
    this.observer = new IntersectionObserver((entries) => this.notice(entries));
  }

  /** @param {LatentMap[]} maps */
  load(maps) {
    const isSame = maps.length === this.canvases.size && maps.every((map) => this.canvases.has(map));
    if (isSame) return;
    this.canvases = new Map([...maps].sort(byPlace).map((map) => [map, make("canvas")]));
    const figures = [...this.canvases].map(([map, canvas]) =>
      make("figure", {}, canvas, make("figcaption", {}, map.payload.title)));
    this.element.replaceChildren(...figures);
    this.observer.disconnect();
    this.seen.clear();
    for (const map of maps) this.observer.observe(map.canvas);
  }

  /** @param {IntersectionObserverEntry[]} entries */
  notice(entries) {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this.seen.add(target);
      else this.seen.delete(target);
    }
    this.element.hidden = !this.seen.size || this.canvases.size < 2;
  }

  /**
   * @param {LatentMap} map
   * @param {Look} look
   */
  show(map, { pixels }) {
    if (!matchMedia(PHONE).matches) return;
    this.load(map.group.maps);
    const canvas = this.canvases.get(map), { shape } = map.payload, [height, width] = shape.slice(-2);
    if (!canvas || !pixels || !map.ink) return;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    inkPixels(contextOf(canvas), pixels, shape, map.ink);
  }

  close() {
    this.observer.disconnect();
  }
}

/**
 * The order on the page.
 * @param {LatentMap} a
 * @param {LatentMap} b
 */
function byPlace(a, b) {
  const [one, other] = [a, b].map(({ canvas }) => canvas.getBoundingClientRect());
  return one.top - other.top || one.left - other.left;
}
