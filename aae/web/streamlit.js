/** What Streamlit calls for each of its components on a page: at first, with every new payload, and at the end. */

import { addressBar } from "./address.js";
import { mount } from "./mount.js";

/** @typedef {import("./mount.js").Mounted} Mounted */
/** @typedef {import("./payload.js").Payload} Payload */

/**
 * @typedef {object} Component
 * @property {[Payload]} data in a list, in which Streamlit does not look for tables
 * @property {Element | ShadowRoot} parentElement
 * @property {(name: string, value: any) => void} setStateValue
 */

/** @type {WeakMap<Element | ShadowRoot, {kind: string, mounted: Mounted}>} */
const OPEN = new WeakMap();

const LINK = addressBar(window, ["mine"]);

/** @param {Component} component */
export default function ({ data: [payload], parentElement, setStateValue }) {
  const open = OPEN.get(parentElement);
  if (open?.kind === payload.kind) open.mounted.update(payload);
  else {
    open?.mounted.close();
    const mounted = mount(parentElement, payload, { report: setStateValue, link: LINK });
    OPEN.set(parentElement, { kind: payload.kind, mounted });
  }
  return () => {
    OPEN.get(parentElement)?.mounted.close();
    OPEN.delete(parentElement);
  };
}
