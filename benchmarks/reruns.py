"""What each rerun that is due costs: the server's CPU and the bytes of its answer, by page and kind of rerun."""

import functools
import statistics
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from benchmarks import browser, report

REPEATS = 20  # of each kind, half of them for each of its two choices, after both were taken once
TAIL = 150  # ms after an answer in which the server tidies up
IDLE, LOOKS = 1500, 4  # ms, and how often, in which is seen what the open page costs without a rerun: that is taken off


class Cost(NamedTuple):
    """Of one rerun."""

    cpu_ms: float  # of the server, beyond what it takes without a rerun
    down: int  # bytes of websocket messages


class Kind(NamedTuple):
    """A kind of rerun: two choices, taken in turn."""

    page: str
    name: str
    choose: Callable  # (Playwright's page, how often it was called before)
    path: str
    before: Callable = lambda page: None  # what is opened first


def option(label: str, *choices: str) -> Callable:
    """Take one of the options of the box with this label."""

    def choose(page, i: int) -> None:
        page.get_by_role("combobox", name=label).first.click()
        page.get_by_role("option", name=choices[i % 2], exact=True).click()

    return choose


def radio(*choices: str) -> Callable:
    """Press one of a row of buttons."""
    return lambda page, i: page.get_by_role("radio", name=choices[i % 2], exact=True).click()


def tab(*choices: str) -> Callable:
    """Open one of the tabs."""
    return lambda page, i: page.get_by_role("tab", name=choices[i % 2]).click()


def press(name: str) -> Callable:
    """Press a button."""
    return lambda page, i: page.get_by_role("button", name=name, exact=True).click()


def key(label: str, role: str, *keys: str) -> Callable:
    """Press one of two keys in a field."""

    def choose(page, i: int) -> None:
        field = page.get_by_role(role, name=label).first
        field.press(keys[i % 2])
        field.press("Enter")

    return choose


def visit(name: str) -> Callable:
    """Choose the page that is open in the menu: all of it runs anew."""
    return lambda page, i: page.get_by_test_id("stTopNavLink").filter(has_text=name).click()


def fold(name: str) -> Callable:
    """Open or close a fold."""
    return lambda page, i: page.get_by_text(name, exact=True).first.click()


def member(page, i: int) -> None:
    """Take VAE from the compared runs, or add it again."""
    if i % 2 == 0:
        page.get_by_role("button", name="Remove VAE · Gaussian prior").first.click()
    else:
        page.get_by_role("combobox", name="Runs").fill("VAE · Gaussian prior")
        page.get_by_role("option", name="VAE · Gaussian prior", exact=True).click()
        page.keyboard.press("Tab")


def is_longer(answers: list[float], n: int) -> bool:
    """Whether there are more answers than that."""
    return len(answers) > n


def step_by_step(page) -> None:
    """Open the lesson on Train."""
    tab("Step by step")(page, 0)
    page.get_by_role("button", name="All three in turn").wait_for(timeout=browser.WAIT_LIMIT)


EXPLORE = "explore?run=aae"
FIRST = "Compare these first"
KINDS = (
    Kind("home", "page", visit("Home"), "?scene=2"),
    Kind("explore", "page", visit("Explore"), EXPLORE),
    Kind("explore", "run", option("Run", f"{FIRST}: VAE · Gaussian prior", f"{FIRST}: AAE · Gaussian prior"), EXPLORE),
    Kind("explore", "class", option("Digit", "4", "7"), "explore?run=supervised_2d"),
    Kind("explore", "cluster", option("Cluster", "4", "7"), "explore?run=clusters_16"),
    Kind("explore", "plane", option("Plane", "0,1", "pca"), "explore?run=gaussian_8d"),
    Kind("compare", "page", visit("Compare"), "compare"),
    Kind("compare", "pointer", radio("image", "code"), "compare"),
    Kind("compare", "runs", member, "compare"),
    Kind("compare", "draws", option("Generate images from", "the prior", "none"), "compare"),
    Kind("compare", "mixture", option("Generate images from", "a mixture fitted to the codes", "none"), "compare"),
    Kind("compare", "charts", tab("Codes and prior", "Numbers"), "compare"),
    Kind("compare", "tables", tab("Claims, checked here", "The paper's tables"), "compare"),
    Kind("style", "page", visit("Style & content"), "style"),
    Kind("style", "pointer", radio("image", "code"), "style"),
    Kind("style", "run", option("Run", "With labels: AAE · style, 2-D", "With labels: AAE · style, 15-D"), "style"),
    Kind("encode", "run", option("Run", f"{FIRST}: VAE · Gaussian prior", f"{FIRST}: AAE · Gaussian prior"), "encode"),
    Kind("search", "run", option("Run", f"{FIRST}: VAE · Gaussian prior", f"{FIRST}: AAE · Gaussian prior"), "search"),
    Kind("denoise", "data", option("Data set", "Digits 8x8", "MNIST"), "denoise"),
    Kind("denoise", "runs", member, "denoise"),
    Kind(
        "clusters",
        "run",
        option("Run", "Clusters: AAE · 5-D, 16 clusters", "Clusters: AAE · 2-D, 20 clusters"),
        "clusters?clusters=reduced_clusters",
    ),
    Kind(
        "classify",
        "run",
        option("Run", "With labels: AAE · 10-D, 100 labels", "With labels: AAE · 2-D, 100 labels"),
        "classify",
    ),
    Kind("anomalies", "score", option("Score", "discriminator", "prior density of the code"), "anomalies"),
    Kind("anomalies", "odd", option("Odd images", "uniform noise", "the held-out digit 8"), "anomalies"),
    Kind("train", "page", visit("Train"), "train"),
    Kind("train", "model", option("Model", "VAE", "AAE"), "train"),
    Kind("train", "data", option("Data", "MNIST", "Digits 8x8"), "train"),
    Kind("train", "epochs", key("Epochs", "slider", "ArrowRight", "ArrowLeft"), "train"),
    Kind("train", "command", fold("The same on the command line"), "train"),
    Kind(
        "train", "watched", option("Watch", "shipped: aae · AAE · Gaussian prior", "shipped: AE, VAE and AAE"), "train"
    ),
    Kind("train", "tab", tab("Step by step", "Watch"), "train"),
    Kind("train", "minibatches", radio("50", "10"), "train", step_by_step),
)
MEANINGS = {
    f"{figure}_{kind.page}_{kind.name}": meaning
    for kind in KINDS
    for figure, meaning in {
        "cpu_ms": f"of the server, on {kind.page} for another {kind.name}: median",
        "bytes_down": "of the answer's websocket messages",
        "cpu_ms_first": "when the choice is taken for the first time, and what it shows is made",
    }.items()
}
WORST = {
    "cpu_ms_per_rerun": "of the server's CPU for a rerun that is due: largest over kinds and pages, of medians",
    "bytes_down_per_rerun": "of websocket messages of its answer: likewise",
    "cpu_ms_first_rerun": "of the server's CPU for the first of its kind, which makes what later ones find: likewise",
}
PAGES = tuple(dict.fromkeys(kind.page for kind in KINDS))
WORST_MEANINGS = WORST | {f"{name}_{page}": f"the same, on {page}" for page in PAGES for name in WORST}


def worst() -> dict[str, float]:
    """The largest figures over all kinds of reruns, and of each page."""
    measured = measure()
    ofs = dict(zip(WORST, ("cpu_ms", "bytes_down", "cpu_ms_first"), strict=True))
    largest = {
        f"{name}_{page}": max(measured[f"{of}_{kind.page}_{kind.name}"] for kind in KINDS if kind.page == page)
        for page in PAGES
        for name, of in ofs.items()
    }
    return {name: max(largest[f"{name}_{page}"] for page in PAGES) for name in WORST} | largest


def measure() -> dict[str, float]:
    """Take every choice of every page some times."""
    with browser.serve() as server, browser.chromium() as chromium:
        return {name: value for kind in KINDS for name, value in figures(kind, chromium, server)}


def figures(kind: Kind, chromium, server: browser.Server) -> Iterator[tuple[str, float]]:
    """Of both choices of a kind, the larger median; and what the first time cost, which makes what later ones find."""
    costs = list(rerun(kind, chromium, server))
    name, first, rest = f"{kind.page}_{kind.name}", costs[:2], costs[2:]
    yield f"cpu_ms_{name}", max(statistics.median(cost.cpu_ms for cost in rest[i::2]) for i in range(2))
    yield f"bytes_down_{name}", max(statistics.median(cost.down for cost in rest[i::2]) for i in range(2))
    yield f"cpu_ms_first_{name}", max(cost.cpu_ms for cost in first)


def rerun(kind: Kind, chromium, server: browser.Server) -> Iterator[Cost]:
    """Open the page and take the kind's choices in turn; what each rerun cost."""
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    answers, received = browser.count_answers(page), browser.count_received(page)
    browser.open_pad(page, f"{server.address}/{kind.path}")
    kind.before(page)
    browser.settle(page)
    idle = idle_share(page, server)
    for i in range(2 + REPEATS):
        cpu, down, n, begin = server.cpu_seconds(), sum(received), len(answers), time.monotonic()
        kind.choose(page, i)
        browser.wait_until(page, functools.partial(is_longer, answers, n))
        page.wait_for_timeout(TAIL)
        used = server.cpu_seconds() - cpu - idle * (time.monotonic() - begin)
        yield Cost(1000 * used, sum(received) - down)
    page.close()


def idle_share(page, server: browser.Server) -> float:
    """What the open page costs without a rerun: the least of several looks, since at first it is still being made."""
    return min(share(page, server) for _ in range(LOOKS))


def share(page, server: browser.Server) -> float:
    """The server's processor time while nothing is chosen on a page, of the time that passes."""
    before, begin = server.cpu_seconds(), time.monotonic()
    page.wait_for_timeout(IDLE)
    return (server.cpu_seconds() - before) / (time.monotonic() - begin)


if __name__ == "__main__":
    report.run(measure, MEANINGS)
