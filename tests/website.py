"""A folder with the modules, payloads and files, served by `python -m http.server`, and what tests do in it."""

import hashlib
import json
import time
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Error
from safetensors.torch import save as serialize

from aae import data, runs
from aae.analysis import planes
from aae.app.browser import maps
from benchmarks.browser import serve_files

WEB = Path(__file__).resolve().parents[1] / "aae/web"
PAGE = """<!doctype html><meta charset="utf-8"><title>A latent map</title><link rel="icon" href="data:,">
<main></main><script type="module">
import { addressBar } from "./web/address.js";
import { mount } from "./web/mount.js";
const payloads = await (await fetch("payloads.json", { cache: "no-store" })).json();
const told = window.told = [];
const host = { report: (name, value) => told.push([name, value]), link: addressBar(window, ["mine"]) };
window.mounted = payloads.map((payload) => mount(document.querySelector("main"), payload, host));
</script>"""


@contextmanager
def serve(folder):
    """A site in a folder, until the block ends."""
    with serve_files(folder) as address:
        yield Site(folder, address)


class Site:
    """A folder that is served as it is."""

    def __init__(self, folder, address):
        self.folder, self.address = folder, address
        (folder / "web").symlink_to(WEB)
        (folder / "index.html").write_text(PAGE)

    def publish(self, content):
        """Keep bytes as a file named by their content; its relative address."""
        name = hashlib.sha256(content).hexdigest()[:16]
        (self.folder / name).write_bytes(content)
        return name

    def addresses(self, run, images=True):
        """The files of a run."""
        frames = self.frames(run)
        pixels = data.load(run.config.dataset).test.pixels[: runs.MAX_CODES] if images else None
        stored = None if pixels is None else self.publish(serialize({"images": pixels}))
        made = (maps.decoder_file, maps.decoder_rest_file, maps.encoder_file, maps.codes_file)
        return maps.Addresses(*(self.publish(make(run)) for make in made), frames, stored, "is not here")

    def show(self, *payloads):
        """What the page mounts from now on."""
        (self.folder / "payloads.json").write_text(json.dumps(payloads))

    def frames(self, run):
        """The addresses of a run's frames by epoch."""
        return {str(epoch): self.publish(maps.frame_file(frame)) for epoch, frame in run.snapshots.items()}

    def payload(self, name, plane="0,1", **changes):
        """A map of a shipped run; MNIST's images are left out."""
        run = runs.load(runs.shipped()[name])
        label = 0 if planes.n_labels(run.config) else None
        return {**maps.map_payload(maps.map_facts(run, plane), self.addresses(run, name == "digits"), label), **changes}


def open_maps(page, site, *payloads, query=""):
    """Show these payloads; a handle of each map, once all are ready and exact."""
    site.show(*payloads)
    page.goto(site.address + query)
    page.locator("canvas.map[data-ready=true]:not([data-exact=false])").nth(len(payloads) - 1).wait_for()
    return [Map(page, i) for i in range(len(payloads))]


def draw(page, canvas, *strokes):
    """Draw a line through places of a canvas, in shares of its width and height."""
    box = canvas.bounding_box()
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in strokes]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=6)
    page.mouse.up()


class Map:
    """A map on the page."""

    def __init__(self, page, i):
        self.page, self.canvas = page, page.locator("canvas.map").nth(i)

    def snapshot(self):
        """What it shows, once it has painted its last change."""
        return self.canvas.evaluate("""async el => {
          for (let i = 0; i < 2; i++) await new Promise(done => requestAnimationFrame(done));
          return el.latentMap.snapshot(); }""")

    def at(self, x, y):
        """The point of the page at shares of its width and height."""
        self.canvas.scroll_into_view_if_needed()
        box = self.canvas.bounding_box()
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def place(self, x, y):
        """The place on the plane at shares of its width and height."""
        return self.canvas.evaluate("(el, [x, y]) => el.latentMap.placeAt(x, y)", [x, y])

    def decode(self, codes):
        """The pixels of codes."""
        return self.canvas.evaluate("(el, codes) => codes.map((z) => el.latentMap.decode(z))", codes)

    def wait(self, condition, arg=None, seconds=60):
        """Return once a condition of the snapshot (s) and an argument (a) holds, of whatever map is there then."""
        give_up = time.monotonic() + seconds
        while not self.holds(condition, arg):
            assert time.monotonic() < give_up, f"{condition} did not come: {self.snapshot()}"
            self.page.wait_for_timeout(30)

    def holds(self, condition, arg=None):
        """Whether a condition of the snapshot (s) and an argument (a) holds now."""
        look = f"(el, a) => {{ const s = el.latentMap.snapshot(); return !!({condition}); }}"
        try:
            return self.canvas.evaluate(look, arg)
        except Error as error:
            if "detached" in str(error) or "destroyed" in str(error):
                return False  # another map, or page, takes its place
            raise
