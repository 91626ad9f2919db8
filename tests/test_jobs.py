"""The life of a training job, with real processes."""

import contextlib
import os
import signal
import subprocess
import sys
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
    return manager.get(id).progress.get("step", 0) > 20 and manager.run_path(id).exists()


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
    with pytest.raises(jobs.JobError, match="of your jobs wait or run"):
        manager.submit(LONG, "mine", ME)
    manager.submit(LONG, "theirs", OTHER)
    monkeypatch.setattr(jobs, "MAX_JOBS", 5)
    with pytest.raises(jobs.JobError, match="delete one first"):
        manager.submit(LONG, "theirs", OTHER)


def test_a_killed_job_says_so_and_resumes(manager):
    id = manager.submit(LONG, "mine", ME)
    until(lambda: trained(manager, id))
    manager.processes[id].kill()
    until(lambda: status(manager, id) == jobs.FAILED)
    assert "killed by signal 9" in manager.error(id)
    manager.resume(id, ME)
    until(lambda: manager.get(id).status == jobs.RUNNING and manager.get(id).progress["step"] > 20)


def test_a_job_that_diverges_says_why(manager):
    id = manager.submit(replace(TINY, learning_rate=1.0, batch_norm=False, epochs=50), "mine", ME)
    until(lambda: status(manager, id) == jobs.FAILED)
    assert "learning_rate" in manager.error(id)


SERVER = """
import sys, time
from pathlib import Path
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
