"""The life of a training job, with real processes."""

import contextlib
import io
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from aae import data, jobs, runs, training
from aae.config import Config

ROOT = Path(__file__).resolve().parents[1]
TINY = Config(dataset="digits", hidden=(32,), discriminator_hidden=(16,), batch_size=64, epochs=3, averaging=0.9)
LONG = replace(TINY, epochs=100_000)
DIVERGING = replace(TINY, learning_rate=1.0, batch_norm=False, hidden=(16,) * 6, epochs=50)  # with every seed
ME, OTHER = "me", "someone else"


@pytest.fixture
def manager(tmp_path):
    manager = jobs.Jobs(tmp_path / "jobs", limit=1)
    yield manager
    for id in list(manager.processes):
        manager._forget(id)


def until(condition, seconds=60):
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "it did not happen"
        time.sleep(0.05)


def status(manager, id):
    manager.tick()
    return manager.get(id).status


def trained(manager, id):
    return manager.get(id).progress.get("step", 0) > 20 and len(manager.frames(id)) > 1


def test_a_job_trains_to_its_end_and_leaves_a_run(manager):
    id = manager.submit(TINY, "mine", ME)
    until(lambda: status(manager, id) == jobs.FINISHED)
    run = runs.load(manager.run_path(id))
    assert run.config == TINY and len(run.history) == 3 and list(run.snapshots) == [0, 1, 2, 3]
    state = training.start(TINY)
    list(training.train(state, data.load("digits")))
    expected = runs.finish(state, data.load("digits"), "x").weights
    assert all(torch.equal(run.weights[name], weight) for name, weight in expected.items())


def test_a_paused_job_resumes_to_what_it_would_have_been(manager):
    config = replace(TINY, epochs=60)
    id = manager.submit(config, "mine", ME)
    until(lambda: trained(manager, id))
    manager.pause(id, ME)
    until(lambda: status(manager, id) == jobs.PAUSED)
    step = manager.get(id).progress["step"]
    assert 0 < step < manager.get(id).progress["steps"]
    manager.resume(id, ME)
    until(lambda: status(manager, id) == jobs.FINISHED)
    state = training.start(config)
    list(training.train(state, data.load("digits")))
    expected = runs.finish(state, data.load("digits"), "x").weights
    run = runs.load(manager.run_path(id))
    assert all(torch.equal(run.weights[name], weight) for name, weight in expected.items())


def test_a_stopped_job_keeps_its_run_so_far(manager):
    id = manager.submit(LONG, "mine", ME)
    until(lambda: trained(manager, id))
    manager.stop(id, ME)
    until(lambda: status(manager, id) == jobs.STOPPED)
    assert runs.load(manager.run_path(id)).history


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


def test_nobody_fills_the_queue_or_the_disk(manager, monkeypatch):
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
        manager.check_room(OTHER, 5)
    manager.submit(LONG, "theirs", OTHER)
    monkeypatch.setattr(jobs, "MAX_KEPT_PER_OWNER", 5)
    with pytest.raises(jobs.JobError, match="5 of your jobs are kept"):
        manager.submit(LONG, "mine", ME)
    monkeypatch.setattr(jobs, "MAX_JOBS", 6)
    with pytest.raises(jobs.JobError, match="delete one first"):
        manager.submit(LONG, "theirs", OTHER)
    monkeypatch.setattr(jobs, "OLD", 0)  # then the oldest that has ended makes room
    manager.submit(LONG, "theirs", OTHER)
    assert first not in [job.id for job in manager.all()]


def test_a_killed_job_says_so_and_resumes(manager):
    id = manager.submit(LONG, "mine", ME)
    until(lambda: trained(manager, id))
    manager.processes[id].kill()
    until(lambda: status(manager, id) == jobs.FAILED)
    assert "killed by signal 9" in manager.error(id)
    manager.resume(id, ME)
    until(lambda: manager.get(id).status == jobs.RUNNING and manager.get(id).progress["step"] > 20)


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


def test_want_of_memory_is_said(manager, monkeypatch, tmp_path):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    told = "[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"
    for error in (RuntimeError(told), MemoryError("9 bytes")):
        monkeypatch.setattr(jobs, "train", lambda *_, error=error: (_ for _ in ()).throw(error))
        monkeypatch.setattr(jobs.os, "nice", lambda _: None)
        assert jobs.work(tmp_path) == 1
        assert "smaller batch_size" in jobs.read(tmp_path / "progress.json")["error"]


def test_one_failure_does_not_touch_another_job(manager):
    manager.limit = 2
    bad = manager.submit(DIVERGING, "bad", ME)
    good = manager.submit(TINY, "good", ME)
    until(lambda: {status(manager, bad), status(manager, good)} == {jobs.FAILED, jobs.FINISHED})
    assert status(manager, good) == jobs.FINISHED


def test_what_another_version_wrote_hides_nothing_else(manager):
    id = manager.submit(LONG, "mine", ME)
    folder = manager.folder / "0123456789ab"
    runs.write_atomically(folder / "job.json", b'{"name": "x", "owner": "y", "config": {"colour": 1}}')
    runs.write_atomically(manager.folder / "ba9876543210/job.json", b"{")
    assert [job.id for job in manager.all()] == [id]


def test_a_job_that_cannot_be_started_says_why_and_the_next_one_starts(manager, monkeypatch):
    start = jobs.Jobs._start
    monkeypatch.setattr(jobs.Jobs, "_start", lambda *_: (_ for _ in ()).throw(OSError(12, "Cannot allocate memory")))
    first = manager.submit(LONG, "mine", ME)
    assert manager.get(first).status == jobs.FAILED and "could not be started" in manager.error(first)
    monkeypatch.setattr(jobs.Jobs, "_start", start)
    second = manager.submit(LONG, "mine", ME)
    assert manager.get(second).status == jobs.RUNNING


def test_nobody_ever_sees_a_starting_job_as_interrupted(manager, monkeypatch):
    seen, start = [], jobs.Jobs._start

    def slow(self, id):
        seen.append(self.get(id).status)
        start(self, id)
        seen.append(self.get(id).status)

    monkeypatch.setattr(jobs.Jobs, "_start", slow)
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
    worker = jobs.Worker(tmp_path, training.start(TINY), images, threading.Event(), 63)
    runs.write_atomically(tmp_path / "job.json", b'{"wanted": "running"}')
    worker.spent = 1e9
    assert not worker.look_up()
    assert not (tmp_path / jobs.FRAMES).exists()
    worker.spent = 0.0
    worker.look_up()
    assert [path.stem for path in (tmp_path / jobs.FRAMES).iterdir()] == ["0"] and worker.spent > 0


SERVER = """
import signal, sys, time
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a shell started the tests in the background
sys.path.insert(0, {root!r})
from aae import jobs
from aae.config import Config
manager = jobs.Jobs(Path({folder!r}), 1)
print(manager.submit(Config.from_json({config!r}), "mine", "me"), flush=True)
while True:
    time.sleep(0.1)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_server_that_dies_leaves_no_orphan_and_its_jobs_resume(tmp_path, how):
    code = SERVER.format(root=str(ROOT), folder=str(tmp_path / "jobs"), config=LONG.to_json())
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    server = subprocess.Popen([sys.executable, "-c", code], **quiet)
    with server.stdout:
        id = server.stdout.readline().strip()
    folder = tmp_path / "jobs" / id
    until(lambda: jobs.read(folder / "progress.json").get("step", 0) > 20)
    children = subprocess.run(["pgrep", "-P", str(server.pid)], capture_output=True, text=True).stdout.split()
    assert len(children) == 1
    assert os.getpgid(int(children[0])) != os.getpgid(server.pid)  # Ctrl-C in the terminal is the server's alone
    server.send_signal(how)
    server.wait(timeout=20)
    until(lambda: not alive(int(children[0])), 20)
    manager = jobs.Jobs(tmp_path / "jobs", 1)
    assert manager.get(id).status == jobs.INTERRUPTED
    step = manager.get(id).progress["step"]
    manager.resume(id, ME)
    until(lambda: manager.get(id).progress["step"] > step)
    manager.delete(id, ME)
    assert not folder.exists()


def alive(pid):
    with contextlib.suppress(ProcessLookupError, FileNotFoundError):
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
