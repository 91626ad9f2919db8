import functools
import os
import tempfile

import pytest
import torch
import website

from aae import jobs, training
from benchmarks.browser import CHROMIUM, PROBES, WAIT_LIMIT, chromium, serve
from tests.job_tools import end

os.environ.setdefault("AAE_DATA", "data")
os.environ["AAE_NICE"] = "0"  # on a busy machine the jobs of the tests would wait for ever
os.environ["RAY_worker_niceness"] = "0"  # noqa: SIM112  # the same, on a cluster
os.environ["AAE_WAITING"] = "0"  # each server of the tests would import everything for it
os.environ["AAE_RUNS"] = tempfile.mkdtemp()
torch.set_num_threads(1)


WRONG = ("Traceback", "Error", "missing ScriptRunContext")


def pytest_collection_modifyitems(items):
    """Skip what drives a browser where there is none."""
    missing = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on the PATH (Debian: apt-get install chromium)")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(missing)


@pytest.fixture(params=[False, True], ids=["float32", "bfloat16"])
def bfloat16(request, monkeypatch) -> bool:
    """Each of the two ways to take a training step, whichever this processor would take."""
    monkeypatch.setattr(training.loop, "bfloat16_is_fast", lambda *_: request.param)
    return request.param


@pytest.fixture
def manager(tmp_path):
    manager = jobs.Jobs(tmp_path / "jobs", limit=1)
    yield manager
    end(manager)


@pytest.fixture
def shown(manager, monkeypatch):
    """The manager, as pages and the feed have it."""
    from aae.app.runs import live  # and the app: not before its environment is set

    monkeypatch.setattr(live, "manager", lambda: manager)
    live.trained_at.clear()
    yield manager
    live.trained_at.clear()


@pytest.fixture(scope="module")
def server():
    logs = []
    with serve(logs.append) as server:
        yield server.address
    assert not any(word in logs[0] for word in WRONG), logs[0]


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser, server):
    context = browser.new_context(viewport={"width": 1440, "height": 900})  # a browser of one's own: pages share it
    context.set_default_timeout(WAIT_LIMIT)
    page = context.new_page()
    problems = []
    page.on("console", lambda message: problems.append(message.text) if is_complaint(message) else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: problems.append(request.url) if is_foreign(request.url, server) else None)
    yield page
    context.close()
    assert problems == []


def is_foreign(url, server):
    return url.startswith("http") and not url.startswith(server)


def is_complaint(message):
    is_of_the_driver = "GL Driver Message" in message.text  # of WebGL without a graphics card: it is slow, and works
    return message.type in ("error", "warning") and not (message.location["url"].endswith(PROBES) or is_of_the_driver)


# The browser's modules without the app


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with website.serve(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="module")
def shipped(site):
    """A function from a shipped run's name to its payload, made once."""
    make = functools.cache(site.payload)
    return lambda name, plane="0,1", **changes: {**make(name, plane), **changes}


@pytest.fixture
def plain_page(browser, site):
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.set_default_timeout(WAIT_LIMIT)
    problems = []
    page.on("console", lambda m: problems.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    page.close()
    assert problems == []
