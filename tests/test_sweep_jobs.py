"""Sweeps as jobs: trials, progress, making room for others, stop and resume, with real processes."""

from dataclasses import replace

import pytest

from aae import data, jobs, sweeps
from aae.jobs import records, sweeping
from tests.job_tools import LONG, ME, OTHER, TINY, status, until

BASE = replace(TINY, n_validation=216, epochs=2)
PLAN = sweeps.Plan.make(BASE, ["batch_size=64,128", "latent_dim=2,3"])
SLOW = sweeps.Plan.make(replace(BASE, epochs=5000), ["batch_size=64,128"])


def rows(manager, id):
    """What does not depend on the clock, of each trial."""
    return [row._replace(seconds=0.0) for row in sweeps.rows(sweeps.read(manager.store.sweep_path(id)))]


def submit(manager, plan, owner=ME):
    return manager.submit(plan.config, "sweep", owner, sweep=plan)


def is_training(manager, id):
    return manager.get(id).progress.doing.startswith("trial 1 of")


def test_a_sweep_runs_all_its_trials(manager):
    id = submit(manager, PLAN)
    until(lambda: status(manager, id) in (jobs.FINISHED, jobs.FAILED))
    job = manager.get(id)
    assert job.status == jobs.FINISHED and job.sweep == PLAN and not job.progress.error
    assert (job.progress.step, job.progress.steps, job.progress.doing) == (4, 4, "")
    assert [row.status for row in rows(manager, id)] == [sweeps.FINISHED] * 4
    assert not manager.store.run_path(id).exists()  # whatever is to be a run, its owner opens


def test_a_sweep_that_was_stopped_goes_on_where_it_was(manager):
    id = submit(manager, SLOW)
    until(lambda: is_training(manager, id))
    manager.stop(id, ME)
    until(lambda: status(manager, id) == jobs.STOPPED)
    assert [row.status for row in rows(manager, id)] == [sweeps.RUNNING]
    manager.resume(id, ME)
    until(lambda: is_training(manager, id))
    assert [row.trial for row in rows(manager, id)] == [0]


def test_a_sweep_lets_those_who_wait_go_first_after_each_trial(manager):
    plan = replace(PLAN, config=replace(BASE, epochs=15))
    alone = submit(manager, plan)
    until(lambda: is_training(manager, alone))
    other = manager.submit(LONG, "other", OTHER)
    assert manager.get(other).status == jobs.QUEUED
    until(lambda: status(manager, other) == jobs.RUNNING)
    job = manager.get(alone)
    assert (job.status, job.place) == (jobs.QUEUED, 1) and 1 <= len(rows(manager, alone)) < 4
    manager.stop(other, OTHER)
    until(lambda: status(manager, alone) == jobs.FINISHED)
    assert [row.status for row in rows(manager, alone)] == [sweeps.FINISHED] * 4


def test_only_others_that_wait_are_let_go_first(tmp_path):
    for name, is_queued in (("a", True), ("b", False)):
        (tmp_path / name).mkdir()
        records.report(tmp_path / name, jobs.QUEUED if is_queued else jobs.RUNNING)
    assert not sweeping.others_wait(tmp_path / "a") and sweeping.others_wait(tmp_path / "b")
    (tmp_path / "a" / records.PROGRESS).write_text("[" * 9999)
    assert not sweeping.others_wait(tmp_path / "b")


def test_the_trials_of_a_job_are_those_of_the_command(manager, tmp_path):
    id = submit(manager, PLAN)
    until(lambda: status(manager, id) == jobs.FINISHED)
    with sweeps.claimed(tmp_path / "s", PLAN) as claimed:
        list(sweeps.run(claimed, data.load_training(PLAN.config)))
    assert [row._replace(seconds=0.0) for row in sweeps.rows(sweeps.read(tmp_path / "s"))] == rows(manager, id)


@pytest.mark.parametrize("plan", [3, {}, {**PLAN.to_json(), "varied": 3}, {**PLAN.to_json(), "n_trials": -1}])
def test_a_damaged_plan_is_said(plan):
    asked = {**records.Asked("a", ME, TINY).to_json(), "sweep": plan}
    with pytest.raises(records.Damaged, match=r"sweep|trials"):
        records.parse_asked(asked)


def test_a_job_of_before_has_no_sweep():
    asked = records.Asked("a", ME, TINY).to_json()
    del asked["sweep"]
    assert records.parse_asked(asked) == records.Asked("a", ME, TINY)
    assert records.parse_asked(records.Asked("a", ME, BASE, sweep=PLAN).to_json()).sweep == PLAN
