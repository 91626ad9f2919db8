"""From `streamlit run` to the first usable pad, and what a rerun costs the server."""

import statistics
import time

from benchmarks import browser, report

MEANINGS = {
    "start_seconds": "from the command to a pad that can be dragged, median of the repeats",
    "rerun_cpu_ms": "of the server's processor time for a rerun that is due: a switch on Style & content",
}
CLICKS = 40


def measure(repeats: int) -> dict[str, float]:
    """Start the app some times, with a browser waiting; then switch what the pointer means."""
    with browser.chromium() as chromium:
        seconds = [start_seconds(chromium) for _ in range(repeats)]
        with browser.serve() as server:
            return {
                "start_seconds": statistics.median(seconds),
                "rerun_cpu_ms": rerun_cpu_ms(chromium.new_page(), server),
            }


def start_seconds(chromium) -> float:
    """Seconds from starting the server to a pad that decodes on the first page."""
    begin = time.monotonic()
    with browser.serve() as server:
        page = chromium.new_page()
        page.goto(server.address)
        page.wait_for_selector("canvas.map[data-ready=true]", timeout=60_000)
        seconds = time.monotonic() - begin
        page.close()
    return seconds


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
