/** What a presenter's browser sends to the server, and what the browsers of followers receive of it. */

/** @typedef {{page: string, query: string}} Shown what a browser shows: a path, and a query "?run=aae&z=0,1" */
/** @typedef {{room: string, followers: number}} Audience */

const PAUSE = 50; // ms from one message to the next: twenty a second
const HEARTBEAT = 10_000; // ms after which the same is sent again, to learn how many follow

/** Sends the newest of what is shown, one message at a time. */
export class Channel {
  /**
   * @param {string} address of the server's route
   * @param {string} token a secret
   * @param {(audience: Audience | null) => void} onanswer null: the server did not answer
   */
  constructor(address, token, onanswer) {
    this.address = address;
    this.token = token;
    this.onanswer = onanswer;
    /** @type {Shown | null} what is to be sent */
    this.next = null;
    /** @type {Shown | null} */
    this.last = null;
    this.busy = false;
    this.heart = setInterval(() => this.last && this.send(this.last), HEARTBEAT);
  }

  /** @param {Shown} shown */
  send(shown) {
    this.next = shown;
    if (!this.busy) this.flush();
  }

  async flush() {
    this.busy = true;
    while (this.next) {
      const shown = (this.last = this.next), wait = new Promise((done) => setTimeout(done, PAUSE));
      this.next = null;
      this.onanswer(await this.post(shown));
      await wait;
    }
    this.busy = false;
  }

  /** @param {Shown} shown @returns {Promise<Audience | null>} */
  async post(shown) {
    try {
      const response = await fetch(this.address, {
        method: "POST", body: JSON.stringify({ token: this.token, ...shown }),
      });
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  }

  close() {
    clearInterval(this.heart);
    this.next = null;
  }
}

/** A secret that nobody guesses. */
export function newToken() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
