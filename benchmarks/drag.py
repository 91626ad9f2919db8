"""Dragging in Chromium on every page that has a map: pictures a second, delay, traffic, and agreement with torch."""

import asyncio
import math
import statistics
import time

import torch
from playwright.async_api import async_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg

from aae import runs
from aae.analysis import planes
from benchmarks import browser, report, reruns

PAGES = {
    "explore": "explore?run=aae",
    "compare": "compare",
    "style": "style",
    "train": "train",
    "home": "?scene=2",
    "denoise": "denoise",
    "anomalies": "anomalies",
    "classify": "classify",
    "encode": "encode?run=vae",
}
TIMED = ("compare", "style", "denoise", "anomalies", "classify", "encode")  # pages, beside Explore
MAP, SCRIBBLED = ":is(canvas.map, canvas.histogram)", ".denoise[data-ready=true] canvas.corrupted"  # dragged over
MEANINGS = {
    "frames_per_second": "distinct pictures a second while the pointer moves on Explore (screen: 60)",
    "frames_per_second_compare": "the same with three linked maps (Compare)",
    "frames_per_second_style": "the same with ten digits at once (Style & content)",
    "frames_per_second_denoise": "paintings a second while one draws on an image that five models reconstruct",
    "frames_per_second_anomalies": "paintings a second while one drags the threshold of 10,000 scores",
    "frames_per_second_classify": "the same as on Explore, with q(y|x) of each decoded image (Classify)",
    "frames_per_second_encode": "the same as on Explore, with error and loss (Encode & decode)",
    "pointer_to_paint_ms": "median from a pointer event to the end of the painting that shows it",
    "websocket_frames": "to and from the server in the drags and after their releases, on all nine pages",
    "reruns": "of the pages' scripts, after the releases",
    "max_pixel_difference": "largest between browser and torch, over 1,000 codes (1/255 = 0.0039)",
    **reruns.WORST_MEANINGS,
}
SECONDS = 3.0
MOVES_PER_SECOND = 125  # of a common mouse
SETTLE = 3000  # ms in which the page paints the manifold, or a release would reach the server
WATCH = """map => {
  const seen = map.watched = {pictures: new Set(), delays: [], begin: performance.now()};
  let moved = null;
  map.addEventListener("pointermove", event => moved ??= event.timeStamp, true);
  (map.latentMap ?? map.anomalies ?? map.closest(".denoise").denoise).onpaint = ({ pixels, painting }) => {
    if (painting) seen.pictures.add(painting);
    else if (pixels) seen.pictures.add(pixels.reduce((sum, x, i) => sum + x * ((i * 7919) % 1009), 0));
    if (moved !== null) seen.delays.push(performance.now() - moved);
    moved = null;
    seen.end = performance.now();
  };
}"""
SEEN = "map => [map.watched.pictures.size, map.watched.end - map.watched.begin, map.watched.delays]"
DECODE = "(map, codes) => codes.map(z => map.latentMap.decode(z))"


def measure() -> dict[str, float]:
    """Drag for three seconds on each page; what the visitor and the server see of it; and what other choices cost."""
    with browser.serve() as server:
        dragged = asyncio.run(watch(server.address))
    return dragged | reruns.worst()


async def watch(address: str) -> dict[str, float]:
    """Open each page in a browser and drag."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(**browser.LAUNCH)
        page = await chromium.new_page(viewport={"width": 1440, "height": 900})
        frames, found = count_frames(page), {}
        for name, path in PAGES.items():
            found[name] = await drag_on(page, frames, f"{address}/{path}", name == "train")
            if name == "explore":
                difference = await pixel_difference(page, "aae")
        return {
            "frames_per_second": found["explore"]["frames_per_second"],
            **{f"frames_per_second_{name}": found[name]["frames_per_second"] for name in TIMED},
            "pointer_to_paint_ms": found["explore"]["pointer_to_paint_ms"],
            "websocket_frames": sum(each["websocket_frames"] for each in found.values()),
            "reruns": sum(each["reruns"] for each in found.values()),
            "max_pixel_difference": difference,
        }


def count_frames(page) -> dict[str, int]:
    """How many messages were "sent" to the server, without those of timers, and "received"; it goes on counting."""
    frames = {"sent": 0, "received": 0}

    def send(message: bytes) -> None:
        frames["sent"] += not BackMsg.FromString(message).rerun_script.is_auto_rerun

    def receive(_: bytes) -> None:
        frames["received"] += 1

    page.on("websocket", lambda socket: (socket.on("framesent", send), socket.on("framereceived", receive)))
    return frames


async def drag_on(page, frames: dict[str, int], address: str, stepping: bool) -> dict[str, float]:
    """Open a page, let it settle, and drag over its first map; of Train, that of a lesson, which has no timer."""
    await page.goto(address)
    ready = page.locator(f"{MAP}[data-ready=true], {SCRIBBLED}").first
    await ready.wait_for(timeout=60_000)
    if stepping:
        await page.get_by_role("tab", name="Step by step").click()
        await page.get_by_role("button", name="All three in turn").click(timeout=60_000)
        await ready.wait_for(timeout=60_000)
    await page.wait_for_selector(browser.SETTLED, timeout=60_000)
    await page.wait_for_timeout(2 * SETTLE)
    return await drag(page, frames)


async def drag(page, frames: dict[str, int]) -> dict[str, float]:
    """One stroke of the pointer over the page's first map, at the pace of a mouse: no move waits for a painting."""
    canvas = page.locator(f"{MAP}, {SCRIBBLED}").first
    await canvas.scroll_into_view_if_needed()
    box = await canvas.bounding_box()
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await page.mouse.down()
    await canvas.evaluate(WATCH)
    before = dict(frames)
    await stroke(page, box)
    pictures, milliseconds, delays = await canvas.evaluate(SEEN)
    during = frames["sent"]
    await page.mouse.up()
    await page.wait_for_timeout(SETTLE)
    return {
        "frames_per_second": 1000 * pictures / milliseconds,
        "pointer_to_paint_ms": statistics.median(delays),
        "websocket_frames": sum(frames.values()) - sum(before.values()),
        "reruns": frames["sent"] - during,
    }


async def stroke(page, box: dict[str, float]) -> None:
    """Move the pointer along an eight within a box."""
    begin, moves = time.monotonic(), []
    while (seconds := time.monotonic() - begin) < SECONDS:
        angle = 2 * math.pi * seconds / SECONDS
        x, y = 0.5 + 0.35 * math.sin(angle), 0.5 + 0.3 * math.sin(2 * angle)
        moves.append(asyncio.create_task(page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])))
        await asyncio.sleep(1 / MOVES_PER_SECOND)
    await asyncio.gather(*moves)


async def pixel_difference(page, name: str, n: int = 1000) -> float:
    """The largest difference between the browser's images of prior draws and torch's, of pixels in [0, 1]."""
    run = runs.load(runs.shipped()[name])
    codes = planes.prior_samples(run.model(), n)
    decoded = torch.tensor(await page.locator("canvas.map").evaluate(DECODE, codes.tolist()))
    return (decoded - planes.decode(run.model(), codes)).abs().max().item()


if __name__ == "__main__":
    report.run(measure, MEANINGS)
