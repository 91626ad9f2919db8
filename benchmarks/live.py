"""Watching a training: what it costs the server and other visitors, how soon it shows something, how it plays back."""

import json
import os
import statistics
import tempfile
import time
from pathlib import Path

import torch

from aae import data, files, jobs, runs, training
from aae.analysis import planes
from aae.config import PRESETS
from aae.training import frames
from benchmarks import browser, report

MEANINGS = {
    "latency_ratio": "from a switch on Style & content to the server's answer, while a job trains, against idle",
    "first_frame_seconds": "from the click on Train to the first codes on the map (digits, AAE, defaults)",
    "waiting_mb": "memory of the process that waits for the next job with everything imported",
    "digits_seconds": "from the click on Train to codes within 5 sample distances of the prior (digits, AAE, defaults)",
    "view_cpu_share": "of a core, that the server needs for a page that shows a running job",
    "timeline_bytes": "of 200 frames of 10,000 codes",
    "scrub_frames_per_second": "different frames painted a second while such a timeline is scrubbed (screen: 60)",
}
N_FRAMES = 200
CLICKS = 30
WATCH_SECONDS, SCRUB_SECONDS = 20.0, 4.0
NEAR = 5  # times the distance of two prior samples
IMPORTS = 20  # seconds that they may take
FIRST = "el => { const s = el.latentMap?.snapshot(); return s?.status === 'running' && s.steps.length && s.points; }"
STORED = "0123456789ab"
LONG = "epochs=200&size=as+in+the+paper+%281000-1000%29"
SCRUB = """(map, seconds) => new Promise(done => {
  const slider = map.parentElement.querySelector(".timeline input"), begin = performance.now();
  let seen = 0, last = null;
  const next = now => {
    const share = Math.min(1, (now - begin) / 1000 / seconds);
    slider.value = Math.abs(1 - 2 * share);
    slider.oninput();
    if (map.latentMap.frame !== last) seen++, (last = map.latentMap.frame);
    share < 1 ? requestAnimationFrame(next) : done(1000 * seen / (now - begin));
  };
  requestAnimationFrame(next);
})"""


def measure() -> dict[str, float]:
    """Everything, in a server and a browser of its own."""
    with tempfile.TemporaryDirectory() as folder:
        stored = store_timeline(Path(folder) / "jobs")
        with browser.serve(runs=folder) as server, browser.chromium() as chromium:
            return {"timeline_bytes": stored, **watch(server, chromium)}


def watch(server: browser.Server, chromium) -> dict[str, float]:
    """What is measured in the browser."""
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    scrubbed = scrub(page, server)
    memory = waiting_mb(server)
    first, seconds = digits_seconds(page, server)
    idle = latency(page, server)
    start(page, server, LONG)
    share = view_cpu_share(page, server)
    busy = latency(page, server)
    return {
        "latency_ratio": busy / idle,
        "first_frame_seconds": first,
        "waiting_mb": memory,
        "digits_seconds": seconds,
        "view_cpu_share": share,
        "scrub_frames_per_second": scrubbed,
    }


def store_timeline(folder: Path) -> int:
    """A finished job with N_FRAMES frames of 10,000 codes, from a short training on decoded images; their bytes."""
    config = PRESETS["aae"]
    generator = torch.Generator().manual_seed(0)
    teacher = runs.load(runs.shipped()["aae"]).model()
    z = torch.randn(frames.MAX_CODES, 2, generator=generator)
    images = data.Images((255 * planes.decode(teacher, z)).to(torch.uint8), torch.arange(len(z)) % 10)
    state = training.start(config)
    worker = jobs.Worker(folder / STORED, state, data.Data(images, images, images), jobs.Control(), N_FRAMES - 1)
    kept = {"name": "200 frames", "owner": "nobody", "config": config.to_json()}
    files.write_atomically(worker.folder / "job.json", json.dumps(kept).encode())
    worker.set_scene()
    for step in range(N_FRAMES):
        worker.take_frame()
        batch = training.make_batch(config, images, torch.randperm(len(z), generator=generator)[:500], generator)
        training.step(state, batch, step / N_FRAMES, generator)
        state.averaged.update_parameters(state.model)
        state.step += 1
    state.step -= 1
    worker.say(jobs.FINISHED)
    return sum(path.stat().st_size for path in (worker.folder / jobs.FRAMES).iterdir())


def scrub(page, server: browser.Server) -> float:
    """Frames a second, there and back through the stored timeline, all of it fetched."""
    page.goto(f"{server.address}/train?watch={STORED}")
    pad = page.locator("canvas.map[data-ready=true]").first
    pad.wait_for(timeout=60_000)
    fetched = "(el, n) => { const s = el.latentMap.snapshot(); return s.steps.length === n && s.fetched; }"
    browser.wait(pad, fetched, N_FRAMES)
    return pad.evaluate(SCRUB, SCRUB_SECONDS)


def start(page, server: browser.Server, query: str) -> tuple[str, float]:
    """Press Train; the address of the feed of the new job, and when it was pressed, by time.monotonic()."""
    page.goto(f"{server.address}/train?{query}")
    page.locator("canvas.map[data-ready=true]").first.wait_for(timeout=60_000)
    button = page.get_by_role("button", name="Train", exact=True)
    with page.expect_response(lambda answer: "?have=" in answer.url and STORED not in answer.url) as answered:
        begin = time.monotonic()
        button.click()
    return answered.value.url.partition("?")[0], begin


def waiting_mb(server: browser.Server) -> float:
    """What the process that waits for a job takes of memory once it has imported everything, 1e6 bytes."""
    time.sleep(IMPORTS)
    children = "".join(path.read_text() for path in Path(f"/proc/{server.process.pid}/task").glob("*/children"))
    (child,) = children.split()
    return int(Path(f"/proc/{child}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def digits_seconds(page, server: browser.Server) -> tuple[float, float]:
    """Seconds from the click to the first codes on the map, and to the first epoch whose codes are near the prior."""
    feed, begin = start(page, server, "")
    browser.wait(page.locator("canvas.map").first, FIRST)
    first = time.monotonic() - begin
    while time.monotonic() - begin < 120:
        history = page.evaluate("feed => fetch(feed).then(answer => answer.json())", feed)["history"]
        if any(record["prior_distance"] <= NEAR * record["prior_distance_floor"] for record in history):
            return first, time.monotonic() - begin
        page.wait_for_timeout(100)
    raise TimeoutError("the codes did not come near the prior")


def view_cpu_share(page, server: browser.Server) -> float:
    """The server's processor time while a page shows a running job, of the time that passes."""
    browser.wait(page.locator("canvas.map").first, "el => el.latentMap.snapshot().status === 'running'")
    page.wait_for_timeout(5000)
    before, begin = server.cpu_seconds(), time.monotonic()
    page.wait_for_timeout(1000 * WATCH_SECONDS)
    return (server.cpu_seconds() - before) / (time.monotonic() - begin)


def latency(page, server: browser.Server) -> float:
    """Median milliseconds from a switch on Style & content until the server has answered it."""
    answers = browser.count_answers(page)
    browser.open_pad(page, f"{server.address}/style")
    page.wait_for_timeout(4000)
    return statistics.median(1000 * browser.switch(page, answers) for _ in range(CLICKS))


if __name__ == "__main__":
    report.run(measure, MEANINGS)
