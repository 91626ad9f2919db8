/** What Streamlit calls for each of its components on a page: at first, with every new payload, and at the end. */

import { addressBar } from "./address.js";
import { FollowMe } from "./follow/follow-me.js";
import { travel } from "./follow/travel.js";
import { mount } from "./mount.js";

/** @typedef {import("./mount.js").Mounted} Mounted */
/** @typedef {import("./payload.js").Payload} Payload */

/**
 * @typedef {object} Component
 * @property {[Payload]} data in a list, in which Streamlit does not look for tables
 * @property {Element | ShadowRoot} parentElement
 * @property {(name: string, value: any) => void} setStateValue
 */

/** @typedef {{kind: string, mounted: Mounted, again: () => Mounted, ending?: ReturnType<typeof setTimeout>}} Opened */

/** @type {Map<Element | ShadowRoot, Opened>} */
const OPEN = new Map();

const PATIENCE = 500; // ms that a component which is still on the page has to be called again
const LINK = addressBar(window, ["mine", "follow"]);
const FOLLOW = new FollowMe(LINK, (name) => new URL(name, document.baseURI).href);
FOLLOW.onreopen = () => reopen(() => true);

/** @param {(open: Opened) => boolean} isMeant */
function reopen(isMeant) {
  for (const open of [...OPEN.values()].filter(isMeant)) {
    open.mounted.close();
    open.mounted = open.again();
  }
}

/** @type {Set<import("./payload-tour.js").Staged>} */
const STAGE = new Set();
const REREAD = ["clusters", "denoise", "anomalies", "search"]; // that read the address when they open, and not later

/**
 * The address of a page: what is written late, when another page is open already, is dropped.
 * @param {string} path
 * @returns {import("./payload.js").Link}
 */
function linkAt(path) {
  return { ...LINK, write: (parameters) => { if (location.pathname === path) LINK.write(parameters); } };
}

/**
 * @param {string} address
 * @param {boolean} isNew
 */
function go(address, isNew) {
  travel(LINK, address, isNew);
  for (const take of FOLLOW.takers) take(location.search);
  reopen(({ kind }) => REREAD.includes(kind));
}

/** @param {Component["parentElement"]} root */
function close(root) {
  OPEN.get(root)?.mounted.close();
  OPEN.delete(root);
}

/**
 * End a component. Where a choice follows upon another, Streamlit ends one that stays, and calls it again at once: it
 * goes on, with the focus in it.
 * @param {Component["parentElement"]} root
 */
function end(root) {
  const open = OPEN.get(root);
  if (open && root.isConnected) open.ending = setTimeout(() => close(root), PATIENCE);
  else close(root);
}

/** @param {Component} component */
export function show({ data: [payload], parentElement, setStateValue }) {
  const link = linkAt(location.pathname), host = { report: setStateValue, link, follow: FOLLOW, stage: STAGE, go };
  const open = OPEN.get(parentElement);
  const again = () => mount(parentElement, payload, host);
  clearTimeout(open?.ending);
  if (open?.kind === payload.kind) {
    open.mounted.update(payload);
    open.again = again;
  } else {
    open?.mounted.close();
    OPEN.set(parentElement, { kind: payload.kind, mounted: again(), again });
  }
  return () => end(parentElement);
}
