/** Another address of the app is opened, as the browser's Back would: nothing is loaded anew. */

/** @typedef {import("../payload.js").Link} Link */

/**
 * @param {Link} link
 * @param {string} address with its query
 * @param {boolean} isNew whether Back returns from it
 */
export function travel(link, address, isNew) {
  const { href } = new URL(address, document.baseURI);
  link.forget(); // or it would put back what pads wrote before
  if (isNew) history.pushState(null, "", href);
  else history.replaceState(history.state, "", href);
  dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
}
