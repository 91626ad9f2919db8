/** What Streamlit calls for each of its components on a page: at first, with every new payload, and at the end. */

import { addressBar } from "./address.js";
import { FollowMe } from "./follow/follow-me.js";
import { mount } from "./mount.js";

/** @typedef {import("./mount.js").Mounted} Mounted */
/** @typedef {import("./payload.js").Payload} Payload */

/**
 * @typedef {object} Component
 * @property {[Payload]} data in a list, in which Streamlit does not look for tables
 * @property {Element | ShadowRoot} parentElement
 * @property {(name: string, value: any) => void} setStateValue
 */

/** @typedef {{kind: string, mounted: Mounted, again: () => Mounted}} Opened */

/** @type {Map<Element | ShadowRoot, Opened>} */
const OPEN = new Map();

const LINK = addressBar(window, ["mine", "follow"]);
const FOLLOW = new FollowMe(LINK, (name) => new URL(name, document.baseURI).href);
FOLLOW.onreopen = () => {
  for (const open of OPEN.values()) {
    open.mounted.close();
    open.mounted = open.again();
  }
};

/** @param {Component} component */
export default function ({ data: [payload], parentElement, setStateValue }) {
  const open = OPEN.get(parentElement), host = { report: setStateValue, link: LINK, follow: FOLLOW };
  const again = () => mount(parentElement, payload, host);
  if (open?.kind === payload.kind) {
    open.mounted.update(payload);
    open.again = again;
  } else {
    open?.mounted.close();
    OPEN.set(parentElement, { kind: payload.kind, mounted: again(), again });
  }
  return () => {
    OPEN.get(parentElement)?.mounted.close();
    OPEN.delete(parentElement);
  };
}
