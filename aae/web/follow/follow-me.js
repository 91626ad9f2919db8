/** Follow me: others see what the presenter's browser shows, until they touch their own page. */

import { withParameters } from "../link/link.js";
import { Banner } from "./banner.js";
import { Channel, newToken } from "./channel.js";
import { showCode } from "./code.js";
import { travel } from "./travel.js";
import { FOLLOW, followed, isElsewhere, isOther, ofPads, withoutOwn } from "./route.js";

/** @typedef {import("../payload.js").Link} Link */
/** @typedef {import("./channel.js").Audience} Audience */
/** @typedef {import("./channel.js").Shown} Shown */
/** @typedef {"off" | "presenting" | "following" | "left"} Mode */

const STORED = "aae-presenting"; // the token, for as long as the tab is open
const PADS = "canvas, .story nav"; // what is touched of a pad

export class FollowMe {
  /**
   * @param {Link} link
   * @param {(name: string) => string} route of the server's routes, by their names
   */
  constructor(link, route) {
    this.link = link;
    this.route = route;
    this.onreopen = () => {}; // what is mounted is to read the address anew
    /** @type {Mode} */
    this.mode = "off";
    /** @type {Set<(query: string) => void>} maps that show what they are given of an address */
    this.takers = new Set();
    /** @type {Channel | null} of a presenter */
    this.channel = null;
    /** @type {Audience | null} */
    this.audience = null;
    this.room = new URLSearchParams(location.search).get(FOLLOW) ?? "";
    /** @type {Shown | null} what the presenter showed last */
    this.shown = null;
    this.banner = new Banner(this);
    this.listen();
    const token = sessionStorage.getItem(STORED);
    if (this.room) this.follow();
    else if (token) this.present(token);
  }

  /** Hear of what the visitor touches, and of moves to another page. */
  listen() {
    const touched = (/** @type {Event} */ event) => this.touched(event);
    for (const type of ["pointerdown", "keydown"]) document.addEventListener(type, touched, true);
    /** @type {any} */ (window).navigation?.addEventListener("currententrychange", () => this.moved());
  }

  /** What is shown here. @returns {Shown} */
  get here() {
    return { page: location.pathname, query: `?${withoutOwn(location.search)}` };
  }

  toggle() {
    if (this.mode === "off") this.present(newToken());
    else if (this.mode === "presenting") this.end();
    else if (this.mode === "following") this.set("left");
    else this.back();
  }

  /** @param {Mode} mode */
  set(mode) {
    this.mode = mode;
    this.banner.show();
  }

  /** @param {string} token */
  present(token) {
    sessionStorage.setItem(STORED, token);
    this.channel = new Channel(this.route("api/follow"), token, (audience) => {
      this.audience = audience;
      this.banner.show();
    });
    this.set("presenting");
    this.channel.send(this.here);
  }

  end() {
    sessionStorage.removeItem(STORED);
    this.channel?.close();
    this.channel = this.audience = null;
    this.set("off");
  }

  /** The page's address has changed. */
  moved() {
    this.channel?.send(this.here);
  }

  /**
   * A map shows something else; its address is written later.
   * @param {() => Record<string, string | null>} parameters
   */
  show(parameters) {
    if (!this.channel) return;
    const { pathname: page, search } = new URL(withParameters(location.href, parameters()));
    this.channel.send({ page, query: `?${withoutOwn(search)}` });
  }

  follow() {
    const source = new EventSource(this.route(`api/follow/${encodeURIComponent(this.room)}`));
    source.onmessage = ({ data }) => this.receive(JSON.parse(data));
    source.onopen = () => this.banner.connected(true);
    source.onerror = () => this.banner.connected(false);
    this.set("following");
  }

  /** @param {Shown} shown */
  receive(shown) {
    this.shown = shown;
    if (this.mode !== "following" || !/^\/(?!\/)/.test(shown.page)) return;
    if (isElsewhere(shown, this.here)) this.travel(shown);
    else if (this.takers.size) for (const take of this.takers) take(shown.query);
    else if (isOther(shown.query, this.here.query)) this.reopen(shown);
  }

  /** Let pads that are no maps read the address anew. @param {Shown} shown */
  reopen({ query }) {
    this.link.write(ofPads(query));
    this.onreopen();
  }

  /** @param {Shown} shown */
  travel({ page, query }) {
    travel(this.link, page + followed(query, this.room), false);
  }

  back() {
    this.set("following");
    if (this.shown) this.receive(this.shown);
  }

  /** A follower who touches a pad, or presses a key, is on their own; F follows again. @param {Event} event */
  touched(event) {
    if (!event.isTrusted || this.mode === "off" || this.mode === "presenting") return;
    const path = event.composedPath(), key = event instanceof KeyboardEvent ? event.key.toLowerCase() : "";
    if (path.includes(this.banner.element) || path.some(isField)) return;
    if (key === "f") (event.preventDefault(), event.stopPropagation(), this.toggle());
    else if (this.mode === "following" && (key || path.some(isPad))) this.set("left");
  }

  /** Show the address of what is shown, or the one to follow, as a QR code. */
  code() {
    const follow = this.audience && { [FOLLOW]: this.audience.room };
    showCode(withParameters(this.link.share(), follow ?? {}), this.route("api/qr.svg"), Boolean(follow));
  }
}

/** @param {EventTarget} target */
function isPad(target) {
  return target instanceof Element && target.matches(PADS);
}

/** Whether it takes text: there F is a letter. @param {EventTarget} target */
function isField(target) {
  return target instanceof Element && target.matches("input:not([type=range]), textarea, [contenteditable=true]");
}

