"""You label ten, in a real browser: keys label the images, one report starts a training, its point is on the curve."""

import pytest
from playwright.sync_api import expect

from aae import data
from aae.analysis.apart import apart
from benchmarks.browser import WAIT_LIMIT, count_sent, settle, wait

pytestmark = pytest.mark.browser
DRAW = 2


def test_ten_images_are_labelled_by_keys_trained_on_and_become_a_point(page, server):
    images = data.load_train("digits")
    labels = images.labels[apart(images, 10, DRAW)].tolist()
    labels[3] = (labels[3] + 1) % 10  # the visitor errs
    panel = page.locator(".labelling")

    def until(condition, arg=None):
        wait(panel, f"(el, a) => {{ const s = el.labelling.snapshot(); return {condition}; }}", arg)

    page.goto(f"{server}/classify?labelled=Digits 8x8&ten={DRAW}")
    panel.locator(".digit[data-ready=true]").wait_for(timeout=WAIT_LIMIT)
    settle(page)
    sent, train = count_sent(page), page.get_by_role("button", name="Train on my labels")
    panel.focus()
    for label in labels[:6]:
        page.keyboard.press(str(label))
    until("s.here === 6 && s.labels.slice(0, 6).join() === a", ",".join(map(str, labels[:6])))
    expect(train).to_be_disabled()
    page.reload()
    panel.locator(".digit[data-ready=true]").wait_for(timeout=WAIT_LIMIT)
    until("s.here === 6 && s.labels.slice(0, 6).join() === a", ",".join(map(str, labels[:6])))
    settle(page)
    sent.clear()
    panel.focus()
    for label in labels[6:]:
        page.keyboard.press(str(label))
    panel.locator(".ten button").first.click()
    panel.locator(".classes button").nth((labels[0] + 1) % 10).click()  # an error, which is noticed
    until("s.labels[0] === a", (labels[0] + 1) % 10)
    page.keyboard.press(str(labels[0]))
    until("s.labels.join() === a", ",".join(map(str, labels)))
    assert not sent
    train.click()
    page.get_by_text("9 of your 10 labels are those of the data set").wait_for()
    page.get_by_text("of the test images of Digits 8x8 get a wrong class").wait_for()
    expect(page.locator(".js-plotly-plot .legendtext", has_text="yours: 10 labels, Digits 8x8")).to_be_visible()
    train.click()
    page.get_by_text("it was trained already").wait_for()
