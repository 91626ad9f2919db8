import assert from "node:assert/strict";
import { test } from "node:test";

import { addressBar } from "../../aae/web/address.js";

/**
 * A window with an address: `move` is what another script, or the visitor, does to it.
 * @param {string} href
 */
function pageAt(href, { navigates = true } = {}) {
  const events = new EventTarget(), navigation = new EventTarget(), location = new URL(href);
  const move = (/** @type {string} */ navigationType, /** @type {string} */ to) => {
    location.href = new URL(to, location.href).href;
    if (navigationType === "traverse") events.dispatchEvent(new Event("popstate"));
    navigation.dispatchEvent(Object.assign(new Event("currententrychange"), { navigationType }));
  };
  /** @type {History["replaceState"]} */
  const replaceState = (_state, _title, to) => move("replace", String(to));
  const addEventListener = (/** @type {string} */ type, /** @type {() => void} */ listener) =>
    events.addEventListener(type, listener);
  return { location, history: { state: null, replaceState }, addEventListener, move, ...(navigates && { navigation }) };
}

test("what was written stands in the address; null takes a parameter out", () => {
  const page = pageAt("http://host/explore?run=ae&z=1,1"), link = addressBar(page);
  link.write({ z: "0.5,-2", pins: "0,0;1,1", only: null });
  assert.equal(page.location.href, "http://host/explore?run=ae&z=0.5,-2&pins=0,0;1,1");
  link.write({ z: null });
  assert.equal(page.location.search, "?run=ae&pins=0,0;1,1");
});

test("parameters that another script dropped are put back", () => {
  const page = pageAt("http://host/explore?run=ae"), link = addressBar(page);
  link.write({ z: "1,2", only: "3" });
  link.write({ only: null });
  page.move("push", "/explore?run=vae");
  assert.equal(page.location.search, "?run=vae&z=1,2");
  page.move("replace", "/explore?run=vae&z=0,0");
  assert.equal(page.location.search, "?run=vae&z=0,0");
});

test("a browser that tells nothing of it reads them all the same, and its next write puts them back", () => {
  const page = pageAt("http://host/explore?run=ae", { navigates: false }), link = addressBar(page);
  link.write({ z: "1,2", pins: "3,4" });
  page.move("push", "/explore?run=vae");
  assert.equal(page.location.search, "?run=vae");
  assert.equal(link.read(), "?run=vae&z=1,2&pins=3,4");
  link.write({ z: "1,2", pins: "3,4" });
  assert.equal(page.location.search, "?run=vae&z=1,2&pins=3,4");
});

test("another page, and a place in the history, have parameters of their own", () => {
  const page = pageAt("http://host/explore?run=ae"), link = addressBar(page);
  link.write({ z: "1,2" });
  page.move("push", "/compare?run=ae");
  assert.deepEqual([page.location.search, link.read()], ["?run=ae", "?run=ae"]);
  page.move("push", "/explore");
  link.write({ z: "1,2" });
  page.move("traverse", "/explore?run=ae");
  assert.deepEqual([page.location.search, link.read()], ["?run=ae", "?run=ae"]);
});

test("what was written here is known from what a visitor asked for", () => {
  const link = addressBar(pageAt("http://host/explore?epoch=7"));
  link.write({ only: "3" });
  assert.deepEqual([link.wrote("only", "3"), link.wrote("only", "4"), link.wrote("epoch", "7")], [true, false, false]);
});

test("an address to share leaves the secrets out", () => {
  const page = pageAt("http://host/train?mine=abc&run=ae"), link = addressBar(page, ["mine"]);
  assert.equal(link.share(), "http://host/train?run=ae");
  assert.equal(page.location.search, "?mine=abc&run=ae");
});

test("what lasts stays from page to page", () => {
  const page = pageAt("http://host/explore?run=ae&hide=controls"), link = addressBar(page);
  page.move("push", "/compare?tour=5.vae");
  assert.equal(page.location.search, "?tour=5.vae&hide=controls");
  page.move("push", "/style");
  assert.deepEqual([page.location.search, link.read()], ["?hide=controls", "?hide=controls"]);
});
