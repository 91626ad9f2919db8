"""The guided tours: every step leads to a page with what it needs, and what it asks for can be done there."""

import itertools
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import torch
from streamlit.testing.v1 import AppTest

from aae import runs
from aae.app import state
from aae.app.browser import maps
from aae.app.runs import catalogue
from aae.app.views import tours

ROOT = Path(__file__).resolve().parents[1]
OF_PADS = {"threshold", "bits", *re.findall(r"^  (\w+): \{", (ROOT / "aae/web/link/link.js").read_text(), re.M)}
HOLE = tours.STEPS["hole"]


def test_longer_tours_have_the_steps_of_the_shorter_ones():
    five, fifteen, all_steps = map(tours.steps, tours.LENGTHS)
    assert set(five) < set(fifteen) < set(all_steps) == set(tours.STEPS)
    assert 5 <= len(five) <= 8 and 9 <= len(fifteen) <= 13 and len(all_steps) >= 18


@pytest.mark.parametrize("name", tours.STEPS)
def test_a_step_is_a_link_to_a_page_with_parameters_that_there_are(name):
    told, step = tours.payload("45", name), tours.STEPS[name]
    assert (ROOT / f"pages/{step.page}.py").is_file()
    for address in filter(None, (told["here"], told["shown"])):
        parts = urlsplit(address)
        assert parts.path == step.page and parse_qs(parts.query)["tour"] == [f"45.{name}"]
        assert set(parse_qs(parts.query)) <= {*state.of_page(step.page), *OF_PADS}
    assert told["shown"] or told["path"] or told["strokes"] or told["paints"]


def test_the_ellipse_that_a_step_speaks_of_is_seen_and_no_other_circle():
    start, vae = tours.STEPS["vae"].parameters, runs.load(runs.SHIPPED / "vae.safetensors")
    half = float(start["view"].split(",")[2])
    ellipses = 4 * vae.test_posterior_std.float() / (2 * half) * 500  # pixels of a map of 500
    assert ellipses.max(1).values.median() > 10 and "radius" not in start["layers"]
    assert (vae.test_codes.abs().amax(1) < half).float().mean() > 0.95  # most are in this part of the map


def test_the_steps_of_a_tour_lead_to_one_another():
    names = tours.steps("15")
    told = [tours.payload("15", name) for name in names]
    assert told[0]["back"] is told[-1]["next"] is None
    for before, after in itertools.pairwise(told):
        assert before["next"] == after["here"] and after["back"] == before["here"]
    assert [(each["number"], each["of"]) for each in told] == [(i + 1, len(names)) for i in range(len(names))]


def test_what_is_shown_of_maps_is_what_is_asked_for():
    ae, aae = (runs.load(runs.shipped()[name]) for name in ("ae", "aae"))
    there, radius = torch.tensor(HOLE.path[-1]), maps.nearby_radius(ae)
    assert (ae.test_codes.float() - there).norm(dim=1).min() > 2 * radius
    for place, digit in ((tours.FOUR, 4), (tours.NINE, 9)):
        nearest = (aae.test_codes.float() - torch.tensor(place)).norm(dim=1).argsort()[:20]
        assert (aae.test_labels[nearest] == digit).float().mean() > 0.8


def test_steps_whose_runs_are_missing_are_left_out(monkeypatch):
    known = {name: each for name, each in catalogue.shipped_known().items() if name in ("ae", "aae")}
    monkeypatch.setattr(catalogue, "shipped_known", lambda: known)
    assert tours.steps("5") == ["hole", "path"]
    assert tours.payload("5", "path")["next"] is None


@pytest.mark.parametrize("text", ["nonsense", "5.nonsense", "", "45.", "6.hole"])
def test_a_tour_that_is_none_is_named_in_a_line(text):
    app = AppTest.from_file(ROOT / "aae/app/main.py", default_timeout=60)
    app.query_params["tour"] = text
    app.run()
    lines = [warning.value for warning in app.warning if warning.value.startswith("tour=")]
    assert not app.exception and len(lines) == (text != "45.")


@pytest.mark.parametrize(("text", "said"), [("controls", 0), ("all", 1)])
def test_controls_can_be_hidden_by_a_link(text, said):
    app = AppTest.from_file(ROOT / "aae/app/main.py", default_timeout=60)
    app.query_params["hide"] = text
    app.run()
    lines = [warning.value for warning in app.warning if warning.value.startswith(f"hide='{text}'")]
    assert not app.exception and len(lines) == said


def test_what_is_hidden_stays_hidden_on_the_pages_that_the_menu_opens():
    app = AppTest.from_file(ROOT / "aae/app/main.py", default_timeout=60)
    app.query_params["hide"] = "controls"
    app.run()
    app.query_params.clear()  # as the menu does
    app.switch_page("../../pages/search.py").run()
    assert not app.exception and any("--controls: none" in each.proto.body for each in app.get("html"))
