"""The visitor's own image on maps, without the app: drawn, opened and cleared, in models of every kind."""

import io

import numpy as np
import pytest
import torch
import website
from PIL import Image, ImageDraw
from torch.nn.functional import one_hot
from website import Map, open_maps

from aae import runs

pytestmark = pytest.mark.browser
SEVEN = ((0.3, 0.25), (0.7, 0.25), (0.5, 0.8))
KINDS = ("aae", "vae", "gaussian_8d", "clusters_16", "reduced_100", "semi_1000_extras", "supervised_2d", "digits")


@pytest.fixture
def page(plain_page):
    return plain_page


def draw(page, points=SEVEN):
    """Draw a line on the board."""
    board = page.locator("canvas.board").first  # of several maps side by side it is in their controls
    if not board.is_visible():
        page.locator("summary", has_text="Your own image").first.click()
    website.draw(page, board, *points)


@pytest.mark.parametrize("name", KINDS)
def test_an_own_image_goes_through_the_network_as_in_torch(page, site, name):
    (shown,) = open_maps(page, site, site.payload(name))
    draw(page)
    shown.wait("s.drawing && s.readout.includes('Your image')")
    state, model = shown.snapshot(), runs.load(runs.shipped()[name]).model()
    own, images = state["drawing"], torch.tensor([state["drawing"]["pixels"]])
    code = model.encode(images)
    assert own["code"] == pytest.approx(model.place(code)[0].tolist(), abs=0.02)
    assert (
        own["std"] is None
        if code.logvar is None
        else own["std"] == pytest.approx((0.5 * code.logvar).exp()[0].tolist(), rel=0.02)
    )
    assert own["y"] is None if code.y is None else own["y"] == pytest.approx(code.y[0].tolist(), abs=0.02)
    expected = reconstruction(model, code, images)
    assert state["pixels"] == pytest.approx(expected[0].tolist(), abs=0.03)
    assert own["mse"] == pytest.approx((expected - images).square().mean().item(), abs=2e-3)
    assert f"MSE {own['mse']:.4f}" in state["readout"]


@torch.no_grad()
def reconstruction(model, code, images):
    """Pixels; of a decoder that is conditioned on the class, in the class that reconstructs the image best."""
    if not model.config.decoder_is_conditional:
        return model.reconstruct(code).sigmoid()
    n = model.config.n_classes
    all_classes = model.sample(code.z.expand(n, -1), one_hot(torch.arange(n), n).float())
    return all_classes[(all_classes - images).square().sum(1).argmin()][None]


def test_the_ellipse_is_that_of_the_own_image_and_a_drag_lets_go_of_it(page, site):
    (shown,) = open_maps(page, site, site.payload("vae"))
    assert shown.snapshot()["posterior"] is None
    draw(page)
    shown.wait("s.drawing && s.posterior")
    state = shown.snapshot()
    assert state["posterior"] == pytest.approx(state["drawing"]["std"])
    assert state["cursor"] == pytest.approx(state["place"])
    page.mouse.click(*shown.at(0.5, 0.5))
    shown.wait("!s.readout.includes('Your image') && s.posterior === null")


def test_what_is_erased_or_cleared_is_gone(page, site):
    (shown,) = open_maps(page, site, site.payload("aae"))
    draw(page)
    shown.wait("s.drawing")
    page.get_by_role("button", name="erase").click()
    for x in np.linspace(0.1, 0.9, 9):
        draw(page, ((x, 0.02), (x, 0.98)))
    shown.wait("s.drawing === null")
    page.get_by_role("button", name="erase").click()
    draw(page)
    shown.wait("s.drawing")
    page.get_by_role("button", name="clear").click()
    shown.wait("s.drawing === null && !s.readout.includes('Your image')")


def choose(page, file):
    """Take a photograph, or another file."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="photo…").click()
    chooser.value.set_files(file)


DROP = """(body) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(["no image"], "y.txt"));
  const event = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
  if (body.dispatchEvent(event)) throw new Error("the browser would leave the page");
}"""


def photograph():
    """A seven on paper that is lit from one side, as the bytes of a JPEG."""
    light = np.linspace(130, 220, 600)[None].repeat(600, 0).astype(np.uint8)
    picture = Image.fromarray(light).convert("RGB")
    ImageDraw.Draw(picture).line([(600 * x, 600 * y) for x, y in SEVEN], fill=(20, 20, 60), width=46, joint="curve")
    file = io.BytesIO()
    picture.save(file, "JPEG")
    return file.getvalue()


def test_a_photograph_is_prepared_as_a_drawing_is(page, site):
    (shown,) = open_maps(page, site, site.payload("aae"))
    draw(page)
    shown.wait("s.drawing")
    drawn = np.array(shown.snapshot()["drawing"]["pixels"])
    page.get_by_role("button", name="clear").click()
    shown.wait("s.drawing === null")
    choose(page, {"name": "7.jpg", "mimeType": "image/jpeg", "buffer": photograph()})
    shown.wait("s.drawing")
    photographed = np.array(shown.snapshot()["drawing"]["pixels"])
    assert np.corrcoef(drawn, photographed)[0, 1] > 0.9
    assert page.locator(".drawing .note").first.inner_text().startswith("7.jpg: ")


def test_what_is_no_image_is_named_and_changes_nothing(page, site):
    (shown,) = open_maps(page, site, site.payload("aae"))
    draw(page)
    shown.wait("s.drawing")
    choose(page, {"name": "x.png", "mimeType": "image/png", "buffer": b"no image"})
    page.get_by_text("x.png is not an image that this browser can read.").wait_for()
    page.get_by_text("Your own image").first.click()  # the fold is closed
    page.locator("body").evaluate(DROP)
    page.get_by_text("y.txt is not an image that this browser can read.").wait_for()
    assert shown.snapshot()["drawing"]


def test_one_drawing_is_seen_by_all_maps_of_a_group(page, site):
    maps = [site.payload(name, group="g", small=True) for name in ("ae", "vae", "aae")]
    controls = {"kind": "controls", "group": "g", "epochs": [], "runs": {m["run"]: m["title"] for m in maps}}
    site.show({**controls, "view": [0, 0, 4], "prior_view": [0, 0, 3], "noun": "digit"}, *maps)
    page.goto(site.address)
    page.locator("canvas.map[data-ready=true]").nth(2).wait_for()
    shown = [Map(page, i) for i in range(3)]
    draw(page)
    for each in shown:
        each.wait("s.drawing && s.readout.includes('Your image')")
    states = [each.snapshot() for each in shown]
    assert states[0]["drawing"]["pixels"] == states[2]["drawing"]["pixels"]
    assert len({tuple(state["drawing"]["code"]) for state in states}) == 3  # each model has its own code
    assert states[0]["cursor"] == [0, 0]
    page.mouse.click(*shown[1].at(0.5, 0.5))
    for each in shown:
        each.wait("!s.readout.includes('Your image')")
