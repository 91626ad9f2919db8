"""Test images on the pages: shown when they are here, and when not, the pads work and a line says why."""

import shutil

import pytest
import torch

from aae import runs
from aae.app.runs import testimages
from aae.app.views import loaders
from aae.config import datasets
from tests.page_tools import components, open_page
from tests.test_datafiles import WAYS, idx

FILE = "t10k-images-idx3-ubyte"


@pytest.fixture
def raw(monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path))
    return tmp_path / "MNIST" / "raw"


def lay_mnist(raw, labels=None):
    """Files like MNIST's: blank images with the classes that the shipped runs were tested on."""
    raw.mkdir(parents=True, exist_ok=True)
    labels = runs.load(runs.shipped()["aae"]).test_labels if labels is None else labels
    for prefix in ("train", "t10k"):
        (raw / f"{prefix}-images-idx3-ubyte").write_bytes(
            idx(torch.zeros(len(labels), 28, 28, dtype=torch.uint8).numpy())
        )
        (raw / f"{prefix}-labels-idx1-ubyte").write_bytes(idx(labels.numpy()))


def pads(app):
    """What each latent pad of the page is given."""
    return [each for each in components(app) if "decoder" in each]


@pytest.mark.parametrize("page", ["explore", "compare", "style"])
def test_a_damaged_file_is_named_in_one_line_and_the_pads_decode_codes(page, raw):
    lay_mnist(raw)
    (raw / FILE).write_bytes(b"junk")
    app = open_page(page)
    assert [warning.value for warning in app.warning] == [testimages.find("mnist").problem]
    assert str(raw / FILE) in app.warning[0].value and "delete it" in app.warning[0].value
    assert [pad["images"] for pad in pads(app)] == [None] * len(pads(app)) != []
    assert {pad["no_images"] for pad in pads(app)} == {"cannot be read"}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_damage_a_file_has_its_line(way, raw):
    lay_mnist(raw)
    path = raw / FILE
    path.write_bytes(WAYS[way][0](path.read_bytes()))
    found = testimages.find("mnist")
    assert found.images is None and str(path) in found.problem and "\n" not in found.problem


def test_files_that_come_change_and_go_are_noticed_without_a_restart(raw):
    app = open_page("explore")
    for change, images in (
        (None, False),
        (lay_mnist, True),
        (damage, False),
        (lay_mnist, True),
        (shutil.rmtree, False),
    ):
        if change:
            change(raw)
        app.run()
        assert not app.exception and bool(pads(app)[0]["images"]) == images
        assert [warning.value for warning in app.warning] == (
            [testimages.find("mnist").problem] if change is damage else []
        )


def damage(raw):
    (raw / FILE).write_bytes(b"")


def test_images_that_a_run_was_not_tested_on_are_not_shown_as_its(raw):
    run = runs.load(runs.shipped()["aae"])
    for labels in (run.test_labels.flip(0), run.test_labels[:5000]):
        lay_mnist(raw, labels)
        assert testimages.find("mnist").images and testimages.of(run).images is None
        told = testimages.of(run).problem
        assert told.startswith(f"mnist on this machine is another one than {run.title} was tested on")
        assert loaders.pad_data(run, "0,1")["images"] is None
    lay_mnist(raw)
    assert testimages.of(run).images


@pytest.mark.parametrize("root", ["~nobody-here/x", "/dev/null", "/nowhere"])
def test_a_data_folder_that_is_none_leaves_the_pads(root, monkeypatch):
    monkeypatch.setenv("AAE_DATA", root)
    app = open_page("explore")
    assert pads(app)[0]["no_images"] == "is not on this machine" and not app.warning


def test_digits_need_no_file(monkeypatch):
    monkeypatch.setenv("AAE_DATA", "/nowhere")
    assert len(testimages.of(runs.load(runs.shipped()["digits"])).images.labels) == datasets.KNOWN["digits"].n_test
