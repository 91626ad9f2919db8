/** The guided tour: a strip with what a step asks for; whether it is done is seen here, and asks the server nothing. */

import { dress } from "../css.js";
import { isMet } from "../math/tour.js";
import { TourStrip } from "../panels/tour-strip.js";

/** @typedef {import("../payload-tour.js").TourPayload} TourPayload */
/** @typedef {import("../payload.js").Host} Host */

const LOOK = 150; // ms between two looks at what is there
const TOUR = "tour"; // the parameter of the address

class Tour {
  /**
   * @param {Element | ShadowRoot} root
   * @param {TourPayload} payload
   * @param {Host} host
   */
  constructor(root, payload, host) {
    this.host = host;
    this.payload = payload;
    this.strip = new TourStrip({
      go: (address) => this.go(this.keeping(address), true), show: () => this.show(), leave: () => this.leave(),
    });
    root.append(this.strip.element);
    dress(this.strip.element);
    this.start = new URLSearchParams();
    /** @type {Set<number>} */
    this.visited = new Set();
    this.isDone = false;
    this.looking = setInterval(() => this.look(), LOOK);
    this.begin();
  }

  /** @param {TourPayload} payload */
  update(payload) {
    const isSame = payload.here === this.payload.here;
    this.payload = payload;
    if (!isSame) this.begin();
  }

  begin() {
    const { here } = this.payload, { pathname, search } = new URL(here, document.baseURI);
    this.start = new URLSearchParams(search);
    this.visited.clear();
    this.isDone = false;
    this.strip.tell(this.payload);
    const asked = this.query.get(TOUR), isThere = location.pathname === pathname && asked === this.start.get(TOUR);
    if (asked !== null && !isThere) this.go(here, false); // a link to a tour need not say where it begins
  }

  get query() {
    return new URLSearchParams(location.search);
  }

  get sights() {
    return [...(this.host.stage ?? [])].map((each) => each.sight());
  }

  look() {
    const { sights, query, start, visited, payload: { goal } } = this, facts = { sights, query, start, visited };
    this.strip.fill(sights.some(({ isFull }) => isFull));
    if (this.isDone || query.get(TOUR) !== start.get(TOUR) || !isMet(goal, facts)) return;
    this.isDone = true;
    this.strip.done();
  }

  show() {
    const { shown, path, strokes, paints, goal: { name: run } } = this.payload;
    if (shown) this.go(shown, false);
    for (const each of this.host.stage ?? []) each.perform({ run, path, strokes, paints });
  }

  /**
   * @param {string} address
   * @param {boolean} isNew
   */
  go(address, isNew) {
    this.host.go?.(address, isNew);
  }

  /**
   * An address that keeps what the next step is to keep of this one.
   * @param {string} address
   */
  keeping(address) {
    const { query, payload: { kept, next } } = this, [page, parameters] = address.split("?");
    const given = new URLSearchParams(parameters), has = kept.filter((name) => address === next && query.has(name));
    for (const name of has) given.set(name, query.get(name) ?? "");
    return `${page}?${given}`;
  }

  leave() {
    const parameters = this.query;
    parameters.delete(TOUR);
    this.go(`${location.pathname}?${parameters}`, false);
  }

  close() {
    clearInterval(this.looking);
    this.strip.element.remove();
  }
}

/**
 * @param {Element | ShadowRoot} root
 * @param {TourPayload} payload
 * @param {Host} host
 */
export function openTour(root, payload, host) {
  const tour = new Tour(root, payload, host);
  return { update: (/** @type {TourPayload} */ next) => tour.update(next), close: () => tour.close() };
}
