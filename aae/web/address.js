/**
 * The address of the page, as a host gives it to what is mounted. Streamlit answers a choice with the query that it
 * last knew, without what was written here since: that is kept, and put back. So is what lasts from page to page.
 */

import { withParameters } from "./link/link.js";

export const LASTING = ["hide"]; // parameters that stay from page to page

/** @typedef {import("./payload.js").Link} Link */
/** @typedef {Record<string, string | null>} Parameters */
/**
 * What is needed of a window.
 * @typedef {object} Page
 * @property {{href: string, pathname: string, search: string}} location
 * @property {Pick<History, "state" | "replaceState">} history
 * @property {(type: string, listener: () => void) => void} addEventListener
 * @property {EventTarget} [navigation] not in every browser; there the next write puts back what another script dropped
 */

/**
 * The browser's own address: what is written replaces it, so that the history does not fill with places.
 * @param {Page} page
 * @param {string[]} secrets parameters that are not shared
 * @returns {Link}
 */
export function addressBar(page, secrets = []) {
  const { location, history } = page;
  const first = new URLSearchParams(location.search);
  const lasting = Object.fromEntries(LASTING.map((name) => [name, first.get(name)]));
  let own = { path: "", parameters: /** @type {Parameters} */ ({}) };
  /** @param {Parameters} parameters */
  const replace = (parameters) => {
    const href = withParameters(location.href, parameters);
    if (href !== location.href) history.replaceState(history.state, "", href);
  };
  const kept = () => (own.path === location.pathname ? own.parameters : {});
  const lost = () => without({ ...lasting, ...kept() }, new URLSearchParams(location.search));
  const forget = () => void (own = { path: "", parameters: {} });
  onMove(page, () => replace(lost()), forget);
  return {
    read: () => new URL(withParameters(location.href, lost())).search,
    write(parameters) {
      own = { path: location.pathname, parameters: { ...kept(), ...parameters } };
      replace(parameters);
    },
    forget,
    wrote: (name, text) => kept()[name] === text,
    share: () => withParameters(location.href, Object.fromEntries(secrets.map((name) => [name, null]))),
  };
}

/**
 * The parameters that a query lacks.
 * @param {Parameters} parameters
 * @param {URLSearchParams} query
 */
function without(parameters, query) {
  return Object.fromEntries(Object.entries(parameters).filter(([name, text]) => text !== null && !query.has(name)));
}

/**
 * Listen for changes of the address by scripts, and for Back and Forward.
 * @param {Page} page
 * @param {() => void} changed
 * @param {() => void} travelled
 */
function onMove(page, changed, travelled) {
  page.addEventListener("popstate", travelled);
  page.navigation?.addEventListener("currententrychange", (event) => {
    const { navigationType } = /** @type {Event & {navigationType?: string}} */ (event);
    if (navigationType === "push" || navigationType === "replace") changed();
  });
}
