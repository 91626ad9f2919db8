/** The words about a training: its progress and its figures. */

/** @typedef {import("../payload.js").Progress} Progress */

const A_FEW = 10; // epochs: below, tenths of them are shown

/**
 * @param {Progress} progress
 * @param {boolean} isEmpty whether nothing can be shown yet
 */
export function stateWords({ status, place, doing }, isEmpty) {
  if (status === "queued") return `Queued, position ${place}.`;
  const now = doing || (isEmpty ? "starting" : "");
  return status === "running" && now ? `${now[0].toUpperCase()}${now.slice(1)}…` : "";
}

/**
 * The estimated time that is left, where there is one.
 * @param {Progress} progress
 */
export function leftWords({ status, step, steps, seconds = 0 }) {
  const left = step ? (seconds / step) * (steps - step) : 0;
  if (status !== "running" || left <= 0) return "";
  return `, about ${left < 90 ? `${Math.ceil(left)} s` : `${Math.ceil(left / 60)} min`} left`;
}

/**
 * @param {number} epoch
 * @param {number} epochs
 * @param {string} unit
 */
export function whenWords(epoch, epochs, unit) {
  return `${unit} ${epoch < A_FEW && !Number.isInteger(epoch) ? epoch.toFixed(1) : Math.round(epoch)} of ${epochs}`;
}

/**
 * The two main figures; prior: its name, of a model without one: what the distance is to.
 * @param {Record<string, number>} figures
 * @param {string} images what they are measured on
 * @param {string | null} prior
 */
export function figureWords(figures, images, prior) {
  const { reconstruction_mse: mse, prior_distance: distance, prior_distance_floor: floor } = figures;
  const start = `On ${images} images: reconstruction MSE ${mse.toFixed(4)} per pixel`;
  if (!(floor > 0)) return `${start}; distance to the prior ${distance.toFixed(3)}.`;
  const times = `${(distance / floor).toFixed(1)} times as far from`;
  return `${start}; ${prior ? `no prior: codes ${times} the ${prior}` : `codes ${times} the prior`} as draws of it.`;
}

/** @param {number} accuracy */
export function accuracyWords(accuracy) {
  return `Accuracy of the discriminator on test images: ${Math.round(100 * accuracy)} % (chance: 50 %).`;
}
