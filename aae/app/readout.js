// The words about a place: what is near it in the code's own space, and what the prior expects there.

const FEW = 3; // expected codes: fewer, and their absence says little
const FAR = 2; // radii to the nearest code: farther, and the decoder extrapolates

function placeWords(place, dim) {
  const numbers = place.map((x) => x.toFixed(2)).join(", ");
  return dim > 2 ? `place (${numbers}) on the plane` : `z = (${numbers})`;
}

function expectedWords(expected) {
  return expected === null ? "" : ` (the prior expects ${expected < 1 ? "fewer than 1" : Math.round(expected)})`;
}

function figureWords({ reconstruction_mse, prior_distance, prior_distance_floor }, images, prior) {
  // prior: its name, of a model without one: what the distance is to
  const times = `${(prior_distance / prior_distance_floor).toFixed(1)} times as far from`;
  const distance = prior ? `no prior: codes ${times} the ${prior} as draws of it` : `codes ${times} the prior as draws of it`;
  return `On ${images} images: squared error ${reconstruction_mse.toFixed(4)} a pixel; ${distance}.`;
}

// The discriminator's score as bytes: 255 a draw of the prior, 0 a code, 127.5 either

const SURE = 0.05; // a doubt below it is painted faintly, not scaled up

function mostDoubt(values) {
  return values.reduce((most, value) => Math.max(most, Math.abs(value / 127.5 - 1)), SURE);
}

function opinionPixels(values) {
  // Red, green, blue and opacity of each
  const most = mostDoubt(values), pixels = new Uint8ClampedArray(4 * values.length);
  values.forEach((value, i) => {
    const doubt = value / 127.5 - 1;
    pixels.set([...(doubt > 0 ? [40, 110, 220] : [240, 130, 20]), (170 * Math.abs(doubt)) / most], 4 * i);
  });
  return pixels;
}

function opinionWords(values) {
  if (!values) return "There is no map of a discriminator here.";
  const percent = (value) => Math.round(value / 2.55), low = values.reduce((a, b) => Math.min(a, b)), high = values.reduce((a, b) => Math.max(a, b));
  const range = `Discriminator: that a code is a draw of the prior, ${percent(low)} % (orange) to ${percent(high)} % (blue)`;
  return mostDoubt(values) > SURE ? `${range}; 50 % is either.` : `${range}: undecided everywhere, as it should be in the end.`;
}

function nearWords({ count, expected, distance, radius, dim, other, of }) {
  // expected: a number of codes, or null without a prior; distance: of the nearest code; other: than the image at z;
  // of: of which codes alone that is, or null where all are shown
  const within = `within ${radius} of z${dim > 2 ? ` in all ${dim} dimensions` : ""}${of ? "" : expectedWords(expected)}`;
  if (of) return `${count || "None"} of the ${of} ${within}.`;
  const code = `${other ? "other " : ""}test code`;
  if (count) return `${count} ${code}${count > 1 ? "s" : ""} ${within}.`;
  if (expected === null) return `No ${code} ${within}: the decoder extrapolates here.`;
  if (expected >= FEW) return `No ${code} ${within}, a hole: the decoder extrapolates here.`;
  const far = distance > FAR * radius ? ": the decoder extrapolates here" : "";
  return `No ${code} ${within}; the nearest is ${distance.toPrecision(2)} away${far}.`;
}
