/** A link as a QR code, large enough for a projector, over everything else. */

import { dress } from "../css.js";
import { button, make } from "../dom.js";

const LOCAL = /^(localhost|127\.|\[::1\])/;

/**
 * @param {string} link
 * @param {string} route that draws it
 * @param {boolean} isFollowed whether who opens it follows
 */
export function showCode(link, route, isFollowed) {
  const image = make("img", { alt: "QR code of the link below" }), close = button("close (Esc)", () => dialog.close());
  const what = isFollowed ? "Who opens this link follows you." : "The address of what is shown.";
  const local = LOCAL.test(new URL(link).host)
    ? " It works on this machine alone: open the app by its address in the network, then show this again." : "";
  const field = make("input", { value: link, readOnly: true, "aria-label": "The link", onfocus: () => field.select() });
  const dialog = make("dialog", { className: "code" }, make("p", {}, what + local), image, field, close);
  image.onerror = () => image.replaceWith("The code could not be drawn: copy the link.");
  image.src = `${route}?text=${encodeURIComponent(link)}`;
  dialog.onclose = () => dialog.remove();
  document.body.append(dialog);
  dress(dialog);
  dialog.showModal();
  close.focus();
}
