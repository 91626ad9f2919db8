"""The Tune page in a browser: start a sweep, see its trials, open one as a run."""

import os

import pytest
from playwright.sync_api import expect

from benchmarks.browser import WAIT_LIMIT

pytestmark = pytest.mark.browser
SIZES = {"1440": (1440, 1500), "1024": (1024, 1600), "390": (390, 2200)}


def shoot(page, name):
    """Pictures of the page in both themes, where someone asks for pictures."""
    for scheme in ("dark", "light") if os.environ.get("AAE_PICTURES") else ():
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(1000)
        page.screenshot(path=f"{os.environ['AAE_PICTURES']}/tune-{name}-{scheme}.png")


def test_a_sweep_is_started_shown_and_a_trial_of_it_opened(page, server):
    page.goto(f"{server}/tune")
    page.get_by_role("button", name="Batch size").click()
    page.get_by_text("8 trials, chosen by TPE").first.wait_for()
    page.get_by_role("button", name="Start the sweep").click()
    page.get_by_text("8 of 8 trials.").first.wait_for()
    page.locator(".js-plotly-plot .parcoords").first.wait_for()
    page.get_by_text("share of the metric's variance").first.wait_for()
    assert "sweep=" not in page.url  # the newest of one's own
    table = page.get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    page.mouse.click(box["x"] + 15, box["y"] + 55)  # what is left of the first row selects it
    page.get_by_role("button", name="Open trial 0").click()
    link = page.get_by_role("link", name="Explore digits-trial-0")
    link.first.wait_for()
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        shoot(page, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    link.click()
    chosen = page.get_by_role("combobox", name="Run (trained model)")
    expect(chosen).to_have_value("digits-trial-0 (yours)", timeout=WAIT_LIMIT)
