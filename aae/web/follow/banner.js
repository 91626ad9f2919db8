/** A line at the lower edge of the window: who is followed, or how many follow. */

import { dress } from "../css.js";
import { button, make, write } from "../dom.js";

/** @typedef {import("./follow-me.js").FollowMe} FollowMe */

export class Banner {
  /** @param {FollowMe} me */
  constructor(me) {
    this.me = me;
    this.isConnected = true;
    this.text = make("span", { role: "status" });
    this.turn = button("", () => me.toggle());
    this.code = button("link and QR code", () => me.code());
    this.element = make("aside", { className: "follow-banner", hidden: true }, this.text, this.code, this.turn);
    document.body.append(this.element);
    dress(this.element);
  }

  /** @param {boolean} is */
  connected(is) {
    this.isConnected = is;
    this.show();
  }

  show() {
    const { mode, audience } = this.me, n = audience?.followers ?? 0;
    const lost = this.isConnected ? "" : " The connection is lost; it is tried again.";
    const texts = {
      off: "", presenting: audience ? `You present: ${n} ${n === 1 ? "follows" : "follow"}.` : "You present.",
      following: `You follow the presenter.${lost}`, left: `You left the presenter.${lost}`,
    };
    const turns = { off: "", presenting: "end", following: "leave (F)", left: "follow again (F)" };
    this.element.hidden = mode === "off";
    this.code.hidden = mode !== "presenting" || !audience;
    write(this.text, texts[mode]);
    write(this.turn, turns[mode]);
  }
}
