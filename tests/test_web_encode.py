"""An image's way through a network, without the app."""

import pytest
import torch
from website import open_maps

from aae import runs
from aae.app.browser import maps
from aae.models import losses

pytestmark = pytest.mark.browser


@pytest.fixture
def page(plain_page):
    return plain_page


def show(page, site, name, query=""):
    run = runs.load(runs.shipped()[name])
    adversarial = run.config.regularizer == "adversarial"
    discriminator = site.publish(maps.discriminator_file(run)) if adversarial else None
    payload = maps.encode_payload(run, site.payload(name), discriminator)
    (shown,) = open_maps(page, site, payload, query=query)
    shown.wait("s.drawing && s.terms.length")
    return run, shown


@pytest.mark.parametrize("name", ["ae", "vae", "aae", "digits", "gaussian_8d", "reduced_100", "labels_mixture_10k"])
def test_the_loss_is_torchs(page, site, name):
    run, shown = show(page, site, name, "?image=5")
    if run.config.regularizer == "adversarial":
        shown.wait("s.terms.length == 2")
    state, config = shown.snapshot(), run.config
    images = torch.tensor([state["input"]])
    with torch.no_grad():
        model = run.model()
        code = model.encode(images)
        expected = [losses.RECONSTRUCTION[config.likelihood](model.reconstruct(code), images).item()]
        if config.regularizer == "kl":
            expected.append(losses.kl_to_gaussian(code.mean, code.logvar, config.prior_std).item())
        if config.regularizer == "adversarial":
            expected.append(losses.generator(model.discriminate("z", code.z, torch.tensor([-1]))).item())
    assert [term["value"] for term in state["terms"]] == pytest.approx(expected, rel=0.03, abs=0.05)
    assert state["index"] == 5 and "Test image 5, labelled" in state["readout"]
    total = sum(term["weight"] * term["value"] for term in state["terms"])
    assert float(page.locator(".equation output").first.text_content()) == pytest.approx(total, abs=0.01)


def test_a_sample_of_the_posterior_is_decoded_and_marked(page, site):
    _, shown = show(page, site, "vae")
    at_mean = shown.snapshot()
    assert at_mean["drawn"] is None
    page.get_by_role("button", name="sample").click()
    shown.wait("s.drawn")
    first = shown.snapshot()
    assert first["terms"][0]["value"] != at_mean["terms"][0]["value"] and first["terms"][1] == at_mean["terms"][1]
    assert "sample of the posterior" in " ".join(first["legend"])
    page.get_by_role("button", name="another sample").click()
    shown.wait("s.drawn[0] != a", first["drawn"][0])
    page.get_by_role("button", name="mean").click()
    shown.wait("!s.drawn")
    assert shown.snapshot()["terms"] == at_mean["terms"]


def test_a_place_can_be_decoded_instead_and_the_link_restores_both(page, site):
    run, shown = show(page, site, "aae", "?image=3")
    page.mouse.click(*shown.at(0.8, 0.2))
    shown.wait("!s.drawing")
    state = shown.snapshot()
    expected = run.model().sample(torch.tensor([state["code"]]))[0]
    error = (expected - torch.tensor(state["input"])).square().sum().item()
    assert state["terms"][0]["value"] == pytest.approx(error, rel=0.02)
    assert "error of this place" in page.locator(".equation").text_content()
    page.wait_for_function("location.search.includes('z=') && location.search.includes('image=3')")
    page.get_by_role("button", name="back to the code of x").click()
    shown.wait("s.drawing")
    page.wait_for_function("!location.search.includes('z=')")
    page.get_by_role("button", name="next").click()
    shown.wait("s.index == 4 && s.drawing")
    page.wait_for_function("location.search.includes('image=4')")
    page.reload()
    shown.wait("s.index == 4 && s.drawing")
