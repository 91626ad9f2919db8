"""A site without a server: written by the command line, served by a plain file server under a path, network cut."""

import gzip
import json
import os
import random
import re
from dataclasses import replace

import pytest
import torch
import website

from aae import runs
from aae.__main__ import main
from aae.analysis import planes
from aae.app.browser import maps
from aae.app.runs import catalogue, testimages
from aae.app.server import blobs, bundle
from aae.app.views import comparison, story
from aae.runs import titles
from aae.site import command, export, home, html, pages
from benchmarks.browser import WAIT_LIMIT, serve_files

PAGES = ["index", "explore", "compare", "encode", "style", "classify", "clusters", "denoise", "search"]
READY = "canvas[data-ready=true]:not([data-exact=false]), .denoise[data-ready=true], .cluster"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What the command writes without names, two folders below what is served."""
    out = tmp_path_factory.mktemp("served") / "a/path"
    assert main(["export-site", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def address(folder):
    with serve_files(folder.parents[1]) as root:
        yield f"{root}a/path/"


@pytest.fixture
def page(browser, address):
    """A page that reaches the site alone, and complains of nothing."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(WAIT_LIMIT)
    foreign, problems = [], []
    context.route(lambda url: not url.startswith(address), lambda route: (foreign.append(route), route.abort()))
    page = context.new_page()
    page.on("console", lambda m: problems.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    context.close()
    assert problems == [] and foreign == []


def opened(page, url, n=1):
    """The maps of a page, once they are exact."""
    page.goto(url)
    page.locator("canvas.map[data-ready=true]:not([data-exact=false])").nth(n - 1).wait_for()
    return [website.Map(page, i) for i in range(n)]


def load(name):
    return runs.load(runs.shipped()[name])


# What is written


def test_all_is_relative_and_named_by_its_content(folder):
    for name in PAGES:
        text = (folder / f"{name}.html").read_text()
        targets = re.findall(r'(?:href|src)="([^"]+)"', text)
        there = [target for target in targets if target != "data:,"]
        assert len(there) > 10 and all((folder / target).is_file() for target in there)
    addresses = set(re.findall(r'"(files/[^"]+)"', "".join(map(str, map(read, folder.rglob("*.json"))))))
    assert addresses == {f"files/{path.name}" for path in (folder / "files").iterdir()}
    assert "api/" not in "".join(map(read, folder.rglob("*.json")))
    scenes = re.findall(r'"(data/[^"]+)"', read(folder / "data/home.json"))
    assert len(scenes) > 5 and all((folder / scene).is_file() for scene in scenes)
    assert re.search('rel="modulepreload" href="[^"]+/kinds/encode.js"', read(folder / "encode.html"))


def read(path):
    return path.read_text()


@pytest.mark.parametrize(
    "line",
    [
        'import x from "./dom.js";',
        'import "./dom.js";',
        'import { make } from "../dom.js"',
        'import { gone } from "../dom.js";',
        'import { PAGE as FIRST } from "../math/geometry.js";',
        "export default function f() {}",
        "export let x = 1;",
        "export { x };",
        'export * from "../dom.js";',
        'const x = await import("./map.js");',
        "const x = new URL(import.meta.url);",
    ],
)
def test_a_module_that_cannot_be_bundled_is_named(line, monkeypatch):
    monkeypatch.setitem(bundle.FILES, "kinds/new.js", f"/** {line} */\nconst y = 1;\n{line}\n".encode())
    with pytest.raises(ValueError, match=r"kinds/new\.js: "):
        bundle.block("kinds/new.js")
    bundle.source.cache_clear()


MODULE = """
/** A module. */
import * as all from "../dom.js";
import {
  make as made, write,
} from "../dom.js";
/** @type {import("../dom.js").Row} */
export const y = /** @type {import("../dom.js").Row} */ (made(all));
export async function f() {}
export class C {}
"""
BLOCK = """{ // kinds/new.js

const all = modules["dom.js"];
const {
  make: made, write,
} = modules["dom.js"];
const y = /** @type {import("../dom.js").Row} */ (made(all));
async function f() {}
class C {}
modules["kinds/new.js"] = { y, f, C };
}
"""


def test_a_module_is_a_block_of_a_bundle_after_those_that_it_needs(monkeypatch):
    monkeypatch.setitem(bundle.FILES, "kinds/new.js", MODULE.encode())
    assert bundle.block("kinds/new.js") == BLOCK
    assert bundle.needed("kinds/new.js") == ("dom.js", "kinds/new.js")
    bundle.source.cache_clear()
    bundle.needed.cache_clear()


@pytest.mark.parametrize("kind", ["encode", "story"])
def test_a_kind_has_modules_of_its_own_once_in_a_page(kind):
    blocks = re.findall(r"^\{ // (.*)$", bundle.chunk(f"kinds/{kind}.js", html.ENTRY), re.MULTILINE)
    assert f"kinds/{kind}.js" in blocks and not {*blocks} & {*bundle.needed(html.ENTRY)}


def test_of_a_bundled_module_only_comments_are_left_out(monkeypatch):
    lines = ["/** @type {any} */ (window).x = 1;", "let y = 2;", "/**", " * Of y: 3 * 4.", " */", "y = 3;"]
    monkeypatch.setitem(bundle.FILES, "kinds/new.js", "\n".join(lines).encode())
    assert bundle.source("kinds/new.js").splitlines() == [*lines[:2], lines[-1]]
    bundle.source.cache_clear()


def test_it_is_small_enough_to_be_fetched(folder):
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) <= 12e6


@pytest.mark.parametrize(
    "words, told",
    [
        (["new", "nothing_here"], "run='nothing_here': neither a file nor a shipped run"),
        (["taken"], "taken': is there, and not an empty folder: name another, or remove it first"),
        (["file/below"], "OUT='file/below': cannot be written (Not a directory): name another folder"),
        (["new", "copy/digits.safetensors", "digits"], "RUN='digits': names two files"),
    ],
)
def test_what_is_wrong_is_one_line_and_nothing_is_left(tmp_path, monkeypatch, capsys, words, told):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken/mine").write_text("mine")
    (tmp_path / "file").write_text("")
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy/digits.safetensors").write_bytes(runs.shipped()["digits"].read_bytes())
    before = sorted(tmp_path.rglob("*"))
    assert main(["export-site", *words]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert told in line and sorted(tmp_path.rglob("*")) == before


def test_a_run_that_is_named_twice_is_shown_once():
    assert [run.name for run in command.find_all(["digits", "vae", "digits"])] == ["digits", "vae"]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(28, "No space left on device"), "OUT='new': cannot be written (No space left on device)"),
        (blobs.Unwritable("/tmp: cannot be written: make room there"), "make room there"),
    ],
)
def test_a_full_disk_is_said(error, told, monkeypatch, tmp_path, capsys):
    def fail(*_):
        raise error

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(export, "write", fail)
    assert main(["export-site", "new", "digits"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert told in line


def test_pages_are_made_of_the_runs_that_they_can_show(tmp_path, monkeypatch):
    monkeypatch.setenv("AAE_DATA", "kept")
    (tmp_path / "empty").mkdir()
    assert main(["export-site", str(tmp_path / "empty"), "digits", "anomaly"]) == 0 and os.environ["AAE_DATA"] == "kept"
    written = {path.stem for path in (tmp_path / "empty").glob("*.html")}
    assert written == {"index", "explore", "compare", "encode", "denoise", "anomalies", "search"}
    assert 'data-page="explore"' in (tmp_path / "empty/index.html").read_text()  # there is no story of them
    shown = {name: json.loads((tmp_path / f"empty/data/{name}.json").read_text()) for name in written - {"index"}}
    assert len(shown["explore"]["usual"]) == 1 and len(shown["denoise"]["usual"]) == 2
    assert shown["explore"]["runs"][0]["payload"]["images"]  # scikit-learn's are everywhere
    assert list(shown["anomalies"]["runs"][0]["scores"]) == ["prior density of the code", "discriminator"]


def test_runs_are_offered_in_the_order_of_the_app():
    known = list(catalogue.shipped_known())
    shown = pages.in_order([load(name) for name in sorted(known[:8])])
    assert [run.name for run in shown] == known[:8]
    assert pages.of_run(shown[0]) == {"id": "aae", "title": "AAE · Gaussian prior", "group": titles.FIRST, "dim": 2}


@pytest.mark.parametrize(
    ("epochs", "kept"),
    [
        ([0, 5, 7], [0, 5, 7]),
        (range(0, 101, 10), [0, 20, 40, 60, 80, 100]),
        ([0, 1, 2, 3, 4, 5, 99], [0, 1, 2, 4, 5, 99]),
    ],
)
def test_a_training_keeps_its_first_and_last_moment_and_four_between(epochs, kept):
    run = replace(load("digits"), snapshots={epoch: {} for epoch in epochs})
    assert sorted(pages.lighter(run).snapshots) == kept


def test_texts_are_without_marks_and_speak_of_the_site():
    text = rf"**VAE** of a\_b: \*MNIST\* {testimages.ABSENT}, 3 * 4."
    assert pages.plain(text) == "VAE of a_b: *MNIST* is not part of this site, 3 * 4."


@pytest.mark.parametrize(
    ("name", "there", "page", "parameters", "label"),
    [
        ("film", ["explore"], "explore.html", {"run": "aae"}, "Explore this model"),
        ("holes", ["explore", "compare"], "compare.html", {"draws": "the prior"}, "Compare them"),
        ("vae", ["compare"], "compare.html", {"runs": ["vae"], "pointer": "image"}, "Try other images"),
        ("pixels", ["encode"], "encode.html", {"run": "ae"}, "Encode a digit"),
    ],
)
def test_a_scene_leads_to_a_page_that_is_there(name, there, page, parameters, label):
    made = home.scene(name, there)
    assert (made["page"], made["parameters"], made["label"]) == (page, parameters, label)
    assert made["address"] == f"data/scene-{name}.json"


def test_home_has_the_scenes_whose_runs_are_here_and_links_to_the_pages_that_are():
    shown = [load("ae"), load("vae")]
    assert home.names(shown) == ["autoencoder", "vae"]
    told = home.payload(shown, ["home", "explore"])
    assert [scene["title"] for scene in told["payload"]["scenes"]] == [
        story.SCENES[name].title for name in ("autoencoder", "vae")
    ]
    assert told["links"] == [{"address": "explore.html", "text": "Explore every model"}]


@pytest.mark.parametrize(("name", "n_planes"), [("aae", 0), ("gaussian_8d", 1 + 8 * 7 // 2)])
def test_a_map_has_the_planes_that_the_app_offers(name, n_planes):
    shown = pages.explore(load(name))
    others = shown.get("planes", {})
    assert len(others) == n_planes and shown["labels"] is None
    for plane in ["pca", "2,7"][: len(others)]:
        expected = maps.map_facts(load(name), plane)
        assert others[plane] == {part: expected[part] for part in ("origin", "basis", "view", "score_view")}


def test_classes_and_clusters_are_called_as_in_the_app():
    assert pages.labels(load("supervised_2d"))["names"] == [str(k) for k in range(10)]
    offered = pages.labels(load("clusters_16"))
    assert offered["names"] == [str(k) for k in range(16)] and "Cluster 5:" in offered["words"][5]


def test_files_are_those_of_the_site_and_images_that_are_not_here_no_part_of_it(tmp_path):
    site, content = export.Site(tmp_path), b"latent " * 100
    inner = blobs.publish(b"RIFF....WEBP" + content)
    made = site.published({"map": [blobs.publish(json.dumps({"frames": [inner]}).encode())], "no_images": "not here"})
    outer = json.loads((tmp_path / made["map"][0]).read_text())
    assert made["no_images"] == pages.ABSENT and made["map"][0].endswith(".json")
    assert outer["frames"][0].endswith(".webp") and (tmp_path / outer["frames"][0]).read_bytes().endswith(content)
    assert len(list((tmp_path / "files").iterdir())) == 2


def test_files_are_packed_the_shorter_way():
    dice = random.Random(0)
    text, weights = b"abcdefgh" * 4000, bytes(int(dice.gauss(128, 8)) for _ in range(20_000))
    for content in (text, weights):
        assert gzip.decompress(export.packed(content)) == content
    assert len(export.packed(text)) < 200 and len(export.packed(weights)) < len(gzip.compress(weights))


@pytest.mark.parametrize("before", [None, "mine"])
def test_images_of_data_sets_are_in_a_site_only_where_they_are_asked_for(before, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(export.Site, "write", lambda site, shown: seen.append(os.environ.get("AAE_DATA")))
    monkeypatch.delenv("AAE_DATA", raising=False)
    if before:
        monkeypatch.setenv("AAE_DATA", before)
    for with_images in (True, False):
        export.write(tmp_path / str(with_images), [], with_images)
    assert seen[0] == before == os.environ.get("AAE_DATA") and os.path.isabs(seen[1]) and not os.path.exists(seen[1])


# In the browser


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_with_its_menu(page, address, name):
    page.goto(f"{address}{name}.html")
    page.locator(READY).first.wait_for()
    assert page.locator("nav a[aria-current]").count() == 1 and page.locator("nav a").count() == len(PAGES)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.browser
@pytest.mark.parametrize(
    "url, names",
    [
        ("explore.html?run=vae", ["vae"]),
        ("compare.html", ["ae", "vae", "aae"]),
        ("style.html", ["supervised_2d"]),
        ("encode.html", ["aae"]),
        ("classify.html", ["reduced_100"]),
        ("explore.html?run=clusters_16&label=3", ["clusters_16"]),
        ("index.html?scene=4", ["aae"]),
    ],
)
def test_a_drag_shows_at_ten_places_what_the_app_decodes(page, browser, site, address, url, names):
    shown = opened(page, address + url, len(names))
    page.mouse.move(*shown[0].at(0.3, 0.3))
    page.mouse.down()
    seen = {name: [] for name in names}
    for i in range(10):
        page.mouse.move(*shown[0].at(0.3 + 0.04 * i, 0.3 + 0.03 * i))
        for name, each in zip(names, shown, strict=True):
            seen[name].append(each.snapshot())
    page.mouse.up()
    with browser.new_page() as beside:
        for name, states in seen.items():
            codes, label = [state["code"] for state in states], 3 if name in ("supervised_2d", "clusters_16") else None
            (own,) = website.open_maps(beside, site, site.payload(name, label=label))
            assert [state["pixels"] for state in states] == own.decode(codes), name
            expected = planes.decode(load(name).model(), torch.tensor(codes), label)
            assert len(torch.tensor(codes).unique(dim=0)) == 10, name
            assert (torch.tensor(own.decode(codes)) - expected).abs().max() < 1 / 255, name


@pytest.mark.browser
def test_maps_side_by_side_are_put_together_as_the_app_does(page, address):
    shown = opened(page, f"{address}compare.html?runs=vae&runs=supervised_2d", 2)
    compared = [load("vae"), load("supervised_2d")]
    expected = comparison.pad_data(compared[0], compared, "code", None)
    payload = shown[0].canvas.evaluate("el => el.latentMap.payload")
    names = ("run", "title", "radius", "small", "group", "linked", "percentile_std", "class_names")
    assert {name: payload[name] for name in names} == {name: expected[name] for name in names}
    assert payload["view"] == pytest.approx(expected["view"])
    page.locator("summary", has_text="VAE").click()
    page.get_by_role("checkbox", name="AAE · Gaussian prior").check()
    page.locator("canvas.map[data-ready=true]").nth(2).wait_for()
    assert page.url.endswith("runs=vae&runs=supervised_2d&runs=aae")
    page.get_by_label("Generate images from").select_option("the prior")
    page.wait_for_function("[...document.querySelectorAll('.pictures img')].every(({ naturalWidth: n }) => n > 1000)")
    assert shown[0].canvas.evaluate("el => el.latentMap.payload.marks.length") == comparison.N_DRAWS
    page.go_back()
    page.locator(".pictures img").first.wait_for(state="detached")
    page.locator("input.epoch").fill("0")
    shown[0].wait("s.epoch === 0")
    page.go_back()
    page.wait_for_function("document.querySelectorAll('canvas.map').length === 2")


@pytest.mark.browser
def test_a_choice_is_in_the_address_and_back_again(page, address):
    (shown,) = opened(page, f"{address}explore.html")
    page.get_by_label("Run").select_option("clusters_16")
    page.get_by_label("Plane").select_option("1,2")
    page.get_by_label("Decoded as").select_option("5")
    assert (
        page.url.endswith("run=clusters_16&plane=1,2&label=5") and "Cluster 5:" in page.locator(".caption").inner_text()
    )
    shown.wait("s.run === 'clusters_16'")
    shown.canvas.focus()
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function("location.search.includes('z=')")
    before = shown.snapshot()
    page.reload()
    page.locator("canvas.map[data-ready=true]").wait_for()
    after = shown.snapshot()
    assert after["cursor"] == pytest.approx(before["cursor"], rel=1e-3) and after["code"][0] == 0
    expected = maps.map_facts(load("clusters_16"), "1,2")["view"]
    assert shown.canvas.evaluate("el => el.latentMap.payload.view") == pytest.approx(expected)
    for _ in range(3):
        page.go_back()
    shown.wait("s.run === 'aae'")


@pytest.mark.browser
def test_a_page_that_is_opened_as_a_file_says_that_it_cannot_be_shown(browser, folder):
    with browser.new_page() as page:
        page.goto((folder / "explore.html").as_uri())
        page.get_by_role("alert").get_by_text("python -m http.server").wait_for()


@pytest.mark.browser
def test_what_an_address_says_wrongly_is_named(page, address):
    opened(page, f"{address}explore.html?run=gone&plane=7,9&only=99")
    told = page.locator(".wrong").inner_text()
    assert 'No model "gone" on this page; showing AAE · Gaussian prior.' in told
    assert 'plane="7,9" in the address is not used here' in told
    assert "only=99" in page.locator(".pad .notice").inner_text()


@pytest.mark.browser
def test_a_page_is_dark_as_the_system_until_the_other_is_chosen_and_then_on_all_pages(page, address):
    page.emulate_media(color_scheme="dark")
    (shown,) = opened(page, f"{address}explore.html")
    assert shown.snapshot()["ink"] == [250, 250, 250]
    page.get_by_role("button", name="Light", exact=True).click()
    shown.wait("s.ink[0] < 50")
    (shown,) = opened(page, f"{address}encode.html")
    assert shown.snapshot()["ink"] == [23, 23, 23]
    page.get_by_role("button", name="Dark", exact=True).click()
    page.emulate_media(color_scheme="light")
    shown.wait("s.ink[0] < 50")


@pytest.mark.browser
def test_the_story_leads_to_pages_that_are_there(page, address):
    opened(page, address)
    for _ in range(6):
        target = page.locator(".story .on a").evaluate("el => el.href")
        assert page.evaluate("address => fetch(address).then(({ ok }) => ok)", target)
        page.get_by_role("button", name="Next").click()
    page.locator("canvas.map[data-ready=true]").wait_for()
    assert "scene=7" in page.url and page.get_by_role("heading", name="Training").is_visible()


@pytest.mark.browser
def test_a_drawing_is_restored_and_classified(page, address):
    page.goto(f"{address}denoise.html?corruption=hole")
    page.locator(".denoise[data-ready=true]").wait_for()
    before = page.locator(".denoise").inner_text()
    website.draw(page, page.locator("canvas.corrupted"), (0.3, 0.3), (0.7, 0.7))
    page.wait_for_function("before => document.querySelector('.denoise').innerText !== before", arg=before)
    opened(page, f"{address}classify.html")
    board = page.locator("canvas.board")
    if not board.is_visible():
        page.get_by_text("Your own image").click()
    website.draw(page, board, (0.5, 0.15), (0.5, 0.85))
    page.get_by_text("q(y|x) of your own image").wait_for()
