"""A workshop: sessions that open pages and choose, as browsers would, two real browsers, and a job that trains."""

import asyncio
import itertools
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from aae import jobs
from aae.config import PRESETS
from benchmarks import browser, report
from benchmarks.session import Lost
from benchmarks.visitor import Visitor

THINK = 1.0, 3.0  # seconds between two gestures
ARRIVAL = 0.3  # seconds between two visitors who arrive
ROOM = 30  # visitors, of whom is measured first
PAGES = ("", "explore", "compare", "style", "train", "encode", "classify", "clusters")  # where visits begin
BROWSERS = 2
TOGETHER = 10  # sessions that are opened and closed at once
FORGOTTEN = 75  # seconds after which the server has forgotten a session: disconnectedSessionTTL, and some
QUIET = 10  # seconds in which the server does nearly nothing
SHOWN = 5  # errors, on standard error
FIGURES = {
    "gestures": "choices and pages that visitors asked for",
    "p50_seconds": "from a gesture to script_finished: median",
    "p95_seconds": "likewise: 95 % are faster",
    "max_seconds": "likewise: largest",
    "open_p95_seconds": f"from the connection to the end of the first page, a visitor each {ARRIVAL} s: likewise",
    "errors": "exceptions on pages, and requests that failed",
    "lost_sessions": "connections that were closed, or gave no answer for 60 s",
    "memory_mb_a_session": "of the server's memory, that the visitors added",
    "cpu_share": "of a core, that the server used while visitors chose",
    "cpu_ms": "of the server, for a gesture and what it lets a browser fetch and follow",
    "load_average": "of the machine, over the last minute of the round",
}
MEANINGS = {
    **FIGURES,
    **{f"{name}_{ROOM}": f"the same, of {ROOM} visitors" for name in FIGURES},
    "browser_p95_seconds": f"from a click to script_finished, in {BROWSERS} real browsers at the same time",
    "memory_mb": "of the server, each page once open, before the visitors",
    "memory_mb_then": "after the visitors, as long as after the further sessions",
    "memory_mb_closed": "after further sessions were opened on all pages, closed and forgotten",
}


@dataclass
class Round:
    """What happened to some visitors."""

    opened: list[float] = field(default_factory=list)  # seconds
    gestures: list[float] = field(default_factory=list)  # seconds
    errors: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def measure(users: int, seconds: int, sessions: int) -> dict[str, float]:
    """Visitors who choose something every 1 to 3 s, with two browsers among them, while a job trains."""
    with tempfile.TemporaryDirectory() as folder:
        wait_for_server(Path(folder))
        with browser.serve(complain, folder, prepares=True) as server:
            return asyncio.run(workshop(server, users, seconds, sessions))


def wait_for_server(folder: Path) -> None:
    """Put a job that trains for hours into the queue of a server that is to come."""
    before = jobs.Jobs(folder / "jobs", limit=0)
    before.submit(replace(PRESETS["digits"], epochs=100_000), "a training", "the benchmark")
    before.close()


def complain(log: str) -> None:
    """Show what went wrong on the server."""
    show([line for line in log.splitlines() if "Traceback" in line or "Error" in line])


def show(wrong: list[str]) -> None:
    """Say some of what went wrong, on standard error."""
    for line in list(dict.fromkeys(wrong))[:SHOWN]:
        print(line, file=sys.stderr)


async def workshop(server: browser.Server, users: int, seconds: int, sessions: int) -> dict[str, float]:
    """A round of ROOM visitors, one of all, and the memory."""
    dice = random.Random(0)
    await come_and_go(server, len(PAGES), dice, together=1)
    await until_prepared(server)
    figures, clicks = {"memory_mb": memory_mb(server)}, list[float]()
    browsing = asyncio.create_task(browse(server.address, clicks))
    for n in sorted({min(users, ROOM), users}):
        found = await of_visitors(server, n, seconds, dice)
        figures |= found if n == users else {f"{name}_{n}": figure for name, figure in found.items()}
    browsing.cancel()
    await asyncio.wait([browsing])
    figures["browser_p95_seconds"] = percentile(clicks, 95)
    for name, n in {"memory_mb_then": 0, "memory_mb_closed": sessions}.items() if sessions else ():
        await come_and_go(server, n, dice)
        await asyncio.sleep(FORGOTTEN)
        figures[name] = memory_mb(server)
    return figures


async def until_prepared(server: browser.Server) -> None:
    """Return once the server, started just now, has made what it makes before a class comes (aae/app/prepared.py)."""
    used = server.cpu_seconds()
    while True:
        await asyncio.sleep(QUIET)
        before, used = used, server.cpu_seconds()
        if used - before < 0.05 * QUIET:
            return


async def of_visitors(server: browser.Server, n: int, seconds: int, dice: random.Random) -> dict[str, float]:
    """The figures of n visitors who all choose for some seconds."""
    happened, before, everybody_is_here = Round(), memory_mb(server), asyncio.Event()
    visits = [
        asyncio.create_task(
            visit(server.address, i, seconds, everybody_is_here, random.Random(dice.random()), happened)
        )
        for i in range(n)
    ]
    await asyncio.sleep(n * ARRIVAL + THINK[1])
    everybody_is_here.set()
    cpu, begin = server.cpu_seconds(), time.monotonic()
    await asyncio.sleep(seconds)
    used, took, memory = server.cpu_seconds() - cpu, time.monotonic() - begin, memory_mb(server)
    await asyncio.gather(*visits)
    show(happened.errors + happened.lost)
    return {
        **figures_of(happened),
        "memory_mb_a_session": (memory - before) / n,
        "cpu_share": used / took,
        "cpu_ms": 1000 * used / len(happened.gestures),
        "load_average": os.getloadavg()[0],
    }


def figures_of(happened: Round) -> dict[str, float]:
    """What visitors saw of their choices: how many, how long each took in seconds, and what went wrong."""
    return {
        "gestures": len(happened.gestures),
        **{f"p{p}_seconds": percentile(happened.gestures, p) for p in (50, 95)},
        "max_seconds": percentile(happened.gestures, 100),
        "open_p95_seconds": percentile(happened.opened, 95),
        "errors": len(happened.errors),
        "lost_sessions": len(happened.lost),
    }


async def visit(
    address: str, i: int, seconds: int, everybody_is_here: asyncio.Event, dice: random.Random, happened: Round
) -> None:
    """Arrive, wait for the others, then choose for some seconds; what happened is noted."""
    visitor = Visitor(address, dice)
    await asyncio.sleep(i * ARRIVAL)
    try:
        happened.opened.append(await visitor.open(PAGES[i % len(PAGES)]))
        await everybody_is_here.wait()
        end = time.monotonic() + seconds
        while (pause := dice.uniform(*THINK)) < end - time.monotonic():
            await asyncio.sleep(pause)
            happened.gestures.append(await visitor.gesture())
        await visitor.close()
    except Lost as error:
        happened.lost.append(f"visitor {i}: {error}")
    happened.errors += visitor.session.errors


async def come_and_go(server: browser.Server, n: int, dice: random.Random, together: int = TOGETHER) -> None:
    """Open sessions, some at once, and close them. Raises Lost."""
    for begin in range(0, n, together):
        some = [Visitor(server.address, random.Random(dice.random())) for _ in range(min(together, n - begin))]
        await asyncio.gather(*(visitor.open(PAGES[i % len(PAGES)]) for i, visitor in enumerate(some, begin)))
        await asyncio.gather(*(visitor.close() for visitor in some))


async def browse(address: str, clicks: list[float]) -> None:
    """Real browsers, each of which switches what the pointer means on Compare; the seconds of each answer."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(**browser.LAUNCH)
        pages = [await chromium.new_page() for _ in range(BROWSERS)]
        await asyncio.gather(*(switch_on(page, address, clicks) for page in pages))


async def switch_on(page, address: str, clicks: list[float]) -> None:
    """Switch every 1 to 3 s."""
    answered = asyncio.Event()

    def look(content: bytes) -> None:
        if ForwardMsg.FromString(content).WhichOneof("type") == "script_finished":
            answered.set()

    page.on("websocket", lambda socket: socket.on("framereceived", look))
    page.set_default_timeout(browser.WAIT_LIMIT)
    await page.goto(f"{address}/compare")
    await page.wait_for_selector(browser.SETTLED)
    for name in itertools.cycle(("image", "code")):
        await asyncio.sleep(random.uniform(*THINK))
        answered.clear()
        begin = time.monotonic()
        await page.get_by_role("radio", name=name, exact=True).click()
        await answered.wait()
        clicks.append(time.monotonic() - begin)


def percentile(values: list[float], p: float) -> float:
    """0 of none."""
    return float(np.percentile(values, p)) if values else 0.0


def memory_mb(server: browser.Server) -> float:
    """What the server holds, 1e6 bytes."""
    pages = int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    report.run(measure, MEANINGS, users=100, seconds=60, sessions=500)
