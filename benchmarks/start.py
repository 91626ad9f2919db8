"""From `streamlit run` to the first usable pad, and what a rerun costs the server."""

import statistics
import tempfile
import time
from pathlib import Path

from benchmarks import browser, report

PAGES = {"home": "?scene=2", "explore": "explore", "compare": "compare", "style": "style", "train": "train"}
LINE = {"offline": False, "latency": 20, "downloadThroughput": 10e6 / 8, "uploadThroughput": 10e6 / 8}  # ms, bytes/s
SLOW = {
    "start_seconds_10mbit": "from opening a page to its first usable pad, over 10 Mbit/s with 20 ms: largest",
    "bytes_fetched_10mbit": "until then, with nothing in the browser's cache: largest",
}
MEANINGS = {
    "start_seconds": "from the command to a pad that can be dragged, on the first page, median of the repeats",
    "first_start_seconds": "the same of the first start: none before it has kept what Home shows",
    "rerun_cpu_ms": "of the server's processor time for a rerun that is due: a switch on Style & content",
    **SLOW,
    **{f"{name}_{page}": f"the same, of {page}" for page in PAGES for name in SLOW},
}
CLICKS = 40


def measure(repeats: int) -> dict[str, float]:
    """Start the app some times, with a browser waiting; then switch what the pointer means."""
    with browser.chromium() as chromium, tempfile.TemporaryDirectory() as folder:
        first = start_seconds(chromium, folder)
        let_keep(Path(folder))
        seconds = [start_seconds(chromium, folder) for _ in range(repeats)]
        with browser.serve(runs=folder) as server:
            return {
                "start_seconds": statistics.median(seconds),
                "first_start_seconds": first,
                "rerun_cpu_ms": rerun_cpu_ms(chromium.new_page(), server),
                **over_slow_line(chromium, server, repeats),
            }


def let_keep(folder: Path) -> None:
    """Let a server keep what Home shows, as it does in its first minute."""
    with browser.serve(runs=str(folder), prepares=True):
        while not (folder / "kept/home.json").exists():
            time.sleep(0.1)


def start_seconds(chromium, folder: str) -> float:
    """Seconds from starting the server to a pad that decodes on the first page, in its first scene that has one."""
    begin = time.monotonic()
    with browser.serve(runs=folder) as server:
        page = chromium.new_page()
        page.goto(f"{server.address}/{PAGES['home']}")
        page.wait_for_selector("canvas.map[data-ready=true]", timeout=60_000)
        seconds = time.monotonic() - begin
        page.close()
    return seconds


def over_slow_line(chromium, server: browser.Server, repeats: int) -> dict[str, float]:
    """Seconds and bytes to the first usable pad of each page over LINE, medians of the repeats; and the largest."""
    figures = {}
    for name, path in PAGES.items():
        opened = [open_slowly(chromium, f"{server.address}/{path}") for _ in range(repeats)]
        for figure, values in zip(SLOW, zip(*opened, strict=True), strict=True):
            figures[f"{figure}_{name}"] = statistics.median(values)
    return {figure: max(figures[f"{figure}_{page}"] for page in PAGES) for figure in SLOW} | figures


def open_slowly(chromium, address: str) -> tuple[float, int]:
    """Seconds and bytes from opening a page to its first usable pad over LINE, in a browser that has nothing of it."""
    context = chromium.new_context()
    page = context.new_page()
    received, fetched, session = browser.count_received(page), [], context.new_cdp_session(page)
    session.on("Network.dataReceived", lambda event: fetched.append(event["encodedDataLength"]))
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    begin = time.monotonic()
    page.goto(address)
    page.wait_for_selector("canvas.map[data-ready=true]", timeout=browser.WAIT_LIMIT)
    seconds = time.monotonic() - begin
    context.close()
    return seconds, sum(fetched) + sum(received)


def rerun_cpu_ms(page, server: browser.Server) -> float:
    """Milliseconds of the server's CPU per rerun, over CLICKS switches."""
    answers = browser.count_answers(page)
    browser.open_pad(page, f"{server.address}/style")
    page.wait_for_timeout(3000)
    before = server.cpu_seconds()
    for _ in range(CLICKS):
        browser.switch(page, answers)
        page.wait_for_timeout(200)
    return 1000 * (server.cpu_seconds() - before) / CLICKS


if __name__ == "__main__":
    report.run(measure, MEANINGS, repeats=3)
