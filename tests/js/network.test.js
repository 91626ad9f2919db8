import assert from "node:assert/strict";
import { test } from "node:test";

import { Decoder, Network } from "../../aae/web/math/network.js";
import { parseTensors } from "../../aae/web/math/tensors.js";
import { assertClose, bufferOf, golden } from "./helpers.js";

const { mlp, decoder, split } = golden("network");
const conditional = () => new Decoder(parseTensors(bufferOf(decoder.file)));

test("an MLP whose BatchNorm was folded away gives torch's outputs", () => {
  const network = new Network(parseTensors(bufferOf(mlp.file)));
  for (const [i, x] of mlp.inputs.entries()) assertClose(network.forward(x), mlp.outputs[i]);
});

test("weights whose upper bits come first are rough, and exact once their lower bits are here", () => {
  const network = new Network(parseTensors(bufferOf(split.first)));
  for (const [i, x] of split.inputs.entries()) assertClose(network.forward(x), split.rough[i]);
  network.refine(parseTensors(bufferOf(split.rest)));
  for (const [i, x] of split.inputs.entries()) assertClose(network.forward(x), split.outputs[i]);
});

test("a network that came whole has nothing to refine", () => {
  const network = new Network(parseTensors(bufferOf(mlp.file)));
  network.refine(parseTensors(bufferOf(split.rest)));
  assertClose(network.forward(mlp.inputs[0]), mlp.outputs[0]);
});

test("a conditional decoder gives torch's image of each class, for one call or until it is conditioned anew", () => {
  const network = conditional();
  for (const [label, images] of Object.entries(decoder.images)) {
    for (const [i, z] of decoder.codes.entries()) assertClose(network.decode(z, Number(label)), images[i]);
  }
  network.condition(9);
  assertClose(network.decode(decoder.codes[0]), decoder.images[9][0]);
  assertClose(network.decode(decoder.codes[0], 3), decoder.images[3][0]);
  assertClose(network.decode(decoder.codes[0]), decoder.images[9][0]);
});

test("a mixture of classes is a mixture of their first biases", () => {
  const network = conditional();
  decoder.shares.forEach((/** @type {number[]} */ share, /** @type {number} */ i) => {
    network.mix(share);
    assertClose(network.decode(decoder.codes[i]), decoder.mixtures[i]);
  });
});

test("a class that the decoder does not have leaves it at its first", () => {
  const network = conditional();
  network.condition(99);
  assertClose(network.decode(decoder.codes[0]), decoder.images[0][0]);
});

test("a file without layers is no network", () => assert.throws(() => new Network({}), /no layers/));
