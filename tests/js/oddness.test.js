import { test } from "node:test";

import { Encoder } from "../../aae/web/math/encoder.js";
import { Decoder } from "../../aae/web/math/network.js";
import { scoreOf } from "../../aae/web/math/oddness.js";
import { logDensity } from "../../aae/web/math/prior-density.js";
import { parseTensors } from "../../aae/web/math/tensors.js";
import { assertClose, bufferOf, golden, number } from "./helpers.js";

const { densities, models } = golden("oddness");

for (const { prior, z, values } of densities) {
  test(`the log density of the prior ${prior.name} is that of the package`, () => {
    const cells = prior.cells && Float32Array.from(prior.cells);
    const found = z.map((/** @type {number[]} */ code) => logDensity(code, { ...prior, cells }));
    assertClose(found, values.map(number), 1e-3);
  });
}

for (const { name, encoder, decoder, discriminator, dim, gaussian, prior, images, scores } of models) {
  const read = (/** @type {string} */ file) => parseTensors(bufferOf(file));
  const scorer = {
    encoder: new Encoder(read(encoder), dim, gaussian), decoder: new Decoder(read(decoder)),
    discriminator: discriminator && new Decoder(read(discriminator)), prior,
  };
  for (const score of Object.keys(scores)) {
    test(`the score ${score} of an image under a model (${name}) is that of the package`, () => {
      const found = images.map((/** @type {number[]} */ pixels) => scoreOf(score, Float32Array.from(pixels), scorer));
      assertClose(found, scores[score], 1e-3);
    });
  }
}
