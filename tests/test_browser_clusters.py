"""The rows of clusters in a browser: named by keys and selects, merged, split, undone, revealed, restored by a link."""

import pytest
import torch
from playwright.sync_api import expect
from website import Map

from aae import data
from aae.analysis import clusters, metrics
from aae.app.browser import clustered, maps
from benchmarks.browser import WAIT_LIMIT
from tests.test_clustering import make

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shown(site):
    """The payload of a run of clusters with heads, its assignment, and the counts of classes in clusters."""
    run = make(heads=True)
    found = clusters.assign(metrics.encode_all(run.model(), data.load_test("digits")).y_logits)
    addresses, changes = site.addresses(run), clustered.map_changes(run, "0,1")
    labelled = {**maps.map_payload(maps.map_facts(run, "0,1"), addresses), **changes}
    names = {"class_names": [str(k) for k in range(6)], "noun": "cluster", "nouns": "clusters"}
    made = {
        "file": site.publish(clustered.clusters_file(run, found)),
        "images": addresses.images,
        "no_images": "is not here",
        "decoder": addresses.decoder,
        "decoder_rest": addresses.decoder_rest,
        "codes": addresses.codes,
        "scores": clustered.scores(run, found),
        "map": {**labelled, **names, "codes": site.publish(clustered.codes_file(run, found))},
        "labelled_map": labelled,
    }
    return {**clustered.facts(run), **made}, found, clustered.counts(run, found)


@pytest.fixture(scope="module")
def unseen(site):
    """The payload of a run whose decoder is conditioned on the cluster, without test images; the run; its members."""
    run = make()
    found = clusters.assign(metrics.encode_all(run.model(), data.load_test("digits")).y_logits)
    addresses = site.addresses(run, images=False)
    made = {"file": site.publish(clustered.clusters_file(run, found)), "scores": clustered.scores(run, found)}
    kept = {key: getattr(addresses, key) for key in ("images", "no_images", "decoder", "decoder_rest", "codes")}
    return {**clustered.facts(run), **made, **kept, "map": None, "labelled_map": None}, run, found


@pytest.fixture
def opened(plain_page, site, shown):
    """Opens the rows at a query; the page."""

    def open_at(query=""):
        site.show(shown[0])
        plain_page.goto(site.address + query)
        plain_page.locator(".clusters .members figure").first.wait_for()
        plain_page.locator("canvas.map[data-ready=true]").wait_for()
        return plain_page

    return open_at


def row(page, first):
    return page.locator(f".cluster[data-first='{first}']")


def errors(page):
    return [text for text in page.locator(".errors > div:visible output").all_inner_texts() if text]


def percent(share):
    return f"error {100 * share:.2f}\u00a0%"


def test_naming_by_keys_and_selects_then_revealing_gives_the_errors_of_the_library(opened, shown):
    page, counts = opened(), shown[2]
    assert page.locator("figcaption:visible").count() == 3  # of the nearest images: their clusters
    assert "purity" not in page.locator(".clusters").inner_text() and errors(page) == []
    names = torch.full((6,), clusters.UNNAMED)
    for k, name in ((0, 3), (2, 7)):
        row(page, k).focus()
        page.keyboard.press(str(name))
        names[k] = name
    row(page, 4).locator("select").select_option(label="1")
    names[4] = 1
    assert errors(page) == []
    page.wait_for_function("location.search.includes('named=0:3,2:7,4:1')")
    page.get_by_role("button", name="Reveal the true labels").click()
    expected = [names, torch.tensor(shown[0]["scores"]["named"]), torch.tensor(shown[0]["scores"]["matched"])]
    assert errors(page) == [percent(clusters.error(counts, each)) for each in expected]
    row(page, 0).focus()
    page.keyboard.press("Delete")
    names[0] = clusters.UNNAMED
    assert errors(page)[0] == percent(clusters.error(counts, names))
    purest = (counts.amax(1) / counts.sum(1))[2].item()
    assert f"purity {100 * purest:.1f}\u00a0%" in row(page, 2).inner_text()


def merged(page):
    return sorted(page.locator(".cluster").evaluate_all("all => all.map(each => each.dataset.first)"))


def test_rows_merge_by_selection_and_by_dragging_and_are_split_and_undone(opened, shown):
    page, counts = opened("?named=0:3&revealed=1"), shown[2]
    merging = page.get_by_role("button", name="merge the selected rows")
    assert merging.is_disabled()
    for k in (1, 3):
        row(page, k).locator("input").check()
    merging.click()
    assert merged(page) == ["0", "1", "2", "4", "5"]
    assert f"{counts[[1, 3]].sum():,} images" in row(page, 1).inner_text()
    row(page, 1).locator(".head").drag_to(row(page, 0))
    assert merged(page) == ["0", "2", "4", "5"]
    names = torch.full((6,), clusters.UNNAMED)
    names[[0, 1, 3]] = 3
    assert errors(page)[0] == percent(clusters.error(counts, names))
    page.wait_for_function("location.search.includes('merged=1:0,3:0')")
    page.locator(".choices").get_by_role("button", name="undo").click()
    assert merged(page) == ["0", "1", "2", "4", "5"]
    row(page, 1).get_by_role("button", name="split").click()
    assert merged(page) == list("012345")
    page.wait_for_function("!location.search.includes('merged')")


def test_a_link_restores_names_merges_and_what_is_revealed(opened):
    page = opened("?named=0:3,2:7&merged=5:2&revealed=1&members=least")
    assert merged(page) == list("01234")
    assert row(page, 2).locator("select").input_value() == "7"
    assert page.get_by_role("button", name="Hide the true labels").is_visible()
    assert page.get_by_role("button", name="least confident").get_attribute("aria-pressed") == "true"
    page = opened("?named=9:1&merged=2:2")
    page.get_by_text("Not understood in the address").wait_for()
    assert merged(page) == list("012345")


def test_the_strip_shows_the_most_or_the_least_confident_members(opened, shown):
    page, found = opened(), shown[1]
    largest = int(shown[2].sum(1).argmax())
    members = (found.cluster == largest).nonzero()[:, 0]
    order = members[found.log_confidence[members].argsort(descending=True, stable=True)].tolist()

    def titles():
        return (
            row(page, largest).locator("figure").evaluate_all("all => all.map(each => parseInt(each.title.slice(11)))")
        )

    assert titles() == order[:24]
    page.get_by_role("button", name="least confident").click()
    assert titles() == order[::-1][:24]
    page.get_by_role("button", name="random").click()
    assert set(titles()) <= set(order) and len(set(titles())) == min(24, len(order))


def test_a_head_shows_its_row_alone_on_the_map_which_has_the_classes_only_when_revealed(opened, shown):
    page, counts = opened(), shown[2]
    there = Map(page, 0)
    largest = int(counts.sum(1).argmax())
    assert any("colour of its cluster" in text for text in there.snapshot()["legend"])
    row(page, largest).locator(".head").click()
    assert row(page, largest).locator(".head").get_attribute("aria-pressed") == "true"
    page.get_by_text(f"{int(counts[largest].sum()):,} images are marked").first.wait_for()
    row(page, largest).locator(".head").click()
    assert row(page, largest).locator(".head").get_attribute("aria-pressed") == "false"
    page.get_by_role("button", name="Reveal the true labels").click()
    there.wait("s.legend.some(text => text.includes('colour of its class'))")
    assert page.locator(".classes button").count() == 10


def test_without_test_images_members_are_reconstructed_as_their_cluster(plain_page, site, unseen):
    payload, run, found = unseen
    site.show(payload)
    plain_page.goto(site.address)
    plain_page.locator(".members figure").first.wait_for()
    plain_page.get_by_text("reconstructed from their codes as this cluster (Digits 8x8 is not here)").wait_for()
    first = int(found.cluster[0])
    i = int(row(plain_page, first).locator("figure").first.get_attribute("title").split()[2].rstrip(":"))
    pixels = "el => Array.from(el.getContext('2d').getImageData(0, 0, 8, 8).data).filter((_, i) => i % 4 === 3)"
    shown = torch.tensor(row(plain_page, first).locator("figure canvas").first.evaluate(pixels))
    y = torch.eye(run.config.n_categories)[[first]]
    expected = 255 * run.model().sample(run.test_codes[[i]].float(), y)[0]
    assert (shown - expected).abs().max() <= 2


def test_rows_stay_inside_a_small_screen(opened):
    page = opened("?revealed=1&merged=1:0,2:0,3:0")
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert (
        max(page.locator(".cluster").evaluate_all("all => all.map(each => each.scrollWidth - each.clientWidth)")) <= 0
    )


def test_another_run_in_the_app_begins_without_the_names_of_the_one_before(page, server):
    page.goto(f"{server}/clusters?named=1:4&merged=2:1")
    expect(row(page, 1).locator("select")).to_have_value("4", timeout=WAIT_LIMIT)
    expect(page.locator(".cluster")).to_have_count(15)
    page.get_by_role("combobox", name="Run").click()
    page.get_by_role("option", name="AAE · 5-D, 30 clusters").click()
    expect(page.locator(".cluster")).to_have_count(30, timeout=WAIT_LIMIT)
    page.wait_for_function("!location.search.includes('named') && location.search.includes('clusters_30')")
    row(page, 3).focus()
    page.keyboard.press("5")
    page.wait_for_function("location.search.includes('named=3:5')")
    page.get_by_role("button", name="Reveal the true labels").click()
    expect(page.get_by_text("in the run's file: 2.79\u00a0%")).to_be_visible()
    page.go_back()
    expect(page.locator(".cluster")).to_have_count(15, timeout=WAIT_LIMIT)
    expect(row(page, 1).locator("select")).to_have_value("4")
    expect(page.get_by_role("button", name="Reveal the true labels")).to_be_visible()
