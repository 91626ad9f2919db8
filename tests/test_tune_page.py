"""The Tune page without a browser: what it offers, what it starts, and how a trial becomes a run."""

import shlex
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from aae import data, jobs, sweeps
from aae.__main__ import make_parser
from aae.app.server import identity
from aae.app.tune import figures, form
from aae.cli.train import make_config
from aae.config import PRESETS
from tests.job_tools import ME, OTHER, TINY
from tests.page_tools import MAIN, open_page, press
from tests.test_trainpage import watch_list, watching

BASE = replace(TINY, n_validation=216, epochs=1, hidden=(8,), discriminator_hidden=(8,))
PLAN = sweeps.Plan.make(BASE, ["batch_size=64,128", "regularizer_weight=5,15:40"], n_seeds=2)


@pytest.fixture
def shown(shown):
    """The manager, as the page has it, whose jobs wait."""
    shown.rules.set("limit", 0)
    return shown


def open_tune(mine=ME, **query):
    return open_page("tune", {identity.COOKIE: mine}, **query)


def texts(app):
    return " ".join(element.value for element in [*app.markdown, *app.caption, *app.info, *app.warning, *app.error])


def finished(manager, owner=ME):
    """A sweep whose trials are all done; its job's id."""
    id = manager.submit(PLAN.config, "done", owner, sweep=PLAN)
    with sweeps.claimed(manager.store.sweep_path(id), PLAN) as claimed:
        list(sweeps.run(claimed, data.load_training(BASE)))
    manager.queue.drop(id)
    manager.store.report(id, jobs.FINISHED, step=4, steps=4)
    return id


def test_the_page_without_a_sweep_says_how_to_make_one(shown):
    app = open_tune()
    assert "No sweep yet" in texts(app) and "python -m aae sweep" in app.code[0].value


def test_the_form_starts_what_it_says(shown):
    app = open_tune()
    app.pills(key="vary").set_value(["learning_rate", "latent_dim"]).run()
    app.selectbox(key="preset").set_value("digits").run()
    app.selectbox(key="trials").set_value(4).run()
    assert "4 trials, chosen by TPE" in texts(app)
    press(app, "Start the sweep")
    (job,) = shown.all()
    assert job.belongs_to(ME) and job.status == jobs.QUEUED and job.config == job.sweep.config
    assert [vary.name for vary in job.sweep.varied] == ["learning_rate", "latent_dim"]
    assert (job.sweep.n_trials, job.sweep.sampler, job.sweep.config.n_validation) == (4, "tpe", 216)
    assert job.name == "digits"  # the preset, and the data set where it has another name
    assert app.selectbox(key="sweep").value == job.id and "queued, position 1" in app.selectbox(key="sweep").options[0]


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("dataset", ["digits", "mnist"])
def test_each_field_is_a_click_with_every_preset(preset, dataset):
    base = form.base_config(preset, dataset)
    for name, knob in form.KNOBS.items():
        plan = form.plan_of(base, [f"{name}={','.join(knob.values(base))}"], 4, 1, sweeps.default_metric(base))
        assert plan.sampler == "grid" and 3 <= plan.n_trials <= 4
        assert form.estimate(plan, dataset) > 0


@pytest.mark.parametrize(("preset", "dataset"), [("digits", "digits"), ("vae", "mnist"), ("semi_1000", "digits")])
def test_the_command_makes_the_same_sweep(preset, dataset):
    base = form.base_config(preset, dataset)
    varied = [f"{name}={','.join(form.KNOBS[name].values(base))}" for name in ("latent_dim", "regularizer_weight")]
    plan = form.plan_of(base, varied, 12, 2, "prior_distance")
    options = make_parser().parse_args(shlex.split(form.command(plan, preset))[3:])
    config, _ = make_config(options, sweeps.held_out)
    made = sweeps.Plan.make(config, options.vary, options.sampler, options.trials, options.seeds, options.metric)
    assert made == plan


def can_start(app):
    return not next(button for button in app.button if button.label == "Start the sweep").disabled


def test_nothing_varied_is_said_and_a_long_sweep_cannot_be_started(shown, monkeypatch):
    app = open_tune()
    app.pills(key="vary").set_value([]).run()
    assert "Nothing is varied" in texts(app)
    app.pills(key="vary").set_value(["learning_rate"]).run()
    monkeypatch.setattr(form, "MAX_SECONDS", 1e9)
    assert can_start(app.run()) and "Longer than" not in texts(app)
    monkeypatch.setattr(form, "MAX_SECONDS", 1e-3)
    assert not can_start(app.run()) and "Longer than" in texts(app)


def test_a_link_holds_the_form_and_what_it_does_not_understand_is_said(shown):
    app = open_tune(preset="vae", images="MNIST", vary=["Epochs", "Batch size"], trials="4", seeds="2")
    assert app.pills(key="vary").value == ["epochs", "batch_size"] and not app.warning
    assert [app.selectbox(key=key).value for key in ("preset", "images", "trials", "seeds")] == ["vae", "mnist", 4, 2]
    app = open_tune(preset="gan", vary="nonsense", seeds="9")
    assert [line.value.partition("=")[0] for line in app.warning] == ["preset", "vary", "seeds"]


def test_trials_are_shown_and_one_becomes_a_run_of_the_visitors_own(shown):
    id = finished(shown)
    app = open_tune(sweep=id)
    table = app.dataframe[0].value
    assert list(table["trial"]) == [0, 1, 2, 3] and set(table["ended"]) == {"finished"}
    assert set(table["Batch size"]) == {64, 128} and set(table["Regularization strength"]) == {
        "5.0 to 5.0",
        "15.0 to 40.0",
    }
    assert (table["± (seeds)"] > 0).all() and (table["reconstruction MSE per pixel"] > 0).all()
    parallel, importance = (chart.proto.alt for chart in app.get("plotly_chart"))
    assert "Each trial as a line" in parallel and "Regularization strength" in importance and "%" in importance
    app.session_state[f"trials-{id}"] = {"selection": {"rows": [2], "columns": [], "cells": []}}
    app.run()
    press(app, "Open trial 2")
    name = "done-trial-2 (yours)"
    assert not app.error and app.session_state["trial_opened"][1] == name
    app.query_params["run"] = name
    app.switch_page("../../pages/explore.py").run()
    assert not app.exception and app.selectbox(key="run").value == name


def test_the_sweep_of_a_link_is_shown_and_others_may_look_only(shown):
    theirs, mine = finished(shown, OTHER), finished(shown)
    app = open_tune()
    assert app.selectbox(key="sweep").value == mine
    assert "Yes, remove it" in [button.label for button in app.button]
    app = open_tune(sweep=theirs)
    assert app.selectbox(key="sweep").value == theirs
    assert "Yes, remove it" not in [button.label for button in app.button]
    assert "not there any more" in texts(open_tune(sweep="0" * 12))


def test_sweeps_are_not_trainings_to_be_watched(shown):
    id = finished(shown)
    app = AppTest.from_file(MAIN, default_timeout=120)
    app.session_state[identity.COOKIE] = ME
    app.run().switch_page("../../pages/train.py").run()
    assert not app.exception and id not in watch_list(app).options and watching(app) != id


def test_a_label_over_an_axis_has_at_most_two_short_lines():
    for text in [*form.METRICS.values(), *(knob.title for knob in form.KNOBS.values())]:
        lines = figures.narrow(text).split("<br>")
        assert " ".join(lines) == text and len(lines) <= 2 and max(map(len, lines)) <= 20


def test_values_are_axes_in_the_order_of_numbers():
    drawn = figures.axis("x", ["128", "64", "256", "64"])
    assert drawn["ticktext"] == ["64", "128", "256"] and drawn["values"] == [1, 0, 2, 0]
    assert figures.axis("x", ["15:40", "7.5:20"])["ticktext"] == ["7.5 to 20", "15 to 40"]
    assert figures.axis("x", ["uniform", "gaussian"])["ticktext"] == ["gaussian", "uniform"]
