/** The address of what is shown, to the clipboard; where that is not allowed (plain http), as text to copy. */

import { make } from "../dom.js";

/** @typedef {import("./latent-map.js").LatentMap} LatentMap */

/** @param {LatentMap} map */
export async function copyLink(map) {
  for (const part of map.parts) part.flush?.();
  const address = map.host.link.share();
  if (await copied(address)) return map.say(`Copied: ${address}`);
  const field = make("input", { value: address, readOnly: true, "aria-label": "The address of what is shown" });
  map.say("The browser does not let this page copy. Copy the address yourself: ");
  map.notice.append(field);
  field.select();
}

/**
 * Whether the text is in the clipboard now.
 * @param {string} text
 */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedBySelection(text);
  }
}

/**
 * The way that plain http has: what is selected is copied.
 * @param {string} text
 */
function copiedBySelection(text) {
  const field = make("textarea", { value: text, className: "hidden-copy" });
  document.body.append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
  }
}
