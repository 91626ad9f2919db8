"""The page Evaluate: its tables, exports and the pictures behind a number."""

import csv
import io
import json
import os
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from page_tools import open_page
from streamlit.testing.v1 import AppTest
from test_pages import MAIN

from aae import jobs, runs
from aae.analysis.evaluation import METRICS, Figure
from aae.app.runs import catalogue, live
from aae.app.views import evaluating, measuring
from aae.config import PRESETS
from aae.config.written import parse_value
from aae.runs import card, commands
from tests.job_tools import kept, until


@pytest.fixture
def page():
    return AppTest.from_file(MAIN, default_timeout=60).run().switch_page("../../pages/evaluate.py").run()


def test_every_shipped_run_was_measured_as_it_is_shipped():
    kept = json.loads(evaluating.KEPT.read_text())
    assert {name: runs.load(path).digest for name, path in runs.shipped().items()} == {
        name: each["digest"] for name, each in kept.items() if name != evaluating.IMAGES
    }
    assert all(set(each["figures"]) <= set(METRICS) for each in kept.values())


@pytest.mark.parametrize("kind", evaluating.TABLES)
def test_a_table_has_a_row_a_run_with_standard_errors_and_reported_figures_named_so(page, kind):
    page.segmented_control(key="table").set_value(kind).run()
    assert not page.exception
    (shown,) = page.dataframe
    assert shown.value.set_index("run").notna().any(axis=1).all()  # no row is empty
    kept, titles = evaluating.load(), list(shown.value["run"])
    assert len(titles) == len(set(titles)) >= len(runs.shipped())
    for id, known in catalogue.known().items():
        row = shown.value[shown.value["run"] == known.title].iloc[0]
        for name in evaluating.TABLES[kind]:
            figure = kept[id].get(name)
            assert row[name] == figure.value if figure else row.isna()[name]
    reported = [title for title in titles if "reported" in title]
    assert len(reported) == (len(evaluating.REPORTED) if kind == "Generated images" else 0)


def test_an_unknown_table_is_named_and_the_first_one_shown():
    page = open_page("evaluate", table="Nonsense")
    (told,) = [warning.value for warning in page.warning]
    assert not page.exception and told.startswith(
        "table='Nonsense' in the address must be one of Reconstruction, Codes,"
    )
    assert "mse" in page.dataframe[0].value


def test_exports_hold_every_figure():
    shown = evaluating.rows()
    lines = list(csv.DictReader(io.StringIO(evaluating.as_csv(shown))))
    assert len(lines) == sum(len(measured) for _, _, measured in shown)
    assert float(lines[0]["value"]) == shown[0][2][lines[0]["metric"]].value
    markdown = evaluating.as_markdown(shown).splitlines()
    assert len(markdown) == len(shown) + 2 and len({line.count("|") for line in markdown}) == 1


def test_a_card_has_the_config_the_data_the_history_and_the_command():
    run = runs.load(runs.shipped()["vae"])
    text = card.card(run, {"mse": Figure(0.0123, 0.0004, 10)})
    assert "0.0123 ± 0.0004" in text and "MNIST" in text and commands.training(run.config) in text
    assert all(f"| {field} | {value} |" in text for field, value in run.config.to_json().items())
    assert f"| {run.config.epochs} |" in text  # the last epoch of the history
    assert f"{run.metrics['reconstruction_mse']:.4g}" in card.card(run)


@pytest.mark.parametrize("name", runs.shipped())
def test_the_command_of_a_shipped_run_names_its_preset(name):
    assert commands.training(runs.load(runs.shipped()[name]).config).startswith(f"python -m aae train {name}")


@pytest.mark.parametrize("name", PRESETS)
def test_the_command_of_a_config_trains_it(name):
    wanted = replace(PRESETS[name], learning_rate=3e-3, hidden=(64, 32), epochs=3)
    words = shlex.split(commands.training(wanted))
    changes = dict(word.split("=", 1) for word in words if "=" in word)
    assert words[:4] == ["python", "-m", "aae", "train"] and len(words) == 5 + 2 * len(changes)
    assert replace(PRESETS[words[4]], **{field: parse_value(field, text) for field, text in changes.items()}) == wanted


@pytest.mark.parametrize("name", ["vae", "supervised_2d", "digits"])
def test_pictures_behind_numbers_are_made(name):
    run = runs.load(runs.shipped()[name])
    assert evaluating.generated(run)


def test_a_visitors_run_is_measured_beside_the_page_and_that_can_be_cancelled(manager, monkeypatch):
    monkeypatch.setattr(live, "manager", lambda: manager)
    (id,) = kept(manager, ["mine"], status=jobs.FINISHED)
    manager.store.run_path(id).write_bytes((runs.SHIPPED / "digits.safetensors").read_bytes())
    live.trained_at.clear()
    app = AppTest.from_file(MAIN, default_timeout=60).run().switch_page("../../pages/evaluate.py").run()
    app.button(key="measure").click().run()
    app.button(key="cancel-measuring").click().run()
    until(lambda: measuring.now() is None)
    assert measuring.of(catalogue.of(id)) is None and not app.run().error
    app.button(key="measure").click().run()
    assert any("Measuring mine" in caption.value for caption in app.caption)
    until(lambda: measuring.now() is None)
    app.run()
    assert not app.exception and not any(button.key == "measure" for button in app.button)
    title, expected = catalogue.of(id).title, evaluating.load()["digits"]
    row = app.dataframe[0].value.iloc[0]  # the first: in sight
    assert row["run"] == title
    assert row["mse"] == pytest.approx(expected["mse"].value, rel=1e-3)
    live.trained_at.clear()


@pytest.mark.parametrize(
    ("does", "said"),
    [
        ("exit 3", "The process that measured it ended with code 3: measure it again."),
        ("kill -9 $$", "The process that measured it ended with code -9: measure it again."),
        ("echo first >&2; echo last >&2; exit 2", "last"),
    ],
)
def test_why_a_run_cannot_be_measured_is_said(does, said, monkeypatch, tmp_path):
    program, known = tmp_path / "python", catalogue.of("digits")
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(0o700)
    monkeypatch.setattr(measuring.sys, "executable", str(program))
    measuring.begin(known)
    until(lambda: measuring.now() is None)
    assert measuring.problem(known) == said and measuring.of(known) is None


def test_one_run_is_measured_at_a_time_and_its_owner_alone_cancels(monkeypatch, tmp_path):
    program, log = tmp_path / "python", tmp_path / "log"
    program.write_text(f"#!/bin/sh\necho $OMP_NUM_THREADS >> {log}\nexec sleep 60\n")
    program.chmod(0o700)
    monkeypatch.setattr(measuring.sys, "executable", str(program))
    measuring.begin(catalogue.of("digits"))
    measuring.begin(catalogue.of("vae"))
    running = measuring.now()
    assert running.title == catalogue.of("digits").title
    assert os.getpriority(os.PRIO_PROCESS, running.process.pid) == measuring.NICE
    with monkeypatch.context() as another:
        another.setattr(measuring.identity, "owner", lambda: "another")
        measuring.cancel()
    assert measuring.now() is running
    until(log.exists)
    measuring.cancel()
    assert measuring.now() is None and running.process.returncode and not measuring.problem(catalogue.of("digits"))
    assert log.read_text() == "1\n"


def test_the_process_that_measures_ends_with_its_server():
    measuring.begin(catalogue.of("digits"))
    process = measuring.now().process
    with Path(os.devnull).open("wb") as nothing:
        os.dup2(nothing.fileno(), process.stdin.fileno())  # its pipe closes, as where the server is killed
    assert process.wait(60) == 1
    until(lambda: measuring.now() is None)
    assert measuring.of(catalogue.of("digits")) is None
