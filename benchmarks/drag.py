"""Dragging on Explore in Chromium: pictures a second, delay, traffic, and agreement with torch."""

import asyncio
import math
import statistics
import time

import torch
from playwright.async_api import async_playwright

from aae import explore, runs
from benchmarks import browser, report

MEANINGS = {
    "frames_per_second_compare": "the same with three linked pads (Compare)",
    "frames_per_second_style": "the same with ten digits at once (Style & content)",
    "frames_per_second": "distinct pictures a second while the pointer moves (screen: 60)",
    "pointer_to_paint_ms": "median from a pointer event to the end of the painting that shows it",
    "websocket_frames": "sent to the server during the drag",
    "reruns": "of the page's script, on release",
    "max_pixel_difference": "largest between browser and torch, over 1,000 codes (1/255 = 0.0039)",
}
SECONDS = 3.0
MOVES_PER_SECOND = 125  # of a common mouse
SETTLE = 3000  # ms in which the page paints the sheet under the codes, or the server hears of a release
WATCH = """map => {
  const seen = map.watched = {pictures: new Set(), delays: [], begin: performance.now()};
  let moved = null;
  map.addEventListener("pointermove", event => moved ??= event.timeStamp, true);
  map.pad.painted = pixels => {
    seen.pictures.add(pixels.reduce((sum, x, i) => sum + x * ((i * 7919) % 1009), 0));
    if (moved !== null) seen.delays.push(performance.now() - moved);
    moved = null;
    seen.end = performance.now();
  };
}"""
SEEN = "map => [map.watched.pictures.size, map.watched.end - map.watched.begin, map.watched.delays]"
DECODE = "(map, codes) => codes.map(z => Array.from(map.pad.decoder.decode(Float32Array.from(z))))"


def measure() -> dict[str, float]:
    """Drag for three seconds on Explore; what the visitor and the server see of it."""
    with browser.serve() as server:
        return asyncio.run(watch(server.address))


async def watch(address: str) -> dict[str, float]:
    """Open Explore in a browser and drag."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(**browser.LAUNCH)
        page = await chromium.new_page(viewport={"width": 1440, "height": 900})
        sent = browser.count_sent(page)
        explored = await drag_on(page, sent, f"{address}/explore?run=aae")
        difference = await pixel_difference(page, "aae")
        compared = await drag_on(page, sent, f"{address}/compare")
        styled = await drag_on(page, sent, f"{address}/style")
        return {
            **explored,
            "websocket_frames": sum(each["websocket_frames"] for each in (explored, compared, styled)),
            "max_pixel_difference": difference,
            "frames_per_second_compare": compared["frames_per_second"],
            "frames_per_second_style": styled["frames_per_second"],
        }


async def drag_on(page, sent: list[float], address: str) -> dict[str, float]:
    """Open a page, let it settle, and drag over its first pad."""
    await page.goto(address)
    await page.locator("canvas.map[data-ready=true]").first.wait_for(timeout=60_000)
    await page.wait_for_timeout(2 * SETTLE)
    return await drag(page, sent)


async def drag(page, sent: list[float]) -> dict[str, float]:
    """One stroke of the pointer over the page's first pad, at the pace of a mouse: no move waits for a painting."""
    pad = page.locator("canvas.map").first
    box = await pad.bounding_box()
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await page.mouse.down()
    await pad.evaluate(WATCH)
    before, begin, moves = len(sent), time.monotonic(), []
    while (seconds := time.monotonic() - begin) < SECONDS:
        angle = 2 * math.pi * seconds / SECONDS
        x, y = 0.5 + 0.35 * math.sin(angle), 0.5 + 0.3 * math.sin(2 * angle)
        moves.append(asyncio.create_task(page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])))
        await asyncio.sleep(1 / MOVES_PER_SECOND)
    await asyncio.gather(*moves)
    pictures, milliseconds, delays = await pad.evaluate(SEEN)
    during = len(sent) - before
    await page.mouse.up()
    await page.wait_for_timeout(SETTLE)
    return {
        "frames_per_second": 1000 * pictures / milliseconds,
        "pointer_to_paint_ms": statistics.median(delays),
        "websocket_frames": during,
        "reruns": len(sent) - before - during,
    }


async def pixel_difference(page, name: str, n: int = 1000) -> float:
    """The largest difference between the browser's images of prior draws and torch's, of pixels in [0, 1]."""
    run = runs.load(runs.shipped()[name])
    codes = explore.prior_samples(run.model(), n)
    decoded = torch.tensor(await page.locator("canvas.map").evaluate(DECODE, codes.tolist()))
    return (decoded - explore.decode(run.model(), codes)).abs().max().item()


if __name__ == "__main__":
    report.run(measure, MEANINGS)
