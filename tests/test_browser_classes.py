"""The browser shows the classes of any data set by their names."""

import pytest
from playwright.sync_api import expect

from aae import runs
from benchmarks.browser import WAIT_LIMIT
from tests.test_classes import STRANGE, letters, root, store, trained  # noqa: F401

pytestmark = pytest.mark.browser

SPY = """window.written = new Set();
const fill = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
  window.written.add(String(text));
  return fill.call(this, text, ...rest);
};"""
HOSTILE = "<img src=x onerror=window.hacked=1>"


@pytest.fixture
def opened(page, server, root):  # noqa: F811
    """Opens a run of these classes on the Explore page."""

    def open_run(names):
        store(root, names, each=30)
        (root / "mine.safetensors").write_bytes(runs.to_bytes(trained(epochs=3)))
        page.add_init_script(SPY)
        page.goto(f"{server}/explore")
        page.locator("canvas.map[data-ready=true]").wait_for()
        page.get_by_role("button", name="File").click()
        page.set_input_files("input[type=file]", root / "mine.safetensors")
        page.wait_for_url("**run=mine*")
        page.keyboard.press("Escape")
        return page

    return open_run


def until(page, expression, argument=None):
    """Wait for a condition in the page."""
    page.wait_for_function(expression, arg=argument, timeout=WAIT_LIMIT)


def near(page):
    """The names beneath the nearest images."""
    return {text.strip() for text in page.locator(".near figure").all_inner_texts() if text.strip()}


def test_names_stand_on_the_map_and_beneath_the_nearest_images(opened):
    page = opened(("cats", "dogs"))
    until(page, "() => window.written.has('cats') || window.written.has('dogs')")  # no name hides another
    keys = " ".join(page.locator(".classes").all_inner_texts())
    assert "cats" in keys and "dogs" in keys
    page.locator("canvas.map").hover()
    page.locator(".near figure").first.wait_for()
    assert near(page) and near(page) <= {"cats", "dogs"}
    page.locator("canvas.map").press("4")
    page.get_by_text("No test image here has class 4: all are shown.").wait_for()


def test_strange_names_are_text_and_long_ones_are_cut_on_the_map(opened):
    page = opened((*STRANGE, HOSTILE))
    shown = [name if len(name) <= 12 else f"{name[:11]}…" for name in (*STRANGE, HOSTILE) if len(name) > 1]
    until(page, "(shown) => shown.some((name) => window.written.has(name))", shown)
    longest = "() => Math.max(...[...window.written].map((text) => [...text].length))"
    assert page.evaluate(longest) <= 12
    assert page.evaluate("window.hacked") is None and page.locator("img[src=x]").count() == 0
    assert near(page) <= {*STRANGE, HOSTILE}


@pytest.mark.parametrize("n", [1, 3, 26, 100])
def test_all_classes_of_a_style_are_shown_whatever_their_number(opened, n):
    page = opened(letters(n))
    page.get_by_role("link", name="Style & content").click()
    page.locator(".ten button").first.wait_for()  # until then the chooser may still be that of the page before
    page.get_by_role("combobox", name="Run").click()
    page.get_by_role("option", name="mine (yours)").click()
    expect(page.locator(".ten button")).to_have_count(n, timeout=WAIT_LIMIT)
    assert page.locator(".ten button").all_inner_texts() == list(letters(n))
    assert page.locator("canvas.ring").is_visible() == (n <= 12)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".ten").bounding_box()["height"] < 500
