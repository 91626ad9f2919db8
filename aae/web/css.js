/** The style sheets beside these modules, shared by everything that is mounted. */

/** @type {Promise<CSSStyleSheet> | undefined} */
let fetched;

async function fetchSheet() {
  const response = await fetch(new URL("web.css", import.meta.url));
  return new CSSStyleSheet().replace(await response.text());
}

/**
 * Apply the style sheet to the page, or the shadow tree, in which an element is; until then it is hidden, and takes no
 * place.
 * @param {HTMLElement} element
 */
export async function dress(element) {
  Object.assign(element.style, { visibility: "hidden", height: "0" });
  const sheet = await (fetched ??= fetchSheet()), root = /** @type {Document | ShadowRoot} */ (element.getRootNode());
  if (!element.isConnected) return; // it was closed while the style sheet was being fetched
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
  Object.assign(element.style, { visibility: "", height: "" });
}
