"""What the maps say is true: counted where, of which images, within which radius."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np
import pytest
import torch
from PIL import Image
from website import Map

from aae import runs
from aae.analysis import planes
from aae.app.browser import maps
from aae.app.views import comparison, loaders
from benchmarks.browser import WAIT_LIMIT, open_pad, serve

pytestmark = pytest.mark.browser


def load(name):
    return runs.load(runs.shipped()[name])


def ready(page, n=1):
    """The page's maps, once this many of them can be used and are exact."""
    page.locator("canvas.map[data-ready=true]:not([data-exact=false])").nth(n - 1).wait_for(timeout=WAIT_LIMIT)
    return [Map(page, i) for i in range(n)]


def shown(page, address, n=1):
    """Open a page; its maps."""
    open_pad(page, address)
    return ready(page, n)


def move_to(page, each, x, y):
    page.mouse.move(*each.at(x, y))


def click(page, each, x, y):
    """Press and let go at a share of a map's sides."""
    move_to(page, each, x, y)
    page.mouse.down()
    page.mouse.up()


@pytest.mark.parametrize("name", ["aae", "gaussian_8d", "clusters_16", "reduced_10d", "denoising_aae", "digits", "ae"])
@pytest.mark.parametrize("place", ["0.4,-0.3", "2.4,2.3"])
def test_near_is_counted_in_the_codes_own_space(page, server, name, place):
    (each,) = shown(page, f"{server}/explore?run={name}&z={place}")
    state, run = each.snapshot(), load(name)
    plane = maps.plane(run, "pca" if run.config.latent_dim > 2 else "0,1")
    z = plane.lift(torch.tensor([[float(x) for x in place.split(",")]]))
    assert state["code"] == pytest.approx(z[0].tolist(), abs=1e-4)
    around, codes = state["around"], run.test_codes.float()
    distances = torch.cdist(z, codes)[0]
    assert around["count"] == pytest.approx((distances < around["radius"]).sum().item(), abs=1)
    assert distances[around["nearest"]].tolist() == pytest.approx(distances.sort().values[:3].tolist(), abs=1e-3)
    if run.config.regularizer == "none":
        assert around["expected"] is None
    else:
        draws = torch.cdist(z, planes.prior_samples(run.model()))[0]
        expected = (draws < around["radius"]).float().mean().item() * len(codes)
        assert around["expected"] == pytest.approx(expected, abs=1.5)
    assert (f"in all {len(z[0])} dimensions" in state["readout"]) == (run.config.latent_dim > 2)


def test_one_radius_holds_for_all_maps_of_a_page_and_is_drawn(page, server):
    states = [each.snapshot() for each in shown(page, f"{server}/compare?z=0,0", 3)]
    radius = states[0]["around"]["radius"]
    assert all(state["around"]["radius"] == radius for state in states)
    assert all(f"within {radius} of z" in state["readout"] for state in states)
    for state in states:
        assert state["outline"] == pytest.approx([-radius, radius, -radius, radius], rel=0.01)


def test_the_circle_is_that_of_the_code_space_on_a_percentile_grid(page, server):
    (each,) = shown(page, f"{server}/explore?run=aae&z=1,0.5")
    before = each.snapshot()
    page.get_by_role("button", name="stretch").click()
    after = each.snapshot()
    assert before["around"] == after["around"] and after["outline"] == pytest.approx(before["outline"], abs=0.01)
    r = before["around"]["radius"]
    assert before["outline"] == pytest.approx([1 - r, 1 + r, 0.5 - r, 0.5 + r], abs=0.01)


def test_in_anothers_layout_each_model_shows_its_own_code_of_the_same_image(page, server):
    three = shown(page, f"{server}/compare?z=0.3,0.2", 3)
    home, codes = three[0].snapshot()["points"], load("ae").test_codes.float()
    page.locator("select.layout").select_option("ae")
    for each in three:
        each.wait("s.image !== null && s.points === a", home)
    move_to(page, three[1], 0.6, 0.55)
    states = [each.snapshot() for each in three]
    image = states[0]["image"]
    nearest = (codes - torch.tensor(three[1].place(0.6, 0.55))).norm(dim=1)
    assert nearest[image] == pytest.approx(nearest.min().item(), abs=0.02)
    for state, name in zip(states, ("ae", "vae", "aae"), strict=True):
        run = load(name)
        code = run.test_codes[image].float()
        assert state["image"] == image and state["code"] == pytest.approx(code.tolist(), abs=1e-4)
        assert state["place"] == pytest.approx(codes[image].tolist(), abs=1e-4)
        count = (torch.cdist(code[None], run.test_codes.float()) < state["around"]["radius"]).sum().item() - 1
        assert state["around"]["count"] == pytest.approx(count, abs=1)
        z = ", ".join(f"{x:.2f}" for x in code.tolist())
        assert f"Test image {image}" in state["readout"] and f"z = ({z})" in state["readout"]
        assert ("lie as in AE · no prior" in state["readout"]) == (name != "ae")
    page.locator("select.layout").select_option("")
    for each in three:
        each.wait("s.image === null")


def watch_shipped(page, server):
    """The maps of the shipped trio on the Train page."""
    page.goto(f"{server}/train")
    ready(page)
    if page.locator("canvas.map").count() < 3:  # a job is watched
        page.get_by_role("combobox", name="Watch").click()
        page.get_by_role("option", name="shipped: AE, VAE and AAE").click()
    return ready(page, 3)


def test_one_model_has_one_test_error_and_others_say_of_which_images_they_are(page, server):
    three = watch_shipped(page, server)
    trio = [load(name) for name in ("ae", "vae", "aae")]
    for each, run in zip(three, trio, strict=True):
        each.wait("s.health.includes('On test images: reconstruction MSE')")
        health = each.snapshot()["health"]
        assert f"reconstruction MSE {run.metrics['reconstruction_mse']:.4f} per pixel" in health
        assert ("no prior" in health) == (run.config.regularizer == "none")
        assert loaders.from_prior(run) in health  # the same words as on the other pages
        assert f"reconstruction MSE {run.metrics['reconstruction_mse']:.4f}" in loaders.summary(run)
        assert f"reconstruction MSE {run.metrics['reconstruction_mse']:.4f}" in comparison.caption(run)
    page.get_by_text("on different scales (VAE: cross-entropy in nats").wait_for()
    notes = page.locator("p.losses")
    assert ["squared error" in notes.nth(i).inner_text() for i in range(3)] == [True, False, True]
    assert "cross-entropy in nats" in notes.nth(1).inner_text()
    healths = [each.snapshot()["health"] for each in three]
    assert ["(orange) to" in health for health in healths] == [False, False, True]  # the discriminator's legend
    page.locator(".timeline input").first.evaluate("el => { el.value = 0.5; el.oninput(); }")
    for each, run in zip(three, trio, strict=True):
        each.wait("s.step === 50")
        record = next(record for record in run.history if record["epoch"] == 50)
        said = f"On training images: reconstruction MSE {record['reconstruction_mse']:.4f} per pixel"
        assert said in each.snapshot()["health"]


def test_a_finished_job_shows_the_figures_of_its_run(page, server):
    page.goto(f"{server}/train?epochs=10")
    ready(page)
    page.get_by_role("button", name="Train", exact=True).click()
    page.locator("p.health").filter(has_text="On training images: reconstruction MSE").wait_for(timeout=WAIT_LIMIT)
    told = page.locator("p.health").filter(has_text="On test images: reconstruction MSE")
    told.wait_for(timeout=WAIT_LIMIT)
    figures = re.search(r"reconstruction MSE (\S+) per pixel; (codes .*? draws of it)", told.inner_text()).groups()
    page.get_by_role("link", name="Explore it").click()
    summary = page.get_by_text("On test images: reconstruction MSE")
    summary.wait_for(timeout=WAIT_LIMIT)
    assert all(figure in summary.inner_text() for figure in figures)


def test_what_is_hidden_is_neither_counted_nor_picked(page, server):
    (each,) = shown(page, f"{server}/explore?run=aae&z=0.4,-0.3")
    run = load("aae")
    before = each.snapshot()["around"]["count"]
    each.canvas.press("3")
    state = each.snapshot()
    threes = run.test_labels == 3
    distances = (run.test_codes.float() - torch.tensor([0.4, -0.3])).norm(dim=1)
    count = ((distances < state["around"]["radius"]) & threes).sum().item()
    assert state["around"]["count"] == pytest.approx(count, abs=1) and count < before
    assert all(run.test_labels[i] == 3 for i in state["around"]["nearest"])
    assert f"of the {threes.sum()} test codes of class 3 within" in state["readout"]
    assert "prior" not in state["readout"]  # it expects nothing of one class
    lasso(page, each, (0.45, 0.4), (0.6, 0.4), (0.6, 0.55), (0.45, 0.55))
    state = each.snapshot()
    assert all(run.test_labels[i] == 3 for i in state["marked"])
    assert f"of the {len(state['marked'])} marked test codes of class 3" in state["readout"]
    each.canvas.press("3")
    assert f"of the {len(state['marked'])} marked test codes within" in each.snapshot()["readout"]
    assert set(each.snapshot()["around"]["nearest"]) <= set(state["marked"])


def lasso(page, each, *corners):
    """Mark what lies within corners."""
    page.keyboard.down("Shift")
    move_to(page, each, *corners[0])
    page.mouse.down()
    for x, y in corners[1:]:
        move_to(page, each, x, y)
    page.mouse.up()
    page.keyboard.up("Shift")


def test_in_image_mode_only_shown_images_are_taken(page, server):
    three = shown(page, f"{server}/compare?pointer=image&image=77", 3)
    labels = load("aae").test_labels
    assert three[0].snapshot()["image"] == 77 and labels[77] == 2
    three[1].canvas.press("7")
    images = [each.snapshot()["image"] for each in three]
    assert images[0] == images[1] == images[2] and labels[images[0]] == 7
    three[1].canvas.press("Escape")  # it is held no longer
    for x in (0.3, 0.5, 0.7):
        move_to(page, three[2], x, 0.5)
        images = [each.snapshot()["image"] for each in three]
        assert images[0] == images[1] == images[2] and labels[images[0]] == 7


def test_an_empty_sheet_is_no_prior(page, server):
    page.goto(f"{server}/train?epochs=40")
    page.get_by_text("✎ paint").click()
    chosen = page.get_by_text("Of the three only the AAE is trained with the chosen prior (painted)")
    chosen.wait_for()
    train, thumbnail = page.get_by_role("button", name="Train", exact=True), page.locator(".choices canvas").last
    fold, command = page.get_by_text("The same on the command line").first, page.get_by_test_id("stCode")
    painted = command.filter(has_text="--prior-image")
    fold.click()
    painted.wait_for()
    inked = """el => {
      const copy = new OffscreenCanvas(el.width, el.height).getContext("2d", { willReadFrequently: true });
      copy.drawImage(el, 0, 0);
      return copy.getImageData(0, 0, el.width, el.height).data.some(x => x); }"""
    assert train.is_enabled() and thumbnail.evaluate(inked)
    page.get_by_role("button", name="clear").click()
    page.get_by_text("The canvas of the prior is empty").wait_for()
    painted.wait_for(state="detached")
    assert train.is_disabled() and not thumbnail.evaluate(inked)
    assert page.get_by_role("button", name="Train AE, VAE and AAE").is_disabled()
    page.get_by_role("button", name="ring").click()
    chosen.wait_for()
    if not painted.is_visible():
        fold.click()
    painted.wait_for()
    assert train.is_enabled() and thumbnail.evaluate(inked)
    assert "epochs=40" in painted.inner_text()  # nothing else of the form was lost


def test_a_click_holds_the_image_and_a_second_one_or_escape_lets_it_go(page, server):
    three = shown(page, f"{server}/compare?pointer=image", 3)

    def images():
        return [each.snapshot()["image"] for each in three]

    click(page, three[1], 0.6, 0.5)
    held = images()[1]
    assert [each.snapshot()["pins"] for each in three] == [[], [], []]  # it pins nothing
    page.wait_for_function(f"location.search.includes('image={held}')")
    move_to(page, three[2], 0.5, 0.5)
    assert images() == [held] * 3
    three[1].canvas.press("Escape")
    move_to(page, three[2], 0.55, 0.5)
    free = images()
    assert free[0] == free[1] == free[2] != held
    click(page, three[2], 0.45, 0.5)
    again = images()[0]
    move_to(page, three[2], 0.55, 0.5)
    assert images()[0] == again
    click(page, three[2], 0.45, 0.5)  # a second click
    move_to(page, three[2], 0.5, 0.45)
    last = images()[0]
    assert last != again
    page.mouse.move(5, 5)  # off the map, as to copy the address
    page.wait_for_function(f"location.search.includes('image={last}')")
    page.reload()
    three = ready(page, 3)
    assert images() == [last] * 3


def test_an_image_off_the_view_is_said(page, server):
    far = load("ae").test_codes.float().norm(dim=1).argmax().item()
    three = shown(page, f"{server}/compare?pointer=image&image={far}", 3)
    assert "the test image" in three[0].snapshot()["source"] or "of the test image" in three[0].snapshot()["source"]
    assert not any("outside" in each.snapshot()["readout"] for each in three[1:])
    page.get_by_role("button", name="zoom to the prior").click()
    assert "outside the part of the map that is seen" in three[0].snapshot()["readout"]


def test_the_cursor_stays_on_the_part_of_the_map_that_is_seen(page, server):
    (each,) = shown(page, f"{server}/explore?run=aae")
    half = each.snapshot()["view"]["half"]
    move_to(page, each, 0.5, 0.5)
    page.mouse.down()
    page.mouse.move(3, 3)
    page.mouse.up()
    assert each.snapshot()["cursor"] == pytest.approx([-half, half], abs=0.01)
    for _ in range(3):
        each.canvas.press("ArrowLeft")
    assert each.snapshot()["cursor"] == pytest.approx([-half, half], abs=0.01)
    (each,) = shown(page, f"{server}/explore?run=aae&z=-2,2&view=1,1,0.5")
    assert "outside the part of the map that is seen" in each.snapshot()["readout"]
    each.canvas.press("ArrowDown")
    assert each.snapshot()["cursor"] == [0.5, 1.5] and "outside" not in each.snapshot()["readout"]
    each.canvas.press("g")
    x, y = each.at(0.5, 0.5)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 900, y)
    page.mouse.up()
    assert 3 < each.snapshot()["cursor"][0] < 6  # the last percentile, not infinity


def test_a_run_without_that_place_drops_it(page, server):
    (each,) = shown(page, f"{server}/explore?run=gaussian_8d&plane=0,1&z=-9.9,9.9&pins=-9.9,9.9;1,1")
    assert each.snapshot()["cursor"] == [-9.9, 9.9]
    page.get_by_role("combobox").first.click()
    page.get_by_role("option", name="Priors: AAE · swiss roll", exact=True).click()
    each.wait("s.run === 'aae_swiss_roll' && s.n > 0")
    page.wait_for_function("() => location.search.includes('aae_swiss_roll') && !location.search.includes('9.9')")
    assert each.snapshot()["pins"] == [[1, 1]] and each.snapshot()["cursor"] == [0, 0]


def test_a_lasso_tells_how_many_and_can_be_taken_back(page, server):
    three = shown(page, f"{server}/compare?z=0.1,0.1", 3)

    def mark():
        lasso(page, three[2], (0.45, 0.4), (0.6, 0.4), (0.6, 0.55), (0.45, 0.55))
        states = [each.snapshot() for each in three]
        marked = [state["marked"] for state in states]
        assert len(marked[0]) > 10 and marked[0] == marked[1] == marked[2]
        assert all(f"{len(marked[0])} images are marked" in state["readout"].replace(",", "") for state in states)

    for key in ("u", "Escape"):
        mark()
        three[2].canvas.press(key)
        assert [each.snapshot()["marked"] for each in three] == [None] * 3
    mark()
    three[0].canvas.press("Escape")
    three[0].canvas.press("u")  # which was itself something to be taken back
    assert three[0].snapshot()["marked"]


def test_pins_and_undo_are_the_groups(page, server):
    three = shown(page, f"{server}/compare?z=0.1,0.1", 3)
    click(page, three[1], 0.55, 0.5)
    pins = [each.snapshot()["pins"] for each in three]
    assert pins[0] == pins[1] == pins[2] != []
    three[1].canvas.press("u")
    states = [each.snapshot() for each in three]
    assert [[state["cursor"], state["pins"]] for state in states] == [[[0.1, 0.1], []]] * 3


def test_the_controls_say_what_the_maps_show(page, server):
    three = shown(page, f"{server}/compare?z=0.1,0.1", 3)
    zoom = page.get_by_role("button", name="zoom to the prior")
    whole = three[0].snapshot()["view"]
    zoom.click()
    assert zoom.get_attribute("aria-pressed") == "true" and three[1].snapshot()["view"] != whole
    page.mouse.dblclick(*three[1].at(0.5, 0.5))
    assert [each.snapshot()["view"] for each in three] == [whole] * 3
    assert zoom.get_attribute("aria-pressed") == "false"
    prior = page.locator(".controls").get_by_role("button", name="prior", exact=True)
    assert prior.get_attribute("aria-pressed") == "true"
    three[2].canvas.press("m")
    assert prior.get_attribute("aria-pressed") == "false"
    assert ["prior" in each.snapshot()["layers"] for each in three] == [False] * 3


def test_all_three_phases_light_what_they_train_and_the_lesson_says_what_it_uses(page, server):
    open_pad(page, f"{server}/train?tab=Step+by+step")
    page.get_by_role("tab", name="Step by step").click()
    page.get_by_text("as the form says: 128 hidden units, prior: Gaussian, seed 0").wait_for()
    (each,) = ready(page)
    each.wait("s.lit && s.lit.length === 0")  # nothing is trained yet
    page.get_by_role("button", name="All three in turn").click()
    each.wait("s.steps.length > 1")
    state = each.snapshot()
    assert state["lit"] == ["encoder", "decoder", "discriminator"]
    assert state["arrows"] == {"reconstruction": 200, "generator": 200}
    assert [line for line in state["legend"] if "pushes a code" in line] == [
        f"→ where the {name} loss pushes a code; longer: more strongly" for name in state["arrows"]
    ]


def test_the_map_shows_the_mixture_of_the_ring(page, server):
    (each,) = shown(page, f"{server}/style?digit=4&fade=0")  # decoded images alone

    def manifold():
        each.wait("s.manifold.done")
        each.snapshot()
        return each.canvas.evaluate("el => el.toDataURL()")

    each.canvas.press("5")
    each.canvas.press("4")  # decoded with exact weights now
    before = manifold()
    assert "Enlarged, and on the map: digit 4" in each.snapshot()["readout"]
    ring = page.locator("canvas.ring")
    box = ring.bounding_box()
    ring.click(position={"x": box["width"] / 2, "y": 0.09 * box["height"]})  # at the 0
    assert "on the map: the mixture of classes" in each.snapshot()["readout"]
    assert manifold() != before
    each.canvas.press("4")
    assert manifold() == before


def test_a_drawing_says_what_is_enlarged(page, server):
    (each,) = shown(page, f"{server}/style?digit=3")
    box = page.locator("canvas.board").bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.7 * box["height"], steps=4)
    page.mouse.up()
    each.wait("s.drawing && s.readout.includes('The style of your drawing. Enlarged, and on the map: digit ')")
    page.locator(".drawing").get_by_role("button", name="clear").click()
    assert "your drawing" not in each.snapshot()["readout"]


@pytest.mark.parametrize("name", ["aae", "aae_swiss_roll"])
def test_the_discriminators_picture_fills_its_scale_and_has_a_legend_on_any_axes(page, server, name):
    (each,) = shown(page, f"{server}/explore?run={name}")
    assert not any("Discriminator" in line for line in each.snapshot()["legend"])
    each.canvas.press("d")
    run = load(name)
    scores = planes.discriminator_scores(
        run.model(), planes.run_view(run.model(), planes.axes_plane(2), run.test_codes)
    )
    low, high = round(100 * scores.min().item()), round(100 * scores.max().item())
    assert each.snapshot()["strongest"] in (169, 170)
    for key in ("g", "g"):
        (said,) = [line for line in each.snapshot()["legend"] if "Discriminator" in line]
        told = [int(x) for x in re.findall(r"(\d+) %", said)[:2]]
        assert told == pytest.approx([low, high], abs=1)
        each.canvas.press(key)


def test_an_image_is_decoded_as_its_own_class_and_a_place_as_the_one_that_is_chosen(page, server):
    first, second = shown(page, f"{server}/compare?runs=cvae&runs=aae&pointer=image&image=77", 2)
    run = load("cvae")
    assert run.test_labels[77] == 2
    state = first.snapshot()
    assert "Decoded as class 2." in state["readout"] and "Decoded as" not in second.snapshot()["readout"]
    expected = planes.decode(run.model(), run.test_codes[77:78].float(), 2)[0]
    assert (torch.tensor(state["pixels"]) - expected).abs().max() < 1 / 255
    first, _ = shown(page, f"{server}/compare?runs=cvae&runs=aae&z=0,0", 2)
    assert "Decoded as class 0." in first.snapshot()["readout"]


@pytest.mark.parametrize("secure", [True, False])
def test_copied_is_said_when_it_was_copied(page, server, secure):
    (each,) = shown(page, f"{server}/explore?run=digits&z=0.5,-0.25&pins=0,0;1,1")
    if not secure:  # as over plain http: browsers have no clipboard there
        page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    each.canvas.press("l")
    page.locator(".notice").filter(has_text="Copied:").wait_for()
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), { id: 'paste' }))")
    page.locator("#paste").focus()
    page.keyboard.press("Control+v")
    address = page.locator("#paste").input_value()
    assert page.locator(".notice").inner_text() == f"Copied: {address}"
    query = parse_qs(urlsplit(address).query)
    assert query["run"] == ["digits"] and "mine" not in query
    assert query["z"] == ["0.5,-0.25"] and query["pins"] == ["0,0;1,1"]
    click(page, each, 0.5, 0.5)
    assert page.locator(".notice").is_hidden()  # it was of what was shown before


def test_what_cannot_be_copied_is_shown_to_be_copied_by_hand(page, server):
    (each,) = shown(page, f"{server}/explore?run=digits&z=0.5,0.5")
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined }); document.execCommand = () => false"
    )
    each.canvas.press("l")
    field = page.locator(".notice input")
    assert "explore?run=digits&z=0.5,0.5" in unquote(field.input_value())
    assert "Copied" not in page.locator(".notice").inner_text()
    assert field.evaluate("el => el.value.slice(el.selectionStart, el.selectionEnd) === el.value")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_saved_picture_can_be_put_on_any_slide(page, server, theme):
    page.emulate_media(color_scheme=theme)
    (each,) = shown(page, f"{server}/explore?run=digits&z=0.5,0.5")
    each.wait("s.manifold.done")
    side = each.canvas.evaluate("el => [el.width, el.clientWidth]")
    with page.expect_download() as got:
        each.canvas.press("s")
    assert each.canvas.evaluate("el => [el.width, el.clientWidth]") == side
    with Image.open(got.value.path()) as picture:
        assert picture.mode == "RGB" or picture.getchannel("A").getextrema() == (255, 255)
        assert picture.height >= 2 * side[1] and picture.width > 2.5 * side[1]
        pixels = torch.from_numpy(np.array(picture.convert("L"))).float()
    paper = pixels[3, 3].item()
    assert paper > 240 if theme == "light" else paper < 40
    image, words = pixels[: side[1] // 2, 2 * side[1] + 80 :], pixels[2 * side[1] + 50 :]
    for part in (image, words):
        assert (part - paper).abs().max() > 100


def test_the_app_works_under_a_sub_path(browser):
    with serve(base="/latent") as server:
        page, asked = browser.new_page(), []
        page.on("request", lambda request: asked.append(urlsplit(request.url).path) if "/api/" in request.url else None)
        for address in (f"{server.address}/explore?run=digits", f"{server.address}/train"):
            page.goto(address)
            ready(page)
        page.get_by_role("button", name="Train", exact=True).click()
        page.locator("p.health").filter(has_text="On training images").wait_for(timeout=WAIT_LIMIT)
        page.locator("canvas.map").first.press("f")
        page.get_by_text("You present: 0 follow.").wait_for(timeout=WAIT_LIMIT)
        page.close()
    assert any("/jobs/" in path for path in asked) and all(path.startswith("/latent/api/") for path in asked)
