"""A server that has just started, in a real browser: Home is there from what an earlier one kept, other pages wait."""

import pytest
from playwright.sync_api import expect

from aae.app.runs import catalogue
from aae.app.server import kept
from aae.app.views import scenes, story
from benchmarks.browser import WAIT_LIMIT, serve, settle

pytestmark = pytest.mark.browser
READY = "canvas.map[data-ready=true]"


@pytest.fixture
def new(tmp_path, monkeypatch):
    """The address of a server for which an earlier one has kept Home with one of its scenes."""
    monkeypatch.setenv("AAE_RUNS", str(tmp_path))
    known, names = catalogue.shipped_known(), story.SCENES["autoencoder"].runs
    pictures = {"autoencoder": scenes.picture("autoencoder", [known[name] for name in names])}
    kept.write(kept.Home(dict(story.payload(known)), pictures), kept.made_of())
    with serve(runs=str(tmp_path)) as server:
        yield server.address


def test_home_is_there_at_once_and_stays_and_a_page_of_another_visitor_comes(new, browser):
    first, second = (browser.new_context().new_page() for _ in range(2))
    first.goto(f"{new}/?scene=2")
    first.wait_for_selector(READY, timeout=WAIT_LIMIT)
    pad = first.locator(READY)
    pad.evaluate("map => (map.isTheFirst = true)")
    second.goto(f"{new}/explore")
    second.wait_for_selector(READY, timeout=WAIT_LIMIT)
    settle(first)
    expect(first.get_by_role("link", name="Try this: 5 minutes")).to_be_visible(timeout=WAIT_LIMIT)
    assert pad.evaluate("map => map.isTheFirst")
    for page in (first, second):
        page.context.close()
