"""What the pads say is true: counted where, of which images, within which radius."""

import math
import re
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np
import pytest
import torch
from PIL import Image

from aae import explore, runs
from aae.app import comparison, loaders
from benchmarks.browser import CHROMIUM, open_pad, serve

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on the PATH (Debian: apt-get install chromium)"),
]


def snapshot(pad):
    """What a pad shows, once it has painted its last change."""
    return pad.evaluate("""async el => {
      await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
      return el.pad.snapshot(); }""")


def ready(page, n=1):
    """The page's pads, once this many of them can be used."""
    page.locator("canvas.map[data-ready=true]").nth(n - 1).wait_for()
    return [page.locator("canvas.map").nth(i) for i in range(n)]


@pytest.mark.parametrize("name", ["aae", "gaussian_8d", "clusters_16", "reduced_10d", "denoising_aae", "digits", "ae"])
@pytest.mark.parametrize("place", ["0.4,-0.3", "2.4,2.3"])
def test_near_is_counted_in_the_codes_own_space(page, server, name, place):
    open_pad(page, f"{server}/explore?run={name}&z={place}")
    shown = snapshot(ready(page)[0])
    run = runs.load(runs.shipped()[name])
    plane = loaders.plane(run, "pca" if run.config.style_dim > 2 else "0,1")
    z = plane.lift(torch.tensor([[float(x) for x in place.split(",")]]))
    assert shown["code"] == pytest.approx(z[0].tolist(), abs=1e-4)
    around, codes = shown["around"], run.test_codes.float()
    distances = torch.cdist(z, codes)[0]
    assert around["count"] == pytest.approx((distances < around["radius"]).sum().item(), abs=1)
    assert distances[around["nearest"]].tolist() == pytest.approx(distances.sort().values[:3].tolist(), abs=1e-3)
    if run.config.regularizer == "none":
        assert around["expected"] is None
    else:
        draws = torch.cdist(z, explore.prior_samples(run.model()))[0]
        expected = (draws < around["radius"]).float().mean().item() * len(codes)
        assert around["expected"] == pytest.approx(expected, abs=1.5)
    assert (f"in all {len(z[0])} dimensions" in shown["words"]) == (run.config.style_dim > 2)


def test_one_radius_holds_for_all_maps_of_a_page_and_is_drawn(page, server):
    open_pad(page, f"{server}/compare?z=0,0")
    shown = [snapshot(pad) for pad in ready(page, 3)]
    radius = shown[0]["around"]["radius"]
    assert all(each["around"]["radius"] == radius for each in shown)
    assert all(f"within {radius} of z" in each["words"] for each in shown)
    outlines = [pad.evaluate(OUTLINE) for pad in ready(page, 3)]
    assert outlines[0] == outlines[1] == outlines[2]
    assert outlines[0] == pytest.approx([-radius, radius, -radius, radius], rel=0.01)


OUTLINE = """el => {
  const pad = el.pad, seen = [], lineTo = (x, y) => seen.push(pad.fromPixel(x, y, 1));
  const context = { beginPath() {}, stroke() {}, lineTo };
  pad.paintNearby(context, 1);
  const of = axis => seen.map(place => place[axis]);
  return [Math.min(...of(0)), Math.max(...of(0)), Math.min(...of(1)), Math.max(...of(1))]; }"""


def test_the_circle_is_that_of_the_code_space_under_stretched_axes(page, server):
    open_pad(page, f"{server}/explore?run=aae&z=1,0.5")
    (pad,) = ready(page)
    before = snapshot(pad)["around"]
    plain = pad.evaluate(OUTLINE)
    page.get_by_role("button", name="equal mass").click()
    after = snapshot(pad)["around"]
    assert before == after
    assert pad.evaluate(OUTLINE) == pytest.approx(plain, abs=0.01)
    r = before["radius"]
    assert plain == pytest.approx([1 - r, 1 + r, 0.5 - r, 0.5 + r], abs=0.01)


def test_the_circle_is_the_planes_section_of_the_ball(page, server):
    """An image's code of eight dimensions lies beside the plane: there the ball is cut small, or not at all."""
    open_pad(page, f"{server}/explore?run=gaussian_8d&plane=0,1")
    (pad,) = ready(page)
    run = runs.load(runs.shipped()["gaussian_8d"])
    offs = run.test_codes.float()[:, 2:].norm(dim=1)
    radius = snapshot(pad)["around"]["radius"]
    for image in (offs.argmin().item(), offs.argmax().item()):
        pad.evaluate("(el, image) => { el.pad.image = image; el.pad.show(); }", image)
        assert "other test code" in snapshot(pad)["words"]
        left, right, *_ = pad.evaluate(OUTLINE)  # from infinity to minus infinity where nothing is drawn
        half = (radius**2 - offs[image].item() ** 2) ** 0.5 if offs[image] < radius else -math.inf
        assert (right - left) / 2 == pytest.approx(half, abs=0.01)


def words(page, **around):
    """What is said of a place around which this was found."""
    page_words = page.locator("canvas.map").evaluate(
        "(el, around) => { Object.assign(el.pad.around, around); return el.pad.words([0, 0])[1]; }", around
    )
    return re.sub(r"\s+", " ", page_words)


def test_the_words_follow_what_is_expected(page, server):
    open_pad(page, f"{server}/explore?run=aae")
    common = {"radius": 0.15, "dim": 2, "other": False, "distance": 0.2}
    assert words(page, count=12, expected=97.2, **common) == "12 test codes within 0.15 of z (the prior expects 97)."
    assert (
        words(page, count=1, expected=0.3, **common) == "1 test code within 0.15 of z (the prior expects fewer than 1)."
    )
    hole = words(page, count=0, expected=97, **common)
    assert "No test code within 0.15 of z (the prior expects 97)" in hole and "extrapolates" in hole
    few = words(page, count=0, expected=2, **common)
    assert "No test code" in few and "extrapolates" not in few and "the nearest is 0.2" in few
    assert "extrapolates" in words(page, count=0, expected=0, **{**common, "distance": 0.9})
    assert "extrapolates" in words(page, count=0, expected=None, **common)


def move_to(page, pad, x, y):
    """Take the pointer to a share of a pad's sides."""
    box = pad.bounding_box()
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])


def test_in_anothers_layout_each_model_shows_its_own_code_of_the_same_image(page, server):
    open_pad(page, f"{server}/compare?z=0.3,0.2")
    pads = ready(page, 3)
    page.locator("select.layout").select_option("ae")
    home = pads[0].evaluate("el => Array.from(el.pad.home)")
    flown = "([el, home]) => el.pad.image !== null && home.every((x, i) => x === el.pad.points[i])"
    for pad in pads:
        page.wait_for_function(flown, arg=[pad.element_handle(), home])
    move_to(page, pads[1], 0.6, 0.55)
    shown = [snapshot(pad) for pad in pads]
    image = shown[0]["image"]
    at = pads[1].evaluate("el => el.pad.fromPixel(0.6, 0.55, 1)")
    nearest = (torch.tensor(home).view(-1, 2) - torch.tensor(at)).norm(dim=1)
    assert nearest[image] == pytest.approx(nearest.min().item(), abs=0.02)
    for each, name in zip(shown, ("ae", "vae", "aae"), strict=True):
        run = runs.load(runs.shipped()[name])
        code = run.test_codes[image].float()
        assert each["image"] == image and each["code"] == pytest.approx(code.tolist(), abs=1e-4)
        assert each["place"] == pytest.approx(home[2 * image : 2 * image + 2])
        count = (torch.cdist(code[None], run.test_codes.float()) < each["around"]["radius"]).sum().item() - 1
        assert each["around"]["count"] == pytest.approx(count, abs=1)
        z = ", ".join(f"{x:.2f}" for x in code.tolist())
        assert f"test image {image}" in each["words"] and f"z = ({z})" in each["words"]
        assert ("lie as in ae" in each["words"]) == (name != "ae")
    page.locator("select.layout").select_option("")
    assert [snapshot(pad)["image"] for pad in pads] == [None] * 3


def health(pad):
    """What is said of how well a training does."""
    return pad.evaluate("el => el.pad.health.textContent")


def test_one_model_has_one_test_error_and_others_say_of_which_images_they_are(page, server):
    page.goto(f"{server}/train")
    ready(page)
    if page.locator("canvas.map").count() < 3:  # a job is watched
        page.get_by_role("combobox").last.click()
        page.get_by_role("option", name="shipped: AE, VAE and AAE").click()
    pads = ready(page, 3)
    shown = [runs.load(runs.shipped()[name]) for name in ("ae", "vae", "aae")]
    at_the_end = "el => el.pad.health.textContent.includes('On test images: squared error')"
    for pad, run in zip(pads, shown, strict=True):
        page.wait_for_function(at_the_end, arg=pad.element_handle())
        assert f"squared error {run.metrics['reconstruction_mse']:.4f} a pixel" in health(pad)
        times = run.metrics["prior_distance"] / run.metrics["prior_distance_floor"]
        assert f"{times:.1f} times as far from the" in health(pad)
        assert ("no prior" in health(pad)) == (run.config.regularizer == "none")
        assert loaders.from_prior(run) in health(pad)  # the same words as on the other pages
        assert f"squared error {run.metrics['reconstruction_mse']:.4f}" in loaders.summary(run)
        assert f"squared error {run.metrics['reconstruction_mse']:.4f}" in comparison.caption(run)
    notes = page.locator("p.losses")
    assert ["squared error" in notes.nth(i).inner_text() for i in range(3)] == [True, False, True]
    assert "in nats" in notes.nth(1).inner_text()
    assert ["(orange) to" in health(pad) for pad in pads] == [False, False, True]  # the discriminator's legend
    pads[0].evaluate("el => { el.pad.when.value = 0.5; el.pad.when.oninput(); }")
    for pad, run in zip(pads, shown, strict=True):
        page.wait_for_function("el => el.pad.moment.step === 50", arg=pad.element_handle())
        record = next(record for record in run.history if record["epoch"] == 50)
        assert f"On training images: squared error {record['reconstruction_mse']:.4f} a pixel" in health(pad)


def test_a_finished_job_shows_the_figures_of_its_run(page, server):
    page.goto(f"{server}/train?epochs=10")
    ready(page)
    page.get_by_role("button", name="Train", exact=True).click()
    page.locator("p.health").filter(has_text="On training images: squared error").wait_for()
    told = page.locator("p.health").filter(has_text="On test images: squared error")
    told.wait_for(timeout=180_000)
    figures = re.search(r"squared error (\S+) a pixel; (codes .*? draws of it)", told.inner_text()).groups()
    page.get_by_role("link", name="Explore it").click()
    summary = page.get_by_text("CPU-seconds of training")
    summary.wait_for()
    assert all(figure in summary.inner_text() for figure in figures)


def test_what_is_hidden_is_neither_counted_nor_picked(page, server):
    open_pad(page, f"{server}/explore?run=aae&z=0.4,-0.3")
    (pad,) = ready(page)
    run = runs.load(runs.shipped()["aae"])
    before = snapshot(pad)["around"]["count"]
    pad.press("3")
    shown = snapshot(pad)
    threes = run.test_labels == 3
    distances = (run.test_codes.float() - torch.tensor([0.4, -0.3])).norm(dim=1)
    radius = shown["around"]["radius"]
    count = ((distances < radius) & threes).sum().item()
    assert shown["around"]["count"] == pytest.approx(count, abs=1) and count < before
    assert all(run.test_labels[i] == 3 for i in shown["around"]["nearest"])
    assert f"of the {threes.sum()} test codes of class 3 within" in shown["words"]
    assert "prior" not in shown["words"]  # it expects nothing of one class
    pad.evaluate("el => el.pad.change({ marked: new Set([1, 2, 3]) })")
    assert "None of the " in snapshot(pad)["words"] and "marked test codes of class 3" in snapshot(pad)["words"]
    pad.press("3")
    assert "of the 3 marked test codes within" in snapshot(pad)["words"]
    assert sorted(snapshot(pad)["around"]["nearest"]) == [1, 2, 3]


def test_in_image_mode_only_shown_images_are_taken(page, server):
    open_pad(page, f"{server}/compare?pointer=image&image=77")
    pads = ready(page, 3)
    labels = runs.load(runs.shipped()["aae"]).test_labels
    assert snapshot(pads[0])["image"] == 77 and labels[77] == 2
    pads[1].press("7")
    images = [snapshot(pad)["image"] for pad in pads]
    assert images[0] == images[1] == images[2] and labels[images[0]] == 7
    for x in (0.3, 0.5, 0.7):
        move_to(page, pads[2], x, 0.5)
        images = [snapshot(pad)["image"] for pad in pads]
        assert images[0] == images[1] == images[2] and labels[images[0]] == 7


def test_an_empty_sheet_is_no_prior(page, server):
    page.goto(f"{server}/train?epochs=40")
    page.get_by_text("✎ paint").click()
    chosen = page.get_by_text("Of the three only the AAE is pressed into the chosen prior (painted)")
    chosen.wait_for()
    train, thumbnail = page.get_by_role("button", name="Train", exact=True), page.locator(".choices canvas").last
    fold, command = page.get_by_text("The same on the command line").first, page.get_by_test_id("stCode")
    painted = command.filter(has_text="--prior-image")
    fold.click()
    painted.wait_for()
    inked = "el => el.getContext('2d').getImageData(0, 0, el.width, el.height).data.some(x => x)"
    assert train.is_enabled() and thumbnail.evaluate(inked)
    page.get_by_role("button", name="clear").click()
    page.get_by_text("The sheet of the prior is empty").wait_for()
    painted.wait_for(state="detached")
    assert train.is_disabled() and not thumbnail.evaluate(inked)
    assert page.get_by_role("button", name="Train AE, VAE and AAE").count() == 0
    page.get_by_role("button", name="ring").click()
    chosen.wait_for()
    if not painted.is_visible():
        fold.click()
    painted.wait_for()
    assert train.is_enabled() and thumbnail.evaluate(inked)
    assert "epochs=40" in painted.inner_text()  # nothing else of the form was lost


def click(page, pad, x, y):
    """Press and let go at a share of a pad's sides."""
    move_to(page, pad, x, y)
    page.mouse.down()
    page.mouse.up()


def test_a_click_holds_the_image_and_a_second_one_or_escape_lets_it_go(page, server):
    open_pad(page, f"{server}/compare?pointer=image")
    pads = ready(page, 3)
    click(page, pads[1], 0.6, 0.5)
    held = snapshot(pads[1])["image"]
    assert [snapshot(pad)["pins"] for pad in pads] == [[], [], []]  # it pins nothing
    page.wait_for_function(f"location.search.includes('image={held}')")
    move_to(page, pads[2], 0.5, 0.5)
    assert [snapshot(pad)["image"] for pad in pads] == [held] * 3
    pads[1].press("Escape")
    move_to(page, pads[2], 0.55, 0.5)
    free = [snapshot(pad)["image"] for pad in pads]
    assert free[0] == free[1] == free[2] != held
    click(page, pads[2], 0.45, 0.5)
    again = snapshot(pads[0])["image"]
    move_to(page, pads[2], 0.55, 0.5)
    assert snapshot(pads[0])["image"] == again
    click(page, pads[2], 0.55, 0.5)  # a second click
    assert snapshot(pads[0])["image"] == free[0]
    move_to(page, pads[2], 0.5, 0.45)
    shown = snapshot(pads[0])["image"]
    assert shown != free[0]
    page.mouse.move(5, 5)  # off the map, as to copy the address
    page.wait_for_function(f"location.search.includes('image={shown}')")
    page.reload()
    assert [snapshot(pad)["image"] for pad in ready(page, 3)] == [shown] * 3


def test_an_image_off_the_view_is_said(page, server):
    open_pad(page, f"{server}/compare?pointer=image")
    pads = ready(page, 3)
    far = runs.load(runs.shipped()["ae"]).test_codes.float().norm(dim=1).argmax().item()
    pads[0].evaluate("(el, image) => el.pad.change({ image })", far)
    assert "this test image" in pads[0].evaluate("el => el.pad.near.textContent")
    assert not any("outside" in snapshot(pad)["words"] for pad in pads[1:])
    page.get_by_role("button", name="zoom to the prior").click()
    assert "outside the part of the map that is seen" in snapshot(pads[0])["words"]


def test_the_cursor_stays_on_the_part_of_the_map_that_is_seen(page, server):
    open_pad(page, f"{server}/explore?run=aae")
    (pad,) = ready(page)
    half = snapshot(pad)["view"]["half"]
    move_to(page, pad, 0.5, 0.5)
    page.mouse.down()
    page.mouse.move(3, 3)
    page.mouse.up()
    assert snapshot(pad)["cursor"] == pytest.approx([-half, half], abs=0.01)
    for _ in range(3):
        pad.press("ArrowLeft")
    assert snapshot(pad)["cursor"] == pytest.approx([-half, half], abs=0.01)
    pad.evaluate("el => el.pad.change({ view: { x: 1, y: 1, half: 0.5 } })")
    assert "outside the part of the map that is seen" in snapshot(pad)["words"]
    pad.press("ArrowDown")
    assert snapshot(pad)["cursor"] == [0.5, 1.5] and "outside" not in snapshot(pad)["words"]
    pad.press("g")
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 2 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.up()
    assert 3 < snapshot(pad)["cursor"][0] < 6  # the last percentile, not infinity


def test_a_run_without_that_place_drops_it(page, server):
    open_pad(page, f"{server}/explore?run=gaussian_8d&plane=0,1&z=-9.9,9.9&pins=-9.9,9.9;1,1")
    assert snapshot(ready(page)[0])["cursor"] == [-9.9, 9.9]
    page.get_by_role("combobox").first.click()
    page.get_by_role("option", name="aae_swiss_roll", exact=True).click()
    pad = page.locator("canvas.map[data-ready=true]")
    page.wait_for_function("() => location.search.includes('aae_swiss_roll') && !location.search.includes('9.9')")
    pad.wait_for()
    shown = snapshot(pad)
    assert shown["pins"] == [[1, 1]] and shown["cursor"] == [0, 0]


def test_a_lasso_tells_how_many_and_can_be_taken_back(page, server):
    open_pad(page, f"{server}/compare?z=0.1,0.1")
    pads = ready(page, 3)

    def mark():
        page.keyboard.down("Shift")
        move_to(page, pads[2], 0.45, 0.4)
        page.mouse.down()
        for x, y in ((0.6, 0.4), (0.6, 0.55), (0.45, 0.55)):
            move_to(page, pads[2], x, y)
        page.mouse.up()
        page.keyboard.up("Shift")
        marked = [snapshot(pad)["marked"] for pad in pads]
        assert len(marked[0]) > 10 and marked[0] == marked[1] == marked[2]
        assert all(f"{len(marked[0])} images are marked" in snapshot(pad)["words"] for pad in pads)

    for key in ("u", "Escape"):
        mark()
        pads[2].press(key)
        assert [snapshot(pad)["marked"] for pad in pads] == [None] * 3
    mark()
    pads[0].press("Escape")
    pads[0].press("u")  # which was itself something to be taken back
    assert snapshot(pads[0])["marked"]


def test_pins_and_undo_are_the_groups(page, server):
    open_pad(page, f"{server}/compare?z=0.1,0.1")
    pads = ready(page, 3)
    click(page, pads[1], 0.55, 0.5)
    shown = [snapshot(pad) for pad in pads]
    assert shown[0]["pins"] == shown[1]["pins"] == shown[2]["pins"] != []
    pads[1].press("u")
    assert [[each["cursor"], each["pins"]] for each in map(snapshot, pads)] == [[[0.1, 0.1], []]] * 3


def test_the_controls_say_what_the_pads_show(page, server):
    open_pad(page, f"{server}/compare?z=0.1,0.1")
    pads = ready(page, 3)
    zoom = page.get_by_role("button", name="zoom to the prior")
    whole = snapshot(pads[0])["view"]
    zoom.click()
    assert zoom.get_attribute("aria-pressed") == "true" and snapshot(pads[1])["view"] != whole
    box = pads[1].bounding_box()
    page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert [snapshot(pad)["view"] for pad in pads] == [whole] * 3
    assert zoom.get_attribute("aria-pressed") == "false"
    prior = page.get_by_role("button", name="prior", exact=True).last
    assert prior.get_attribute("aria-pressed") == "true"
    pads[2].press("m")
    assert prior.get_attribute("aria-pressed") == "false"
    assert [pad.evaluate("el => el.pad.showPrior") for pad in pads] == [False] * 3


def test_all_three_phases_light_what_they_train_and_the_lesson_says_what_it_uses(page, server):
    open_pad(page, f"{server}/train?tab=Step+by+step")
    page.get_by_role("tab", name="Step by step").click()
    page.get_by_text("Of the form on the left it takes the prior alone (Gaussian)").wait_for()
    page.get_by_text("128 hidden units, seed 0").wait_for()
    pad = page.locator("canvas.map[data-ready=true]").first
    pad.wait_for()
    lit = "el => [...el.pad.pad.querySelectorAll('g.lit')].map(part => part.dataset.part)"
    assert pad.evaluate(lit) == []  # nothing is trained yet
    page.get_by_role("button", name="All three in turn").click()
    page.wait_for_function("el => el.pad.moments.length > 1", arg=pad.element_handle())
    assert pad.evaluate(lit) == ["encoder", "decoder", "discriminator"]


def sheet(page, pad):
    """The map of decoded images, once it is complete."""
    page.wait_for_function("el => el.pad.sheetDone === el.pad.sheetOf", arg=pad.element_handle())
    return pad.evaluate("el => el.pad.sheet.toDataURL()")


def test_the_map_shows_the_mixture_of_the_ring(page, server):
    open_pad(page, f"{server}/style?digit=4")
    (pad,) = ready(page)
    before = sheet(page, pad)
    assert "Enlarged, and on the map: digit 4" in snapshot(pad)["words"]
    ring = page.locator("canvas.ring")
    box = ring.bounding_box()
    ring.click(position={"x": box["width"] / 2, "y": 0.09 * box["height"]})  # at the 0
    assert "on the map: the mixture of labels" in snapshot(pad)["words"]
    mixed = sheet(page, pad)
    assert mixed != before
    pad.press("4")
    assert sheet(page, pad) == before


def test_a_drawing_says_which_digit_is_enlarged(page, server):
    open_pad(page, f"{server}/style?digit=3")
    (pad,) = ready(page)
    box = page.locator("canvas.sketch").bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.7 * box["height"], steps=4)
    page.mouse.up()
    page.wait_for_function("el => el.pad.drawn", arg=pad.element_handle())
    assert "The style of your drawing. Enlarged, and on the map: digit 3." in snapshot(pad)["words"]
    page.locator(".drawing").get_by_role("button", name="clear").click()
    assert "your drawing" not in snapshot(pad)["words"]


@pytest.mark.parametrize("name", ["aae", "aae_swiss_roll"])
def test_the_discriminators_picture_fills_its_scale_and_has_a_legend_on_any_axes(page, server, name):
    open_pad(page, f"{server}/explore?run={name}")
    (pad,) = ready(page)
    assert "Discriminator" not in snapshot(pad)["words"]
    pad.press("d")
    values = pad.evaluate("el => Array.from(el.pad.opinion.values)")
    low, high = round(min(values) / 2.55), round(max(values) / 2.55)
    assert f"{low} % (orange) to {high} % (blue)" in snapshot(pad)["words"]
    assert max(pixel[3] for pixel in pad.evaluate(JUDGED, PLACES)) <= 170
    assert pad.evaluate(STRONGEST) in (169, 170)
    if name == "aae":  # whose prior has equal masses
        plain = pad.evaluate(JUDGED, PLACES)
        pad.press("g")
        stretched = pad.evaluate(JUDGED, PLACES)
        assert all(a == pytest.approx(b, abs=30) for a, b in zip(stretched, plain, strict=True))
        assert pad.evaluate("el => el.pad.toPixel([1, 1], 128)[0]") > 105  # elsewhere in the picture


PLACES = [[1, 1], [-1.5, 0.5], [0, -2], [0.5, 2]]
READ = """const copy = new OffscreenCanvas(128, 128).getContext("2d", { willReadFrequently: true });
  copy.drawImage(el.pad.judgement, 0, 0);"""
JUDGED = f"""(el, places) => {{
  {READ}
  return places.map(place => [...copy.getImageData(...el.pad.toPixel(place, 128), 1, 1).data]); }}"""
STRONGEST = f"""el => {{
  {READ}
  return copy.getImageData(0, 0, 128, 128).data.reduce((most, x, i) => i % 4 === 3 ? Math.max(most, x) : most, 0); }}"""


def pasted(page):
    """What is in the clipboard."""
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), { id: 'paste' }))")
    page.locator("#paste").focus()
    page.keyboard.press("Control+v")
    return page.locator("#paste").input_value()


@pytest.mark.parametrize("secure", [True, False])
def test_copied_is_said_when_it_was_copied(page, server, secure):
    open_pad(page, f"{server}/explore?run=digits&z=0.5,-0.25&pins=0,0;1,1")
    if not secure:  # as over plain http: browsers have no clipboard there
        page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    (pad,) = ready(page)
    pad.press("l")
    page.locator(".said").filter(has_text="Copied:").wait_for()
    address = pasted(page)
    assert page.locator(".said").inner_text() == f"Copied: {address}"
    query = parse_qs(urlsplit(address).query)
    assert query["run"] == ["digits"] and "mine" not in query
    assert query["z"] == ["0.5000,-0.2500"] and query["pins"] == ["0.000,0.000;1.000,1.000"]
    click(page, pad, 0.5, 0.5)
    assert page.locator(".said").inner_text() == ""  # it was of what was shown before


def test_what_cannot_be_copied_is_shown_to_be_copied_by_hand(page, server):
    open_pad(page, f"{server}/explore?run=digits")
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined }); document.execCommand = () => false"
    )
    (pad,) = ready(page)
    pad.press("l")
    field = page.locator(".said input")
    assert "explore?run=digits&z=" in unquote(field.input_value())
    assert "Copied" not in page.locator(".said").inner_text()
    assert field.evaluate("el => el.value.slice(el.selectionStart, el.selectionEnd) === el.value")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_saved_picture_can_be_put_on_any_slide(page, server, theme):
    page.emulate_media(color_scheme=theme)
    open_pad(page, f"{server}/explore?run=digits&z=0.5,0.5")
    (pad,) = ready(page)
    sheet(page, pad)
    side = pad.evaluate("el => [el.width, el.clientWidth]")
    with page.expect_download() as got:
        pad.press("s")
    assert pad.evaluate("el => [el.width, el.clientWidth]") == side
    with Image.open(got.value.path()) as picture:
        assert picture.mode == "RGB" or picture.getchannel("A").getextrema() == (255, 255)
        assert picture.height >= 2 * side[1] and picture.width > 1.3 * picture.height
        pixels = torch.from_numpy(np.array(picture.convert("L"))).float()
    paper = pixels[3, 3].item()
    assert paper > 240 if theme == "light" else paper < 40
    beside = pixels[:, picture.height :]
    third = len(beside) // 3
    for part in (beside[:third], beside[third : 2 * third]):  # the decoded image, and the words
        assert (part - paper).abs().max() > 100
    assert (beside[-third // 2 :] - paper).abs().max() < 5


def test_the_app_works_under_a_sub_path(browser):
    with serve(base="/latent") as server:
        page, asked = browser.new_page(), []
        page.on("request", lambda request: asked.append(urlsplit(request.url).path) if "/api/" in request.url else None)
        for address in (f"{server.address}/explore?run=digits", f"{server.address}/train"):
            page.goto(address)
            ready(page)
        page.get_by_role("button", name="Train", exact=True).click()
        page.locator("p.health").filter(has_text="On training images").wait_for(timeout=60_000)
        page.close()
    assert any("/jobs/" in path for path in asked) and all(path.startswith("/latent/api/") for path in asked)


def test_an_image_is_decoded_as_its_own_class_and_a_place_as_the_one_that_is_told(page, server):
    open_pad(page, f"{server}/compare?runs=cvae&runs=aae&pointer=image&image=77")
    pads = ready(page, 2)
    run = runs.load(runs.shipped()["cvae"])
    assert run.test_labels[77] == 2
    shown = [snapshot(pad) for pad in pads]
    assert "Decoded as class 2." in shown[0]["words"] and "Decoded as" not in shown[1]["words"]
    expected = explore.decode(run.model(), run.test_codes[77:78].float(), 2)[0]
    drawn = pads[0].evaluate("""async el => {
      const pixels = new Promise(done => (el.pad.painted = done));
      el.pad.show();
      return [...await pixels]; }""")
    assert (torch.tensor(drawn) - expected).abs().max() < 1 / 255
    open_pad(page, f"{server}/compare?runs=cvae&runs=aae&z=0,0")
    assert "Decoded as class 0." in snapshot(ready(page, 2)[0])["words"]
