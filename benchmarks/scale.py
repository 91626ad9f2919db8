"""docs/scale.md: what some numbers of visitors need, from what was measured of one."""

import math
from pathlib import Path

from aae import jobs, runs
from aae.app.server import follow
from benchmarks import report
from benchmarks.results import table

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "scale.md"
VISITORS = (30, 3_000, 3_000_000)  # who are here at the same time
VISIT, ARRIVAL = 45 * 60, 60  # seconds: of a visit; in which all of a class open the app
CHOICES, WATCHED, JOBS = (
    90,
    5 * 60,
    2,
)  # of a visit: choices that the server answers, seconds before a training, trainings
LOAD = 0.6  # of a core or a line, at most: more makes visitors wait
TRAINERS = 0.1  # share of visitors who train, where all else moves to the static site
COSTS = {  # figure: its benchmark, key, unit, and what it is of
    "choice": ("workshop", "cpu_ms", "ms of a core", "a choice of a visitor, with what the browser then fetches"),
    "answer": ("drag", "bytes_down_per_rerun", "bytes", "the answer to a choice, at most"),
    "open": ("wire", "home_megabytes", "MB", "the first page of a visit, with nothing in the browser's cache"),
    "watch": ("live", "view_cpu_share", "of a core", "a page that shows a running training"),
    "follow": ("follow", "follow_cpu_share", "of a core", "100 browsers that follow a presenter's drag"),
    "server": ("workshop", "memory_mb", "MB", "memory of a server, each page once open"),
    "session": ("workshop", "memory_mb_a_session", "MB", "memory of a visit"),
    "drag": ("drag", "websocket_frames", "messages", "drags and their releases, on all nine pages"),
}
TEMPLATE = ROOT / "benchmarks" / "results" / "scale.md"


def cost(name: str) -> float:
    """A kept figure."""
    benchmark, key, *_ = COSTS[name]
    return report.kept()[benchmark]["figures"][key][0]


def costs() -> str:
    """The table of what one costs."""
    heads = ("of", "value", "measured by", "figure")
    rows = [
        [about, f"{cost(name):,.4g} {unit}", f"`python -m benchmarks.{benchmark}`", f"`{key}`"]
        for name, (benchmark, key, unit, about) in COSTS.items()
    ]
    return table(heads, rows)


def pages(n: float) -> float:
    """Cores for the pages of so many visitors."""
    return n * (CHOICES * cost("choice") / 1000 + WATCHED * cost("watch")) / VISIT / LOAD


def trainings(n: float) -> float:
    """Cores for their trainings."""
    return n * JOBS * runs.load(runs.shipped()["digits"]).cpu_seconds / VISIT / LOAD


def megabits(n: float) -> float:
    """Mbit/s while all open the app."""
    return n * cost("open") * 8 / ARRIVAL


def needs(n: int, here: float) -> list[str]:
    """What n visitors need, of whom a share is on servers."""
    on_servers = n * here
    servers = max(1, math.ceil(pages(on_servers)))
    memory = servers * cost("server") / 1000 + on_servers * cost("session") / 1000
    answers = on_servers * CHOICES * cost("answer") * 8 / VISIT / 1e6
    cores = pages(on_servers) + trainings(on_servers)
    terabytes = n * cost("open") / 1e6
    sums = (servers, f"{memory:,.1f}", f"{trainings(on_servers):,.1f}", f"{megabits(n):,.0f}", f"{answers:,.1f}")
    return [f"{n:,}", *(f"{each:,}" if isinstance(each, int) else each for each in sums),
            f"{cores:,.1f} C an hour, {terabytes:,.4g} E at the start"]  # fmt: skip


def sums(here: float) -> str:
    """The table of needs."""
    heads = ("visitors at once", "servers", "their memory, GB", "cores for trainings", "Mbit/s in the first minute",
             "Mbit/s of answers then", "price")  # fmt: skip
    return table(heads, [needs(n, here) for n in VISITORS])


def markdown() -> str:
    """The whole page."""
    return TEMPLATE.read_text().format(**assumed(), **followed(), costs=costs(), whole=sums(1), split=sums(TRAINERS))


def assumed() -> dict[str, float]:
    """What the page assumes of a visit."""
    about = {"minutes": VISIT / 60, "choices": CHOICES, "watched": WATCHED / 60, "jobs": JOBS, "arrival": ARRIVAL}
    return {**about, "load": LOAD, "trainers": TRAINERS}


def followed() -> dict[str, float]:
    """What follows from that and from what was measured, in the page's sentences."""
    trained = {name: runs.load(runs.shipped()[name]).cpu_seconds for name in ("digits", "aae")}
    return dict(
        **trained,
        mbit30=megabits(30),
        train30=trainings(30),
        burst=30 * trained["digits"],
        per_server=1 / pages(1),
        servers3000=math.ceil(pages(3000)),
        max_jobs=jobs.MAX_JOBS,
        max_followers=follow.MAX_FOLLOWERS,
        waiting=JOBS * VISITORS[1],
        tb=VISITORS[-1] * cost("open") / 1e6,
    )
