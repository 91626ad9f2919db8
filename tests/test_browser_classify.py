"""The Classify page in a real browser: cells that open their images and mark them, a drawing, regions, links."""

import pytest
import torch
from playwright.sync_api import expect
from website import Map, draw

from aae import data, runs, training
from aae.analysis import metrics
from aae.app.browser import classified, maps
from benchmarks.browser import WAIT_LIMIT, count_sent, settle
from tests.test_classify_page import CLASSIFIER

pytestmark = pytest.mark.browser
ONE = ((0.5, 0.2), (0.5, 0.8))


@pytest.fixture(scope="module")
def run():
    state, images = training.start(CLASSIFIER), data.load_for(CLASSIFIER)
    list(training.train(state, images))
    return runs.finish(state, images, "classes")


@pytest.fixture(scope="module")
def q(run):
    """q(y|x) of the test images [N, 10]."""
    return metrics.encode_all(run.model(), data.load_test("digits")).y_logits.double().softmax(1)


@pytest.fixture
def opened(plain_page, site, run, q):
    """Opens the page at a query; its map."""

    def open_at(query="", images=True, assigned=False):
        shown = maps.map_payload(maps.map_facts(run, "0,1"), site.addresses(run, images))
        known = classified.file_of_images(run.test_labels, q.log().float()) if images else None
        if assigned:
            known = classified.file_of_assignment(run.test_labels, run.test_assignment)
        file = known and site.publish(known)
        site.show({"kind": "classify", "file": file, "recorded": 0.25, "map": shown})
        plain_page.goto(site.address + query)
        plain_page.locator("canvas.map[data-exact=true]").wait_for()
        return Map(plain_page, 0)

    return open_at


def wrong_cell(run, q):
    """The cell off the diagonal with most images, and these, the lowest q(y|x) of the label first."""
    labels, predicted = run.test_labels.long(), q.argmax(1)
    counts = torch.bincount(10 * labels + predicted, minlength=100).view(10, 10)
    label, guess = divmod(int((counts * (1 - torch.eye(10))).argmax()), 10)
    inside = ((labels == label) & (predicted == guess)).nonzero().squeeze(1)
    return label, guess, inside[q[inside, label].argsort(stable=True)].tolist()


def listed(page):
    """The test images of the strip."""
    return [
        int(text.split()[2].rstrip(":"))
        for text in page.locator(".classified button").evaluate_all("all => all.map(each => each.title)")
    ]


COVERED = """all => all.filter((panel) => {
  const buttons = panel.querySelector(".save").getBoundingClientRect(), text = document.createRange();
  text.selectNodeContents(panel.querySelector("p"));
  return [...text.getClientRects()].some((line) => line.right > buttons.left && line.top < buttons.bottom);
}).length"""


def cell(page, label, guess):
    return page.locator(f".confusion button[title^='labelled {label}, predicted {guess}:']")


def test_a_cell_opens_its_images_and_marks_them_and_closes_again(opened, plain_page, run, q):
    there = opened()
    label, guess, images = wrong_cell(run, q)
    there.wait("s.counts")
    counts = torch.tensor(there.snapshot()["counts"])
    assert counts[label, guess] == len(images) and counts.sum() == len(q)
    hardest = q[torch.arange(len(q)), run.test_labels.long()].argsort(stable=True)[:48].tolist()
    expect(plain_page.locator(".classified button")).to_have_count(48)
    assert plain_page.locator(".savable").evaluate_all(COVERED) == 0  # by the buttons that save a panel
    assert listed(plain_page) == hardest
    cell(plain_page, label, guess).click()
    assert listed(plain_page) == images[:48]
    assert there.canvas.evaluate("el => [...el.latentMap.marked]") == images
    assert cell(plain_page, label, guess).get_attribute("aria-pressed") == "true"
    plain_page.wait_for_function(f"location.search.includes('cell={label}:{guess}')")
    cell(plain_page, label, guess).click()
    assert listed(plain_page) == hardest and there.canvas.evaluate("el => el.latentMap.marked") is None
    plain_page.wait_for_function("!location.search.includes('cell')")


def test_a_pressed_image_is_shown_with_its_probabilities_and_the_link_restores_it(opened, plain_page, run, q):
    label, guess, images = wrong_cell(run, q)
    there = opened(f"?cell={label}:{guess}")
    expect(plain_page.locator(".classified button")).to_have_count(min(48, len(images)))
    assert there.canvas.evaluate("el => [...el.latentMap.marked]") == images
    plain_page.locator(".classified button").first.click()
    there.wait(f"s.what === 'test image {images[0]}, labelled {label}' && s.q.some(each => each > 0)")
    there.wait("Math.abs(s.q[a[0]] - a[1]) < .006", [guess, q[images[0], guess].item()])
    plain_page.wait_for_function(f"location.search.includes('image={images[0]}')")
    again = opened(f"?image={images[0]}")
    again.wait(f"s.looksAt === {images[0]} && s.what.startsWith('test image {images[0]}')")


def test_a_drawing_gets_the_probabilities_of_the_encoder_while_it_is_drawn(opened, plain_page, run):
    there = opened()
    there.wait("s.q.some(each => each > 0)")
    draw(plain_page, plain_page.locator(".board"), *ONE)
    there.wait("s.what === 'your own image' && s.drawing?.y")
    own = there.snapshot()
    expected = run.model().encode(torch.tensor([own["drawing"]["pixels"]])).y[0]
    assert (torch.tensor(own["q"]) - expected).abs().max() < 6e-3
    expect(plain_page.locator(".posterior .note")).to_have_text("q(y|x) of your own image")


def test_regions_are_the_classes_of_the_decoded_images(plain_page, site):
    site.show({"kind": "classify", "file": None, "recorded": None, "map": site.payload("reduced_100")})
    plain_page.goto(site.address)
    there = Map(plain_page, 0)
    there.wait("s.regions?.done && s.regions.view", seconds=180)
    regions = there.snapshot()["regions"]
    n, view = regions["cells"], regions["view"]
    steps = (torch.arange(n) + 0.5) / n * 2 - 1
    u, v = view["x"] + steps * view["half"], view["y"] - steps * view["half"]
    model = runs.load(runs.shipped()["reduced_100"]).model()
    expected = model.encode(model.sample(torch.stack([u.repeat(n), v.repeat_interleave(n)], 1))).y.max(1)
    same = torch.tensor(regions["classes"]) == expected.indices
    assert same.float().mean() > 0.99 and len(expected.indices.unique()) == 10
    assert (torch.tensor(regions["q"]) - expected.values)[same].abs().max() < 0.05
    assert any("of the image decoded there" in text for text in there.snapshot()["legend"])
    there.canvas.focus()
    plain_page.keyboard.press("q")
    there.wait("s.regions === null")


def test_without_test_images_the_page_says_so_and_keeps_the_board_and_the_map(opened, plain_page):
    there = opened(images=False)
    plain_page.get_by_text("Digits 8x8 is not here, and the run's file does not hold which class").wait_for()
    plain_page.get_by_text("has the error on its test images: 25.00").wait_for()
    assert not plain_page.locator(".confusion").is_visible()
    draw(plain_page, plain_page.locator(".board"), *ONE)
    there.wait("s.what === 'your own image' && s.drawing?.y")


def test_without_test_images_the_predictions_of_the_file_make_the_matrix(opened, plain_page, run):
    there = opened(images=False, assigned=True)
    there.wait("s.counts")
    counts, predicted = torch.tensor(there.snapshot()["counts"]), run.test_assignment.cluster
    wrong = int((predicted != run.test_labels.long()).sum())
    assert int(counts.sum() - counts.trace()) == wrong
    strip = plain_page.locator(".classified")
    strip.get_by_text("most surely wrong first").wait_for()
    strip.get_by_text("decoded from their codes and labels (Digits 8x8 is not here)").wait_for()
    first = listed(plain_page)[0]
    assert predicted[first] != run.test_labels[first]
    strip.locator("button").first.click()
    there.wait(f"s.what.startsWith('test image {first}, decoded from its code and label, labelled')")


def test_the_page_fits_a_small_screen(opened, plain_page):
    there = opened()
    plain_page.set_viewport_size({"width": 390, "height": 800})
    there.wait("s.counts")
    assert plain_page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_in_the_app_a_cell_stays_open_for_another_run_and_a_press_says_no_word_to_the_server(page, server):
    page.goto(f"{server}/classify?cell=4:9")
    there = Map(page, 0)
    page.locator("canvas.map[data-exact=true]").wait_for(timeout=WAIT_LIMIT)
    expect(cell(page, 4, 9)).to_have_attribute("aria-pressed", "true")
    settle(page)
    sent = count_sent(page)
    cell(page, 9, 7).click()
    there.wait("s.cell?.join() === '9,7' && s.run === 'reduced_100'")
    assert not sent
    page.get_by_role("combobox", name="Run").click()
    page.get_by_role("option", name="AAE · 10-D, 100 labels").click()
    there.wait("s.run === 'reduced_10d' && s.cell?.join() === '9,7' && s.counts")
    page.wait_for_function("location.search.includes('classified=reduced_10d')")
