"""The life of a training job, with real processes."""

import resource
from dataclasses import replace

import pytest
import torch

from aae import data, jobs, runs, training
from aae.jobs import limits, records, worker
from aae.jobs.processes import Processes
from tests.job_tools import DIVERGING, LONG, ME, OTHER, TINY, kept, status, trained, until


def test_a_job_trains_to_its_end_and_leaves_a_run(manager):
    id = manager.submit(TINY, "mine", ME)
    until(lambda: status(manager, id) == jobs.FINISHED)
    run = runs.load(manager.store.run_path(id))
    assert run.config == TINY and len(run.history) == 3 and list(run.snapshots) == [0, 1, 2, 3]
    state = training.start(TINY)
    list(training.train(state, data.load("digits")))
    expected = runs.finish(state, data.load("digits"), "x").weights
    assert all(torch.equal(run.weights[name], weight) for name, weight in expected.items())


def test_a_paused_job_resumes_to_what_it_would_have_been(manager):
    config = replace(TINY, epochs=40)
    id = manager.submit(config, "mine", ME)
    until(lambda: trained(manager, id))
    manager.pause(id, ME)
    until(lambda: status(manager, id) == jobs.PAUSED)
    step = manager.get(id).progress.step
    assert 0 < step < manager.get(id).progress.steps
    manager.resume(id, ME)
    until(lambda: status(manager, id) == jobs.FINISHED)
    state = training.start(config)
    list(training.train(state, data.load("digits")))
    expected = runs.finish(state, data.load("digits"), "x").weights
    run = runs.load(manager.store.run_path(id))
    assert all(torch.equal(run.weights[name], weight) for name, weight in expected.items())


def test_a_finished_job_goes_on_to_what_its_config_trains_from_the_start(manager):
    id = manager.submit(TINY, "mine", ME)
    until(lambda: status(manager, id) == jobs.FINISHED)
    before = runs.load(manager.store.run_path(id))
    with pytest.raises(jobs.JobError, match="belongs to another visitor"):
        manager.resume(id, OTHER, 2)
    with pytest.raises(jobs.JobError, match="epochs=1000003"):
        manager.resume(id, ME, 1_000_000)
    manager.resume(id, ME, 2)
    with pytest.raises(jobs.JobError, match="only what has finished"):
        manager.resume(id, ME, 2)
    until(lambda: status(manager, id) == jobs.FINISHED)
    run, config = runs.load(manager.store.run_path(id)), replace(TINY, epochs=5, continued_at=(3,))
    assert run.config == config and len(manager.store.history(id)) == len(run.history) == 5
    assert [a["reconstruction"] for a in run.history[:3]] == [a["reconstruction"] for a in before.history]
    state = training.start(config)
    list(training.train(state, data.load("digits")))
    expected = runs.finish(state, data.load("digits"), "x").weights
    assert all(torch.equal(run.weights[name], weight) for name, weight in expected.items())


def test_a_stopped_job_keeps_its_run_so_far(manager):
    id = manager.submit(LONG, "mine", ME)
    until(lambda: trained(manager, id))
    manager.stop(id, ME)
    until(lambda: status(manager, id) == jobs.STOPPED)
    assert runs.load(manager.store.run_path(id)).history


def test_jobs_wait_for_their_turn(manager):
    first, second, third = (manager.submit(LONG, name, ME) for name in "abc")
    assert [manager.get(id).status for id in (first, second, third)] == [jobs.RUNNING, jobs.QUEUED, jobs.QUEUED]
    assert [manager.get(id).place for id in (first, second, third)] == [0, 1, 2]
    manager.stop(second, ME)
    assert manager.get(second).status == jobs.STOPPED and manager.get(third).place == 1
    manager.delete(first, ME)
    assert status(manager, third) == jobs.RUNNING
    assert len(manager.all()) == 2


def test_only_the_owner_may_change_a_job(manager):
    id = manager.submit(LONG, "mine", ME)
    for action in (manager.pause, manager.stop, manager.resume, manager.delete):
        with pytest.raises(jobs.JobError, match="another visitor"):
            action(id, OTHER)
    with pytest.raises(jobs.JobError, match="another visitor"):
        manager.rename(id, OTHER, "theirs")
    manager.rename(id, ME, "still mine")
    assert manager.get(id).name == "still mine" and manager.get(id).status == jobs.RUNNING


def test_nobody_fills_the_queue(manager):
    for _ in range(jobs.MAX_PER_OWNER):
        manager.submit(LONG, "mine", ME)
    with pytest.raises(jobs.JobError, match="of your jobs may wait or run"):
        manager.submit(LONG, "mine", ME)
    first = manager.all()[-1].id
    manager.stop(first, ME)
    until(lambda: status(manager, first) == jobs.STOPPED)
    manager.submit(LONG, "mine", ME)
    with pytest.raises(jobs.JobError, match="of your jobs may wait or run"):
        manager.resume(first, ME)
    with pytest.raises(jobs.JobError, match="of your jobs may wait or run"):
        manager.crowded_out(OTHER, jobs.MAX_PER_OWNER + 1)
    manager.submit(LONG, "theirs", OTHER)


def test_the_oldest_job_that_has_ended_makes_room_and_none_that_is_active(manager, monkeypatch):
    monkeypatch.setattr(limits, "MAX_KEPT_PER_OWNER", 3)
    monkeypatch.setattr(limits, "MAX_JOBS", 5)
    theirs = kept(manager, "ab", OTHER)
    mine = kept(manager, "cd")
    active = manager.submit(LONG, "active", ME)
    assert [job.id for job in manager.crowded_out(ME, 2)] == mine
    second = manager.submit(LONG, "second", ME)  # a fourth of three: one's own oldest goes, not another's
    assert {job.id for job in manager.all()} == {*theirs, mine[1], active, second}
    manager.submit(LONG, "third", "a third visitor")  # a sixth of five: the oldest of all goes, however young
    assert {job.name for job in manager.all()} == {"b", "d", "active", "second", "third"}
    manager.submit(LONG, "fourth", "a fourth visitor")
    manager.submit(LONG, "fifth", "a fifth visitor")
    assert {job.name for job in manager.all()} == {"active", "second", "third", "fourth", "fifth"}
    with pytest.raises(jobs.JobError, match="wait until one of them has ended"):
        manager.submit(LONG, "sixth", "a sixth visitor")


def test_a_clock_that_was_set_back_makes_no_new_job_the_oldest(manager):
    old = kept(manager, "a")
    asked = manager.store.path(old[0], records.ASKED)
    records.write_object(asked, {**records.read_object(asked), "created": 2e9 * 2})
    new = manager.submit(LONG, "new", ME)
    assert [job.id for job in manager.all()] == [new, *old]


def test_a_killed_job_says_so_and_resumes(manager):
    id = manager.submit(LONG, "mine", ME)
    until(lambda: trained(manager, id))
    manager.processes.running[id].kill()
    until(lambda: status(manager, id) == jobs.FAILED)
    assert "killed by signal 9" in manager.error(id)
    manager.resume(id, ME)
    until(lambda: manager.get(id).status == jobs.RUNNING and manager.get(id).progress.step > 20)


def test_a_job_that_cannot_report_says_why_in_its_log(manager):
    """A limit on the size of files stands for the disk: a line fits, and no report."""
    id = manager.submit(LONG, "mine", ME)
    resource.prlimit(manager.processes.running[id].pid, resource.RLIMIT_FSIZE, (120, 120))
    until(lambda: status(manager, id) == jobs.FAILED)
    assert "ended with code 1. could not be saved (File too large)" in manager.error(id)


def test_a_job_that_diverges_says_why(manager):
    id = manager.submit(DIVERGING, "mine", ME)
    until(lambda: status(manager, id) == jobs.FAILED)
    assert "learning_rate" in manager.error(id)


def test_a_full_disk_is_said_and_harms_nothing(manager):
    """A limit on the size of files stands for the disk: the state of the training does not fit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, hard))
    try:
        id = manager.submit(TINY, "mine", ME)
        until(lambda: status(manager, id) == jobs.FAILED)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "make room on the disk" in manager.error(id)
    manager.resume(id, ME)
    until(lambda: status(manager, id) == jobs.FINISHED)


def test_want_of_memory_is_said(monkeypatch, tmp_path):
    told = "[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"
    for error in (RuntimeError(told), MemoryError("9 bytes")):
        monkeypatch.setattr(worker, "train", lambda *_, error=error: (_ for _ in ()).throw(error))
        assert worker.run(tmp_path, worker.Control()) == 1
        assert "smaller batch_size" in records.read_object(tmp_path / records.PROGRESS)["error"]


def test_one_failure_does_not_touch_another_job(manager):
    manager.rules.set("limit", 2)
    bad = manager.submit(DIVERGING, "bad", ME)
    good = manager.submit(TINY, "good", ME)
    until(lambda: {status(manager, bad), status(manager, good)} == {jobs.FAILED, jobs.FINISHED})
    assert status(manager, good) == jobs.FINISHED


def test_a_job_that_cannot_be_started_says_why_and_the_next_one_starts(manager, monkeypatch):
    start = Processes.start
    monkeypatch.setattr(Processes, "start", lambda *_: (_ for _ in ()).throw(OSError(12, "Cannot allocate memory")))
    first = manager.submit(LONG, "mine", ME)
    assert manager.get(first).status == jobs.FAILED and "could not be started" in manager.error(first)
    monkeypatch.setattr(Processes, "start", start)
    second = manager.submit(LONG, "mine", ME)
    assert manager.get(second).status == jobs.RUNNING


def test_nobody_ever_sees_a_starting_job_as_interrupted(manager, monkeypatch):
    seen, start = [], Processes.start

    def slow(self, id):
        seen.append(manager.get(id).status)
        start(self, id)
        seen.append(manager.get(id).status)

    monkeypatch.setattr(Processes, "start", slow)
    manager.submit(LONG, "mine", ME)
    assert seen == [jobs.QUEUED, jobs.RUNNING]


def test_names_are_checked(manager):
    for name in ("", "  ", "x" * 41, "a\x00b", "![x](https://evil)", "<b>"):
        with pytest.raises(jobs.JobError, match="1 to 40 letters"):
            manager.submit(TINY, name, ME)
    assert manager.all() == []


def test_frames_take_no_more_than_their_share(tmp_path):
    """Of the processor: beyond a first second, a tenth."""
    images = data.load("digits")
    works = jobs.Worker(tmp_path, training.start(TINY), images, jobs.Control(), 63)
    works.spent = 1e9
    assert not works.look_up()
    assert not (tmp_path / jobs.FRAMES).exists()
    works.spent = 0.0
    works.look_up()
    assert [path.stem for path in (tmp_path / jobs.FRAMES).iterdir()] == ["0"] and works.spent > 0


def test_visitors_take_turns_in_the_queue(manager):
    def submit(owner, names):
        return [manager.submit(LONG, name, owner) for name in names]

    def order():
        return "".join(manager.get(id).name for id in manager.queue.ids)

    submit("a", "0123")
    assert order() == "123"
    submit("b", "xyz")
    assert order() == "x1y2z3"  # a has one that runs
    submit("c", "uv")
    assert order() == "xu1yv2z3"
    manager.put_first(manager.queue.ids[5])
    assert order() == "2xu1yvz3"
    assert [manager.get(id).place for id in manager.queue.ids] == list(range(1, 9))
    kept = list(manager.queue.ids)
    manager.queue.restore(manager.all())  # as a server that is started again does
    assert manager.queue.ids == kept


def test_invented_visitors_do_not_fill_the_queue(manager, monkeypatch):
    monkeypatch.setattr(limits, "MAX_PER_ADDRESS", 3)
    ids = [manager.submit(LONG, "x", f"invented {i}", source="here") for i in range(3)]
    with pytest.raises(jobs.JobError, match="at most 3 jobs of one network address"):
        manager.submit(LONG, "x", "invented 4", source="here")
    manager.submit(LONG, "mine", ME, source="there")
    manager.stop(ids[2], "invented 2")
    manager.submit(LONG, "x", "invented 4", source="here")
    with pytest.raises(jobs.JobError, match="network address"):
        manager.resume(ids[2], "invented 2")
    manager.delete(ids[1], "invented 1")
    manager.resume(ids[2], "invented 2")
