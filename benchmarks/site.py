"""A site without a server: its size, the time to its first usable pad, and pictures a second while one drags on it."""

import asyncio
import contextlib
import io
import statistics
import tempfile
import time
from pathlib import Path

from playwright.async_api import async_playwright

from aae.__main__ import main as command_line
from benchmarks import browser, drag, report, start

PAGES = ("index", "explore", "compare", "style")
MEANINGS = {
    "megabytes": "of the site that `python -m aae export-site OUT` writes, of six runs",
    "first_pad_seconds": "from opening a page to its first usable pad, from `python -m http.server`, nothing being in "
    "the browser's cache: largest of Home, Explore, Compare and Style & content, each the median of the repeats",
    "first_pad_seconds_10mbit": "the same over 10 Mbit/s with 20 ms",
    "frames_per_second": "distinct pictures a second while the pointer moves on Explore (screen: 60)",
}


def measure(repeats: int) -> dict[str, float]:
    """Write the site, serve its files below a path, open its pages and drag."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "any/path"
        with contextlib.redirect_stdout(io.StringIO()):
            code = command_line(["export-site", str(site)])
        if code:
            raise SystemExit(code)
        with browser.serve_files(Path(folder)) as root:
            return {"megabytes": megabytes(site), **seconds(f"{root}any/path", repeats), **dragged(f"{root}any/path")}


def megabytes(site: Path) -> float:
    """The size of all files."""
    return sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) / 1e6


def seconds(address: str, repeats: int) -> dict[str, float]:
    """Of the slowest page, here and over a slow line."""
    lines = {"first_pad_seconds": None, "first_pad_seconds_10mbit": start.LINE}
    with browser.chromium() as chromium:
        return {name: slowest(chromium, address, line, repeats) for name, line in lines.items()}


def slowest(chromium, address: str, line: dict | None, repeats: int) -> float:
    """The largest median of the pages."""
    return max(
        statistics.median(opened(chromium, f"{address}/{page}.html", line) for _ in range(repeats)) for page in PAGES
    )


def opened(chromium, address: str, line: dict | None) -> float:
    """Seconds from opening a page to its first usable pad, in a browser that has nothing of it."""
    context = chromium.new_context()
    page = context.new_page()
    if line:
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", line)
    begin = time.monotonic()
    page.goto(address, wait_until="commit")
    page.wait_for_selector("canvas.map[data-ready=true]", timeout=browser.WAIT_LIMIT)
    passed = time.monotonic() - begin
    context.close()
    return passed


def dragged(address: str) -> dict[str, float]:
    """Pictures a second on Explore."""
    return {"frames_per_second": asyncio.run(frames_per_second(f"{address}/explore.html"))}


async def frames_per_second(address: str) -> float:
    """One stroke over the map, once it is painted."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(**browser.LAUNCH)
        page = await chromium.new_page(viewport={"width": 1440, "height": 900})
        await page.goto(address)
        await page.wait_for_selector("canvas.map[data-exact=true]")
        await page.wait_for_timeout(2 * drag.SETTLE)
        return (await drag.drag(page, drag.count_frames(page)))["frames_per_second"]


if __name__ == "__main__":
    report.run(measure, MEANINGS, repeats=3)
