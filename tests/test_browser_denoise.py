"""Denoise & repair in the browser: what is seen is what torch computes, and nothing goes to the server."""

import json

import pytest
import torch
import website

from aae import runs
from aae.analysis import denoising, quality
from aae.app.views.denoising import COLOURS
from benchmarks.browser import count_sent, paint, settle, wait

pytestmark = pytest.mark.browser
SHAPE = (1, 28, 28)


def open_page(page, server, query=""):
    """Open the page; a function that gives what it shows."""
    page.goto(f"{server}/denoise{query}")
    page.locator(".denoise[data-ready=true]").wait_for()
    settle(page)
    return lambda: shown(page)


def shown(page):
    paint(page)
    return page.locator(".denoise").evaluate("el => el.denoise.snapshot()")


def choose(page, kind):
    page.get_by_role("radio", name=kind).click()


def set_strength(page, value):
    page.get_by_role("slider", name="Strength").fill(str(value))


def agrees(state):
    """Whether every reconstruction and its figures are torch's, of what was corrupted in the browser."""
    clean, corrupted = (torch.tensor([state[name]]) for name in ("clean", "corrupted"))
    for each in [*state["models"], {**state["figures"][denoising.NO_MODEL], "pixels": None}]:
        made = corrupted.clamp(0, 1)
        if each["pixels"]:
            made = denoising.restore(runs.load(runs.shipped()[each["run"]]).model(), corrupted)
            assert each["pixels"] == pytest.approx(made[0].tolist(), abs=0.03)
        assert each["psnr"] == pytest.approx(quality.psnr(made, clean).item(), abs=0.1)
        assert each["ssim"] == pytest.approx(quality.ssim(made, clean, SHAPE).item(), abs=0.01)


def test_the_slider_corrupts_and_every_model_reconstructs_as_in_torch_without_the_server(page, server):
    sent = count_sent(page)
    look = open_page(page, server)
    assert [model["run"] for model in look()["models"]] == list(COLOURS)
    names = page.get_by_test_id("stMultiSelectTagsContainer")
    assert names.evaluate("el => el.scrollWidth <= el.clientWidth")  # each can be read
    before = len(sent)
    for strength in (0.0, 0.4, 0.9):
        set_strength(page, strength)
        state = look()
        noise = torch.tensor(state["corrupted"]) - torch.tensor(state["clean"])
        assert noise.std().item() == pytest.approx(strength, rel=0.15, abs=1e-6)
        agrees(state)
    page.wait_for_url("**strength=0.9*")
    assert len(sent) == before


def test_one_draws_on_the_image_and_erases_and_clears(page, server):
    sent = count_sent(page)
    look = open_page(page, server, "?strength=0&image=3")
    before, canvas, messages = look(), page.locator("canvas.corrupted"), len(sent)
    assert before["corrupted"] == before["clean"] and before["image"] == 3
    website.draw(page, canvas, (0.1, 0.1), (0.9, 0.9))
    drawn = look()
    assert sum(x == 1 for x in drawn["corrupted"]) > 30 and drawn["clean"] == before["clean"]
    agrees(drawn)
    page.get_by_role("button", name="eraser").click()
    website.draw(page, canvas, (0.1, 0.1), (0.9, 0.9))
    erased = look()
    assert [erased["corrupted"][28 * i + i] for i in range(5, 23)] == [0] * 18
    page.get_by_role("button", name="clear strokes").click()
    assert look()["corrupted"] == before["clean"]
    assert len(sent) == messages


def test_a_hole_is_dragged_and_its_place_is_in_the_address(page, server):
    look = open_page(page, server)
    choose(page, "hole")
    canvas = page.locator("canvas.corrupted")
    for share in (0.25, 0.75):
        website.draw(page, canvas, (0.5, 0.5), (share, share))
        state, first = look(), round(share * 28) - 7
        inside = [28 * y + x for y in range(first, first + 14) for x in range(first, first + 14)]
        others = set(range(784)) - set(inside)
        assert not any(state["corrupted"][i] for i in inside)
        assert all(state["corrupted"][i] == state["clean"][i] for i in others)
        agrees(state)
    page.wait_for_url("**hole=0.7*")
    page.reload()
    page.locator(".denoise[data-ready=true]").wait_for()
    assert look()["corrupted"] == state["corrupted"]


def test_a_link_restores_what_is_seen_and_what_it_cannot_mean_is_said(page, server):
    query = "?corruption=scribbles&strength=0.25&draw=7&image=12&again=1&hole=nonsense"
    state = open_page(page, server, query)()
    assert (state["corruption"], state["strength"], state["draw"], state["image"]) == ("scribbles", 0.25, 7, 12)
    page.get_by_text("hole=nonsense (two numbers").wait_for()
    model = runs.load(runs.shipped()["aae"]).model()
    twice = denoising.restore(model, denoising.restore(model, torch.tensor([state["corrupted"]])))
    (found,) = [each["pixels"] for each in state["models"] if each["run"] == "aae"]
    assert found == pytest.approx(twice[0].tolist(), abs=0.05)


def test_the_charts_are_those_of_the_chosen_corruption(page, server):
    open_page(page, server)
    assert page.locator(".curves polyline").count() == 12
    before = page.locator(".curves polyline").first.get_attribute("points")
    choose(page, "masking")
    paint(page)
    assert page.locator(".curves polyline").first.get_attribute("points") != before
    words = page.locator(".curves").inner_text()
    assert all(each in words for each in ("PSNR (dB)", "SSIM", "share of the pixels", "python -m benchmarks.denoise"))


def test_test_images_are_chosen_by_class_and_one_draws_ones_own(page, server):
    look = open_page(page, server)
    page.get_by_role("group", name="Class of the test image").get_by_role("button", name="4").click()
    labels = runs.load(runs.shipped()["ae"]).test_labels.tolist()
    seen = []
    for _ in range(3):
        seen.append(look()["image"])
        page.get_by_role("button", name="next").click()
    assert seen == [i for i, label in enumerate(labels) if label == 4][:3]
    page.locator("summary", has_text="Your own image").click()
    website.draw(page, page.locator("canvas.board"), (0.3, 0.2), (0.7, 0.2), (0.5, 0.8))
    state = look()
    assert state["image"] is None and sum(state["clean"]) > 20
    agrees(state)


def test_nothing_is_written_to_the_address_of_another_page(page, server):
    open_page(page, server)
    script = """async el => {
      const { denoise } = el, written = [];
      denoise.host = { ...denoise.host, link: { write: parameters => written.push(parameters) } };
      denoise.change({ strength: 0.3 });
      if (CLOSED) denoise.close();
      await new Promise(done => setTimeout(done, 1000));  // timers end in their order: that of the address is shorter
      return written.length; }"""
    assert page.locator(".denoise").evaluate(script.replace("CLOSED", "false")) == 1
    assert page.locator(".denoise").evaluate(script.replace("CLOSED", "true")) == 0


def test_what_was_drawn_stays_when_other_models_are_chosen(page, server):
    look = open_page(page, server, "?corruption=masking&strength=0.2&draw=4")
    page.locator("summary", has_text="Your own image").click()
    website.draw(page, page.locator("canvas.board"), (0.3, 0.2), (0.7, 0.2), (0.5, 0.8))
    website.draw(page, page.locator("canvas.corrupted"), (0.1, 0.9), (0.9, 0.9))
    before = look()
    page.get_by_role(
        "button", name="Remove AE · 15-D, noisy input"
    ).click()  # by which missing test images were decoded
    wait(page.locator(".denoise"), "el => el.denoise.snapshot().models.length === 4 && el.dataset.ready === 'true'")
    settle(page)
    after = look()
    assert [after[name] for name in ("clean", "corrupted", "image")] == [before["clean"], before["corrupted"], None]
    assert [model["run"] for model in after["models"]] == [name for name in COLOURS if name != "denoising_ae"]
    agrees(after)


def test_another_data_set_has_its_own_models_and_no_figures(page, server):
    open_page(page, server, "?dataset=Digits%208x8")
    state = shown(page)
    assert [model["run"] for model in state["models"]] == ["digits"] and len(state["clean"]) == 64
    assert page.locator(".curves").is_hidden()
    wait(page.locator(".denoise"), "el => el.dataset.ready === 'true'")
    assert json.dumps(state["figures"])
