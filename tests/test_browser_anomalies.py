"""The Anomalies page in a real browser: a threshold that is dragged, curves, images on both sides, one's own."""

import numpy as np
import pytest
import torch
from playwright.sync_api import expect
from sklearn.metrics import average_precision_score, precision_score, roc_auc_score
from website import draw

from aae import data, runs
from aae.analysis import anomalies
from benchmarks.browser import WAIT_LIMIT, count_sent, settle

pytestmark = pytest.mark.browser
SEVEN = ((0.3, 0.25), (0.7, 0.25), (0.5, 0.8))


class Scores:
    """The page's histogram."""

    def __init__(self, page, address):
        self.page, self.canvas = page, page.locator("canvas.histogram[data-ready=true]")
        page.goto(address)
        self.canvas.wait_for()
        settle(page)

    def snapshot(self):
        return self.canvas.evaluate("el => el.anomalies.snapshot()")

    def drag(self, x, until):
        """Drag the threshold from the middle to a share of the width, and on to another before letting go."""
        self.canvas.scroll_into_view_if_needed()
        box = self.canvas.bounding_box()
        y = box["y"] + box["height"] / 2
        self.page.mouse.move(box["x"] + box["width"] / 2, y)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + x * box["width"], y, steps=5)
        between = self.snapshot()
        self.page.mouse.move(box["x"] + until * box["width"], y, steps=5)
        self.page.mouse.up()
        return between


@pytest.fixture
def digits(page, server):
    return Scores(page, f"{server}/anomalies?scored=digits")


def test_a_dragged_threshold_changes_the_rates_asks_nothing_and_ends_in_the_link(digits, page):
    sent = count_sent(page)
    page.reload()
    digits.canvas.wait_for()
    settle(page)
    first, before = digits.snapshot(), len(sent)
    between = digits.drag(0.3, 0.6)
    last = digits.snapshot()
    assert len({state["threshold"] for state in (first, between, last)}) == 3
    assert len({state["words"] for state in (first, between, last)}) == 3
    page.wait_for_function("location.search.includes('threshold=')")
    assert len(sent) == before > 0
    page.reload()
    digits.canvas.wait_for()
    again = digits.snapshot()
    assert again["threshold"] == pytest.approx(last["threshold"], rel=1e-4) and again["words"] == last["words"]


def test_rates_and_curves_are_those_of_scikit_learn(digits):
    digits.drag(0.3, 0.5)
    state = digits.snapshot()
    scores = np.array(state["normal"] + state["odd"])
    is_odd = np.repeat([0, 1], [len(state["normal"]), len(state["odd"])])
    found = scores >= state["threshold"]
    assert state["auroc"] == pytest.approx(roc_auc_score(is_odd, scores))
    assert state["ap"] == pytest.approx(average_precision_score(is_odd, scores))
    expected = [100 * found[is_odd == 1].mean(), 100 * found[is_odd == 0].mean()]
    assert [f"{share:.1f}\u00a0% of" in state["words"] for share in expected] == [True, True]
    assert f"precision {100 * precision_score(is_odd, found):.1f}\u00a0%" in state["words"]


def test_the_scores_are_those_of_the_package(digits):
    model, images = runs.load(runs.shipped()["digits"]).model(), data.load_test("digits")
    expected = anomalies.of_images(model, images)["reconstruction"].sort().values
    assert digits.snapshot()["normal"] == pytest.approx(expected.tolist(), rel=1e-4)
    assert "500 test images of Digits 8x8" in digits.snapshot()["key"]


def test_keys_move_the_threshold_and_the_images_at_it(digits, page):
    digits.canvas.focus()
    page.keyboard.press("Home")
    low = digits.snapshot()
    assert "100.0\u00a0% of the odd" in low["words"] and digits.canvas.get_attribute("aria-valuenow") == str(
        low["threshold"]
    )
    assert page.locator(".images").nth(1).locator("figure:visible").count() == 0  # nothing is below
    page.wait_for_function("location.search.includes('threshold=')")
    page.reload()
    digits.canvas.wait_for()
    assert digits.snapshot()["threshold"] == low["threshold"]
    assert page.locator(".images").nth(1).locator("figure:visible").count() == 0
    settle(page)
    digits.canvas.focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowRight")
    assert digits.snapshot()["threshold"] > low["threshold"]
    assert page.locator(".images").first.locator("figure:visible").count() == 12
    page.keyboard.press("End")
    assert page.locator(".images").first.locator("figure:visible").count() >= 1


@pytest.mark.parametrize("score", ["reconstruction error", "prior density of the code", "discriminator"])
def test_a_drawing_gets_the_score_that_torch_gives_it(page, server, score):
    shown = Scores(page, f"{server}/anomalies?scored=digits&score={score.replace(' ', '+')}")
    draw(page, page.locator("canvas.board"), *SEVEN)
    expect(page.locator(".verdict")).to_contain_text("Score", timeout=WAIT_LIMIT)
    own = shown.snapshot()["own"]
    name = {"reconstruction error": "reconstruction", "discriminator": "discriminator"}.get(score, "prior")
    found = anomalies.score(runs.load(runs.shipped()["digits"]).model(), torch.tensor([own["pixels"]]))[name]
    assert own["score"] == pytest.approx(found.item(), rel=2e-2, abs=1e-3)
    share = 100 * np.mean(np.array(shown.snapshot()["normal"]) < own["score"])
    assert f"higher than {share:.1f}\u00a0% of the normal images" in own["words"]
    page.get_by_role("button", name="clear").click()
    expect(page.locator(".verdict")).to_have_text("")


def test_another_score_is_another_histogram_and_forgets_the_threshold(digits, page):
    digits.drag(0.3, 0.6)
    page.wait_for_function("location.search.includes('threshold=')")
    before = digits.snapshot()
    page.get_by_role("combobox", name="Score").click()
    page.get_by_role("option", name="discriminator").click()
    page.wait_for_url("**score=discriminator*")
    page.wait_for_function("!location.search.includes('threshold=')")
    digits.canvas.wait_for()
    settle(page)
    after = digits.snapshot()
    assert after["auroc"] != before["auroc"]
    assert all(("AUROC below 0.5" in state["words"]) == (state["auroc"] < 0.5) for state in (before, after))


def test_without_the_images_codes_are_scored_and_the_page_says_so(page, server):
    if not data.missing_files("mnist"):
        pytest.skip("MNIST is on this machine")
    shown = Scores(page, f"{server}/anomalies?scored=aae&odd=uniform+noise")
    run = runs.load(runs.shipped()["aae"])
    expected = anomalies.of_codes(run.model(), run.test_codes.float())["prior"].sort().values
    assert shown.snapshot()["normal"] == pytest.approx(expected.tolist(), rel=1e-3)
    expect(page.get_by_text("the reconstruction error of its images cannot be computed")).to_be_visible()
    assert page.locator(".images").first.locator("figure:visible").count() > 0


@pytest.mark.parametrize("width", [390, 1024])
def test_the_page_fits_its_width(page, server, width):
    page.set_viewport_size({"width": width, "height": 900})
    Scores(page, f"{server}/anomalies?scored=digits")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = page.locator("canvas.histogram").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
