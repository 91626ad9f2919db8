"""The visitor labels ten images on Classify: what the browser is given, and what is made of what it sends."""

import json
from dataclasses import replace

import pytest

from aae import data
from aae.app.runs import live
from aae.app.server import identity
from aae.app.views import labelcurve, labelling
from aae.config import ownlabels
from tests.job_tools import status, until
from tests.test_classify_page import open_page, read

ME = "visitor-of-this-test"
TEN = labelling.Ten("digits", 2, labelling.rows_of("digits", (), 2))
TRUE = data.load_train("digits").labels[list(TEN.rows)].tolist()


@pytest.fixture
def mine(manager, monkeypatch):
    """The jobs of a visitor, on a server of this test."""
    monkeypatch.setattr(live, "manager", lambda: manager)
    monkeypatch.setattr(identity, "owner", lambda: ME)
    return manager


def shown(app):
    return next(found for found in map(json.loads, protos(app)) if found[0]["kind"] == "label")[0]


def protos(app):
    return [element.proto.json for element in app.get("bidi_component")]


def test_the_page_gives_ten_images_and_none_of_their_labels():
    app = open_page(labelled="Digits 8x8", ten="2")
    assert not app.exception
    given = shown(app)
    pixels = read(given["images"])["images"]
    assert (pixels == data.load_train("digits").pixels[list(TEN.rows)]).all() and given["ten"] == "digits-2"
    assert len(json.dumps(given)) < 600
    assert [str(label) for label in range(10)] == given["class_names"]


@pytest.mark.parametrize(("key", "text"), [("labelled", "Fashion"), ("ten", "100"), ("ten", "x")])
def test_a_bad_value_of_the_address_opens_the_default_and_says_so(key, text):
    app = open_page(**{key: text})
    assert not app.exception and shown(app)["ten"].endswith("-0")
    assert any(line.value.startswith(f"{key}='{text}' in the address must be one of") for line in app.warning)


@pytest.mark.parametrize(
    "report",
    [
        {}, {"ten": TEN.name}, {"ten": "mnist-2", "labels": TRUE}, {"ten": TEN.name, "labels": TRUE[:9]},
        {"ten": TEN.name, "labels": [*TRUE[:9], 10]}, {"ten": TEN.name, "labels": [*TRUE[:9], True]},
        {"ten": TEN.name, "labels": [*TRUE[:9], None]}, {"ten": TEN.name, "labels": "0123456789"},
        {"ten": [TEN.name], "labels": TRUE},
    ],
)  # fmt: skip
def test_what_is_no_label_for_each_of_these_images_starts_nothing(mine, report):
    assert "label these, and press once more" in labelling.answer(TEN, report)
    assert mine.all() == []


def test_labels_are_trained_on_as_they_are_and_become_a_point_of_the_curve(mine, monkeypatch):
    given = [(TRUE[0] + 1) % 10, *TRUE[1:]]
    monkeypatch.setitem(labelling.RECIPES, "digits", replace(labelling.RECIPES["digits"], epochs=2))
    assert labelling.answer(TEN, {"ten": TEN.name, "labels": given}) == ""
    (job,) = labelling.mine()
    assert dict(ownlabels.parse(job.config.own_labels)) == dict(zip(TEN.rows, given, strict=True))
    assert job.config.n_labeled is None and labelling.results([job]) == []
    assert "trained already" in labelling.answer(TEN, {"ten": TEN.name, "labels": given})
    until(lambda: status(mine, job.id) == "finished")
    (found,) = labelling.results(labelling.mine())
    assert (found.dataset, found.n_labels, found.agree, found.chance) == ("Digits 8x8", 10, 9, 90)
    assert "9 of your 10 labels are those of the data set" in labelling.in_words(found)
    assert f"**{found.error:.1f} %** of the test images of Digits 8x8" in labelling.in_words(found)
    stars = [trace for trace in labelcurve.chart(labelcurve.points(), [found]).data if trace.mode == "markers"]
    assert [(star.name, star.x, star.y) for star in stars] == [
        ("yours: 10 labels, Digits 8x8", ("10",), (found.error,)),
    ]  # fmt: skip


def test_a_full_queue_is_said_and_nothing_is_lost(mine):
    report = {"ten": TEN.name, "labels": TRUE}
    for k in range(4):
        mine.submit(labelling.config_of(TEN, [k] * 10), "waits", ME)
    assert "at most 4 of your jobs may wait or run" in labelling.answer(TEN, report)
