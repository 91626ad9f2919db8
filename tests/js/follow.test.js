import assert from "node:assert/strict";
import { test } from "node:test";

import { Channel, newToken } from "../../aae/web/follow/channel.js";
import { followed, isElsewhere, isOther, ofPads } from "../../aae/web/follow/route.js";

const at = (/** @type {string} */ query, page = "/explore") => ({ page, query });

test("a follower goes elsewhere for what the server reads, and not for what pads do", () => {
  assert(isElsewhere(at("?run=ae"), at("?run=vae")) && isElsewhere(at(""), at("", "/")));
  assert(!isElsewhere(at("?run=ae&z=0,1&threshold=3"), at("?threshold=4&run=ae&pins=1,1&follow=x&mine=y")));
  assert(isOther("?z=0,1", "?z=0,2") && !isOther("?run=ae&z=0,1", "?follow=x&z=0,1&run=vae"));
  assert.deepEqual([ofPads("?z=0,1&run=ae").z, ofPads("?run=ae").z, ofPads("?run=ae").run], ["0,1", null, undefined]);
  assert.equal(followed("?run=ae&follow=old&mine=secret", "new"), "?run=ae&follow=new");
});

test("of what is shown while a message is on its way, the newest alone is sent", async () => {
  /** @type {any[]} */
  const sent = [];
  const before = globalThis.fetch;
  globalThis.fetch = /** @type {any} */ (async (/** @type {string} */ address, /** @type {any} */ { body }) => {
    sent.push([address, JSON.parse(body)]);
    if (sent.length === 3) throw new Error("the server is gone");
    return Response.json({ room: "r", followers: sent.length });
  });
  /** @type {any[]} */
  const answers = [], channel = new Channel("/api/follow", "secret", (audience) => answers.push(audience));
  for (const z of [1, 2, 3]) channel.send(at(`?z=${z},0`));
  await new Promise((done) => setTimeout(done, 130));
  channel.send(at("?z=4,0"));
  await new Promise((done) => setTimeout(done, 80));
  channel.close();
  globalThis.fetch = before;
  assert.deepEqual(sent.map(([, { query }]) => query), ["?z=1,0", "?z=3,0", "?z=4,0"]);
  assert.deepEqual(sent[0], ["/api/follow", { token: "secret", page: "/explore", query: "?z=1,0" }]);
  assert.deepEqual(answers, [{ room: "r", followers: 1 }, { room: "r", followers: 2 }, null]);
});

test("a token is a secret of its own", () => {
  assert.match(newToken(), /^[0-9a-f]{32}$/);
  assert.notEqual(newToken(), newToken());
});
