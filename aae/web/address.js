/** The address of the page, as a host gives it to what is mounted. */

import { withParameters } from "./link/link.js";

/** @typedef {import("./payload.js").Link} Link */

/**
 * The browser's own address: what is written replaces it, so that the history does not fill with places.
 * @param {string[]} secrets parameters that are nobody else's business
 * @returns {Link}
 */
export function addressBar(secrets = []) {
  return {
    read: () => location.search,
    write(parameters) {
      const href = withParameters(location.href, parameters);
      if (href !== location.href) history.replaceState(history.state, "", href);
    },
    share: () => withParameters(location.href, Object.fromEntries(secrets.map((name) => [name, null]))),
  };
}
