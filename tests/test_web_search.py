"""Compress & search without the app, and its page."""

import json

import pytest
import torch
from safetensors.torch import save as serialize
from streamlit.testing.v1 import AppTest
from test_pages import MAIN

from aae import data, runs
from aae.analysis import hashing
from aae.app.views import searching


@pytest.fixture
def shown(plain_page, site):
    """The page's component with the run of scikit-learn's digits."""
    run = runs.load(runs.shipped()["digits"])
    files = site.addresses(run)
    made = hashing.random_hyperplanes(run.test_codes.float())
    hash = site.publish(serialize({"centre": made.centre, "directions": made.directions.contiguous()}))
    payload = searching.payload(run) | {"hash": hash}
    payload |= {key: getattr(files, key) for key in ("encoder", "decoder", "decoder_rest", "codes", "images")}
    site.show(payload)
    plain_page.goto(site.address + "?image=7&bits=8")
    plain_page.locator("canvas.digit[data-ready=true]").wait_for()
    return plain_page


def snapshot(page):
    return page.locator("canvas.digit").evaluate("el => el.search.snapshot()")


@pytest.mark.browser
def test_the_images_are_found_whose_bits_differ_least(shown):
    run = runs.load(runs.shipped()["digits"])
    state, made = snapshot(shown), hashing.random_hyperplanes(run.test_codes.float())
    code = run.model().encode(data.load("digits").test.floats()[7:8]).mean.detach()
    apart = hashing.hamming(made.bits(code, 8), made.bits(run.test_codes.float(), 8))[0]
    assert state["index"] == 7 and state["bits"] == 8 and 7 not in state["nearest"]
    expected = sorted((distance, i) for i, distance in enumerate(apart.tolist()) if i != 7)[: len(state["nearest"])]
    assert state["distances"] == pytest.approx([distance for distance, _ in expected], abs=1)
    assert "64 bytes of pixels become 8 bits: 64 times fewer" in state["words"]
    assert shown.locator(".bits span").count() == 8
    shown.locator("input[type=range]").fill("40")
    assert snapshot(shown)["bits"] == 40 and shown.locator(".bits span").count() == 40
    shown.wait_for_function("location.search.includes('image=7')")
    shown.get_by_role("button", name="next").click()
    assert snapshot(shown)["index"] == 8
    shown.wait_for_function("location.search.includes('image=8')")


def test_the_page_shows_what_was_measured():
    app = AppTest.from_file(MAIN, default_timeout=60).run().switch_page("../../pages/search.py").run()
    assert not app.exception
    assert json.loads(app.get("bidi_component")[0].proto.json)[0]["kind"] == "search"
    kept = json.loads(searching.KEPT.read_text())
    assert any(kept["command"] in caption.value for caption in app.caption)
    assert {row["of"] for row in kept["search"]} > {"aae", "pixels, principal components"}
    assert all(0 <= mean <= 1 for row in kept["search"] for _, mean, _ in row["precision"])


def test_more_bits_find_more_of_the_same_class_where_a_code_holds_it():
    labels = torch.arange(2000) % 10
    centres = torch.randn(10, 8, generator=torch.Generator().manual_seed(0))
    points = 3 * centres[labels] + torch.randn(2000, 8, generator=torch.Generator().manual_seed(1))
    made, same = hashing.random_hyperplanes(points), labels[:100, None] == labels[None, 100:]
    found = [
        hashing.precision_at(10, hashing.hamming(made.bits(points[:100], n), made.bits(points[100:], n)), same).mean()
        for n in (1, 8, 64)
    ]
    assert found[0] < found[1] < found[2] and found[2] > 0.9
