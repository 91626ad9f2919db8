"""The other things that can be mounted, without the app: styles, trainings, controls, the painter."""

import json
import os
import time
from xml.etree import ElementTree

import pytest
import torch
from safetensors.torch import save as serialize
from website import Map, draw, open_maps

from aae import runs
from aae.analysis.attributes import ATTRIBUTES
from aae.app.browser import maps, trainings

pytestmark = pytest.mark.browser


@pytest.fixture
def page(plain_page):
    return plain_page


def load(name):
    return runs.load(runs.shipped()[name])


# Styles


@pytest.fixture(scope="module")
def style(site):
    run = load("supervised_2d")
    attributes, addresses = maps.attributes_file(run, None), site.addresses(run, images=False)
    return maps.style_payload(maps.map_payload(maps.map_facts(run, "0,1"), addresses), site.publish(attributes))


PICTURES = "all => all.map(el => el.toDataURL())"


def test_every_class_follows_the_style_and_a_key_enlarges_one(page, site, style):
    (shown,) = open_maps(page, site, style, query="?digit=3")
    ten = page.locator(".ten canvas")
    page.mouse.move(*shown.at(0.3, 0.3))
    page.mouse.down()
    shown.wait("s.drawn")
    first = ten.evaluate_all(PICTURES)
    page.mouse.move(*shown.at(0.7, 0.7), steps=5)
    shown.wait("s.drawn")
    second = ten.evaluate_all(PICTURES)
    page.mouse.up()
    assert len(set(first)) == 10 and all(a != b for a, b in zip(first, second, strict=True))
    assert shown.snapshot()["chosen"] == 3
    page.keyboard.press("7")
    state = shown.snapshot()
    model = load("supervised_2d").model()
    expected = model.sample(torch.tensor([state["code"]]), torch.eye(10)[7:8])[0]
    assert (torch.tensor(state["pixels"]) - expected).abs().max() < 1 / 255
    assert page.locator(".ten button").nth(7).get_attribute("aria-pressed") == "true"
    page.wait_for_function("location.search.includes('digit=7')")


def test_classes_mix_inside_the_ring_by_pointer_and_by_keys(page, site, style):
    (shown,) = open_maps(page, site, style)
    ring = page.locator("canvas.ring")
    box = ring.bounding_box()
    ring.click(position={"x": box["width"] / 2, "y": 0.09 * box["height"]})  # at the 0
    state = shown.snapshot()
    shares = state["mixture"]
    assert sum(shares) == pytest.approx(1) and shares[0] == max(shares) > 0.4
    model = load("supervised_2d").model()
    expected = model.sample(torch.tensor([state["code"]]), torch.tensor([shares]))[0]
    assert (torch.tensor(state["pixels"]) - expected).abs().max() < 1 / 255
    assert "never trained on" in page.locator(".mixing").inner_text()
    ring.press("ArrowDown")
    assert shown.snapshot()["mixture"] != shares


def test_a_drawing_is_encoded_as_torch_does_and_its_class_enlarged(page, site, style):
    (shown,) = open_maps(page, site, style)
    draw(page, page.locator("canvas.board"), (0.3, 0.25), (0.7, 0.25), (0.5, 0.8))  # a seven
    shown.wait("s.drawing && s.chosen === 7")
    state = shown.snapshot()
    image = torch.tensor(state["drawing"]["pixels"]).view(28, 28)
    rows, columns = image.amax(1).nonzero(), image.amax(0).nonzero()
    assert 18 <= max(rows.max() - rows.min(), columns.max() - columns.min()) + 1 <= 22  # MNIST's box of 20
    centre = (image.sum(0) @ torch.arange(28.0)) / image.sum()
    assert centre.item() == pytest.approx(13.5, abs=0.6)
    code = load("supervised_2d").model().encode(image.view(1, -1)).z[0].tolist()
    assert state["drawing"]["code"] == pytest.approx(code, abs=0.01) and state["code"] == state["drawing"]["code"]
    page.get_by_role("button", name="clear").click()
    assert shown.snapshot()["drawing"] is None


def test_a_board_is_drawn_on_by_keys(page, site, style):
    (shown,) = open_maps(page, site, style)
    board = page.locator("canvas.board")
    board.focus()
    for key in ("ArrowLeft", "ArrowUp", "Shift+ArrowUp", " ", *["Shift+ArrowDown"] * 3):
        page.keyboard.press(key)
    page.keyboard.press(" ")
    shown.wait("s.drawing && s.chosen === 1")
    assert page.evaluate("document.activeElement.className") == "board"


def test_pinned_styles_are_rows_and_the_page_is_told_of_them_when_the_button_asks(page, site, style):
    (shown,) = open_maps(page, site, style, query="?pins=1,1;-1,0.5")
    rows = page.locator("canvas.rows")
    rows.wait_for()
    assert rows.evaluate("el => [el.width, el.height]") == [280, 56]
    box = rows.bounding_box()
    rows.hover(position={"x": box["width"] / 2, "y": 0.75 * box["height"]})
    assert shown.snapshot()["peek"] == [-1, 0.5]
    assert page.evaluate("told") == []
    page.get_by_role("button", name="Save the walk as a GIF").click()
    ((name, value),) = page.evaluate("told")
    assert name == "walk" and value["pins"] == [[1, 1], [-1, 0.5]]
    address = site.publish(b"GIF89a of a walk")
    with page.expect_download() as walk:
        page.evaluate(
            "walk => mounted[0].update(walk)", {**style, "walk": {"asked": value["asked"], "address": address}}
        )
    assert walk.value.suggested_filename == "supervised_2d-walk.gif"


def test_codes_take_the_colour_of_what_was_measured(page, site, style):
    (shown,) = open_maps(page, site, style)
    before = shown.snapshot()
    page.locator("select").select_option("slant")
    shown.wait("s.coloured")
    assert shown.snapshot()["firstColour"] != before["firstColour"]
    page.wait_for_function("location.search.includes('colour=slant')")
    assert page.locator("select option").all_text_contents() == [
        "colour: digit",
        *(f"colour: {name}" for name in ATTRIBUTES),
    ]


def test_a_postcard_holds_every_class(page, site, style):
    from PIL import Image

    open_maps(page, site, style)
    with page.expect_download() as card:
        page.get_by_role("button", name="postcard").click()
    with Image.open(card.value.path()) as picture:
        assert picture.width > 1500 and picture.height > 200 and len(picture.convert("L").getcolors()) > 20


# Trainings


def scene(site, run):
    from aae.analysis import planes

    return site.publish(maps.scene_file(run.test_labels, planes.prior_samples(run.model())))


@pytest.fixture(scope="module")
def snapshots(site):
    """A function from a shipped run's name to the payload of its snapshots."""

    def payload(name, **changes):
        run = load(name)
        timeline = trainings.timeline(run, site.frames(run))
        return {**trainings.run_facts(run), "scene": scene(site, run), "timeline": timeline, **changes}

    return payload


def test_a_timeline_moves_everything(page, site, snapshots):
    payload = snapshots("aae")
    (shown,) = open_maps(page, site, payload)
    shown.wait("s.step === 100 && s.fetched")
    last = shown.snapshot()
    assert "On test images" in last["health"] and last["losses"] == ["reconstruction", "discriminator", "generator"]
    assert last["axes"] == ["epoch", "loss (log scale)"]
    assert last["top"] == 6
    page.locator(".history").evaluate("el => { el.style.width = '180px'; }")
    page.locator(".timeline input").evaluate("el => { el.value = 0.9; el.oninput(); }")
    shown.wait("s.top === 6 + 3 * 13")  # three names stand above the lines, which cross none of them
    page.locator(".history").evaluate("el => { el.style.width = ''; }")
    page.locator(".timeline input").evaluate("el => { el.value = 1; el.oninput(); }")
    shown.wait("s.top === 6 && s.step === 100")
    pictures = page.locator("canvas.strip, canvas.chart, canvas.map").evaluate_all(PICTURES)
    page.locator(".timeline input").evaluate("el => { el.value = 0.1; el.oninput(); }")
    shown.wait("s.step === 10 && s.points !== a", last["points"])
    first = shown.snapshot()
    assert first["when"] == "epoch 10 of 100" and "On training images" in first["health"]
    assert first["readout"] != last["readout"]
    now = page.locator("canvas.strip, canvas.chart, canvas.map").evaluate_all(PICTURES)
    assert all(a != b for a, b in zip(pictures, now, strict=True))
    page.wait_for_function("location.search.includes('moment=0.1')")
    shown.canvas.focus()
    page.keyboard.press(" ")
    shown.wait("s.playing")
    shown.wait("!s.playing && s.step === 100")
    page.goto(site.address + "?moment=0.5")
    shown.wait("s.step === 50")


def test_a_timeline_is_fetched_from_its_address_and_asked_for_again_where_it_does_not_come(page, site, snapshots):
    payload, tries = snapshots("aae"), []
    address = site.publish(json.dumps(payload["timeline"]).encode())

    def answer(route):
        tries.append(route)
        return route.fulfill(body="gone") if len(tries) == 1 else route.continue_()

    page.route(f"**/{address}", answer)
    (shown,) = open_maps(page, site, {**payload, "timeline": address})
    shown.wait("s.step === 100 && s.fetched")
    assert len(tries) > 1 and page.locator(".notice").is_hidden()


def test_trainings_of_a_group_move_together(page, site, snapshots):
    several = open_maps(page, site, *(snapshots(name, group="t", small=True) for name in ("ae", "vae", "aae")))
    page.locator(".timeline input").first.evaluate("el => { el.value = 0.5; el.oninput(); }")
    for shown in several:
        shown.wait("s.step === 50")


def test_a_job_is_followed_until_it_is_over(page, site, snapshots):
    """The feed is a file that changes: the progress of a job."""
    payload = snapshots("aae")
    told, frames, told_at = payload.pop("timeline"), payload_frames(payload), time.time()
    job = site.folder / "job"
    (job / "frames").mkdir(parents=True)
    for step, content in frames:
        (job / "frames" / step).write_bytes(content)

    def tell(status, steps, history=(), **more):
        text = json.dumps(
            {**told, "status": status, "frames": steps, "history": history, "step": max([0, *steps]), **more}
        )
        (job / "partial").write_text(text)
        os.utime(job / "partial", (told_at, told_at))  # a server that goes by a file's date must not hide what changed
        (job / "partial").replace(job / "index.html")

    tell("queued", [], place=2)
    site.show({**payload, "feed": "job/", "images": None})
    page.goto(site.address)
    shown = Map(page, 0)
    shown.wait("s.health === 'Queued, position 2.'")
    tell("running", [0, 10], told["history"][:10], seconds=20)
    shown.wait("s.step === 10")
    assert "about 3 min left" in shown.snapshot()["when"]
    shown.wait("s.lit.length > 0")
    assert ["status", {"status": "running"}] in page.evaluate("told")
    tell("finished", [0, 10, 20], told["history"][:20])
    shown.wait("s.step === 20 && s.fetched")
    assert ["status", {"status": "finished"}] in page.evaluate("told")


def payload_frames(payload):
    """The first frames of the run that a payload shows, by step."""
    frames = load(payload["run"]).snapshots
    return [(str(epoch), maps.frame_file(frame)) for epoch, frame in frames.items() if epoch <= 20]


def test_the_phase_of_a_training_by_hand_is_lit(page, site, snapshots):
    (shown,) = open_maps(page, site, snapshots("aae", trained=["discriminator"], unit="minibatch"))
    state = shown.snapshot()
    assert state["lit"] == ["discriminator"] == state["phases"]
    assert state["when"] == "minibatch 100 of 100" and state["axes"][0] == "minibatch"


def test_a_panel_is_saved_as_a_picture_and_its_drawing_as_a_file(page, site, snapshots):
    from PIL import Image

    (shown,) = open_maps(page, site, snapshots("aae"))
    shown.wait("s.fetched && s.chart")
    for name, part in (("Losses", "canvas.chart"), ("Networks", ".networks svg")):
        box = page.locator(part).bounding_box()
        with page.expect_download() as saving:
            page.get_by_role("button", name=f"save PNG: {name}").click()
        with Image.open(saving.value.path()) as picture:
            assert picture.width > 2 * box["width"] and picture.height > 2 * box["height"]
            assert picture.convert("RGBA").getchannel("A").getextrema() == (255, 255)
            assert len(picture.convert("RGB").resize((200, 100)).getcolors(20_000)) > 100  # not the ground alone
    with page.expect_download() as saving:
        page.get_by_role("button", name="save SVG: Networks").click()
    drawing = ElementTree.parse(saving.value.path()).getroot()
    texts = [element.text for element in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert "encoder" in texts and texts[-2:] == ["Networks: AAE · Gaussian prior", page.url]


EMPTY = """() => [...document.querySelectorAll("canvas")].filter((canvas) => canvas.checkVisibility() && canvas.width)
  .filter((canvas) => canvas.toDataURL() === Object.assign(document.createElement("canvas"),
    { width: canvas.width, height: canvas.height }).toDataURL())
  .map((canvas) => canvas.className || canvas.parentElement.className)"""


@pytest.mark.parametrize("kind", ["map", "style", "live"])
def test_a_payload_that_comes_again_leaves_no_picture_empty(page, site, shipped, style, snapshots, kind):
    payload = {"map": lambda: shipped("aae"), "style": lambda: style, "live": lambda: snapshots("aae")}[kind]()
    (shown,) = open_maps(page, site, payload)
    shown.wait("s.place")
    before = page.evaluate(EMPTY)
    page.evaluate("payload => mounted[0].update(payload)", payload)
    page.wait_for_function(f"before => String(({EMPTY})()) === before", arg=",".join(before))


# Controls


@pytest.fixture
def compared(page, site, shipped):
    """Three maps under controls."""
    common = {"group": "c", "view": [0, 0, 9], "small": True}
    names = ("ae", "vae", "aae")
    controls = {
        "kind": "controls", "group": "c", "epochs": [0, 50, 100], "runs": {name: name for name in names},
        "view": [0, 0, 9],
        "prior_view": [0, 0, 3],
    }  # fmt: skip
    site.show(controls, *(shipped(name, **common) for name in names))
    page.goto(site.address)
    page.locator("canvas.map[data-ready=true]").nth(2).wait_for()
    return [Map(page, i) for i in range(3)]


def test_the_epoch_moves_all_maps(page, compared):
    before = [shown.snapshot()["points"] for shown in compared]
    page.locator("input.epoch").evaluate("el => { el.value = 0; el.oninput(); }")
    for shown, points in zip(compared, before, strict=True):
        shown.wait("s.epoch === 0 && s.points !== a", points)
    page.get_by_role("button", name="Play the training").click()
    compared[0].wait("s.epoch === 50")
    page.get_by_role("button", name="Play the training").click()
    assert len({shown.snapshot()["epoch"] for shown in compared}) == 1


def test_all_maps_zoom_to_the_prior_and_a_reset_releases_the_button(page, compared):
    button = page.get_by_role("button", name="zoom to the prior")
    button.click()
    assert [shown.snapshot()["zoom"] for shown in compared] == [{"x": 0, "y": 0, "half": 3}] * 3
    page.mouse.dblclick(*compared[1].at(0.5, 0.5))
    assert [shown.snapshot()["zoom"] for shown in compared] == [None] * 3
    assert button.get_attribute("aria-pressed") == "false"


def test_points_fly_to_another_models_places(page, compared):
    page.locator("select.layout").select_option("aae")
    third = compared[2].snapshot()["points"]
    for shown in compared[:2]:
        shown.wait("s.points === a", third)
    page.locator("input.epoch").evaluate("el => { el.value = 0; el.oninput(); }")
    compared[0].wait("s.epoch === 0 && s.layout === null")
    assert page.locator("select.layout").input_value() == ""


def test_the_layout_of_an_address_is_that_of_a_run_that_was_renamed(page, site, shipped):
    common = {"group": "r", "view": [0, 0, 9], "small": True}
    runs = {"ae": "ae", "Heart #1f3a": "Heart"}
    controls = {
        "kind": "controls",
        "group": "r",
        "epochs": [],
        "runs": runs,
        "view": [0, 0, 9],
        "prior_view": [0, 0, 3],
    }
    site.show(controls, shipped("ae", **common), shipped("aae", **common, run="Heart #1f3a"))
    page.goto(f"{site.address}?layout=mine+%231f3a")
    page.locator("canvas.map[data-ready=true]").nth(1).wait_for()
    first, second = Map(page, 0), Map(page, 1)
    first.wait("s.layout === 'Heart #1f3a' && s.points === a", second.snapshot()["points"])
    assert page.locator("select.layout").input_value() == "Heart #1f3a"
    page.wait_for_function("new URLSearchParams(location.search).get('layout') === 'Heart #1f3a'")


def test_commands_of_the_controls_reach_all_maps(page, compared):
    page.get_by_role("button", name="prior", exact=True).click()
    page.get_by_role("button", name="7", exact=True).last.click()
    for shown in compared:
        state = shown.snapshot()
        assert "prior" not in state["layers"] and state["only"] == 7
    page.get_by_role("button", name="lasso").last.click()
    page.mouse.move(*compared[2].at(0.45, 0.4))
    page.mouse.down()
    for x, y in ((0.6, 0.4), (0.6, 0.55), (0.45, 0.55)):
        page.mouse.move(*compared[2].at(x, y), steps=4)
    page.mouse.up()
    marked = [sorted(shown.snapshot()["marked"]) for shown in compared]
    assert len(marked[0]) > 10 and marked[0] == marked[1] == marked[2]


def test_a_phone_shows_what_all_maps_decode_while_one_is_dragged(page, compared):
    page.set_viewport_size({"width": 390, "height": 844})
    row = page.locator(".together canvas")
    page.mouse.move(*compared[0].at(0.4, 0.4))
    row.nth(2).wait_for()
    page.mouse.down()
    before = row.evaluate_all(PICTURES)
    page.mouse.move(*compared[0].at(0.6, 0.6), steps=4)
    page.wait_for_function(
        f"before => ({PICTURES})([...document.querySelectorAll('.together canvas')])"
        ".every((picture, k) => picture !== before[k])",
        arg=before,
    )
    page.mouse.up()
    titles = [each.canvas.evaluate("el => el.latentMap.payload.title") for each in compared]
    assert page.locator(".together figcaption").all_inner_texts() == titles
    boxes = [row.nth(k).bounding_box() for k in range(3)]
    assert all(box["y"] >= 0 and box["y"] + box["height"] <= 844 and box["x"] + box["width"] <= 390 for box in boxes)
    page.set_viewport_size({"width": 1200, "height": 900})
    row.first.wait_for(state="hidden")


# The painter


def test_a_prior_is_chosen_painted_and_cleared(page, site):
    draws = {"gaussian": torch.tensor([[0.0, 0], [1, 1]]), "swiss_roll": torch.tensor([[2.0, 2]])}
    payload = {
        "kind": "painter", "priors": list(draws), "draws": site.publish(serialize(draws)), "side": 64, "half": 3.0,
        "chosen": "gaussian", "image": "",
    }  # fmt: skip
    site.show(payload)
    page.goto(site.address)
    page.get_by_role("radio", name="swiss roll").click()
    assert page.evaluate("told.at(-1)") == ["chosen", {"prior": "swiss_roll", "image": ""}]
    page.get_by_role("radio", name="paint").click()
    heart = page.evaluate("told.at(-1)[1].image")
    assert len(heart) == 4096 and heart.strip("0")
    page.evaluate("payload => mounted[0].update(payload)", {**payload, "chosen": "drawn", "image": heart})
    page.get_by_role("button", name="clear").click()
    assert page.evaluate("told.at(-1)[1].image") == "0" * 4096
    draw(page, page.locator("canvas.paper"), (0.2, 0.3), (0.8, 0.3))
    image = page.evaluate("told.at(-1)[1].image")
    rows = [image[i : i + 64] for i in range(0, 4096, 64)]
    assert {i for i, row in enumerate(rows) if row.strip("0")} <= set(range(15, 24)) and "f" * 30 in rows[19]
    page.get_by_role("button", name="clear").click()
    page.locator("canvas.paper").focus()
    for key in (" ", "Shift+ArrowRight", " "):
        page.keyboard.press(key)
    by_keys = page.evaluate("told.at(-1)[1].image")
    assert by_keys[64 * 32 + 32 : 64 * 32 + 40] == "f" * 8 and by_keys[: 64 * 28].strip("0") == ""
    page.evaluate("payload => (mounted[0].close(), mounted[0] = null)", payload)
    site.show({**payload, "chosen": "drawn", "image": image})
    page.reload()
    paper = page.locator("canvas.paper")
    paper.wait_for()
    assert paper.evaluate("el => el.painter.snapshot().image") == image
