"""Servers that come and go: one keeps a folder, what waited waits again, and no two processes train one job."""

import os
import shutil
import signal
import subprocess
import sys

import pytest

from aae import jobs, locks
from aae.jobs import records, worker
from aae.jobs.store import Store
from tests.job_tools import LONG, ME, OTHER, ROOT, alive, end, start_server, status, until


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "jobs"


@pytest.fixture
def server(folder):
    """A process with a running job and two that wait; and their ids."""
    server, ids = start_server(folder, "abc")
    yield server, ids
    server.kill()
    server.wait()


@pytest.fixture
def second(folder, server):
    second = jobs.Jobs(folder, limit=1)
    yield second
    end(second)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_server_that_dies_leaves_no_orphan_and_its_jobs_resume(server, second, folder, how):
    process, ids = server
    until(lambda: Store(folder).known_progress(ids[0]).step > 20)
    children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True).stdout.split()
    assert len(children) == 1
    assert os.getpgid(int(children[0])) != os.getpgid(process.pid)  # Ctrl-C in the terminal is the server's alone
    process.send_signal(how)
    process.wait(timeout=60)
    until(lambda: not alive(int(children[0])))
    assert [status(second, id) for id in ids] == [jobs.INTERRUPTED, jobs.RUNNING, jobs.QUEUED]
    step = second.get(ids[0]).progress.step
    for id in ids[1:]:
        second.delete(id, ME)
    second.resume(ids[0], ME)
    until(lambda: status(second, ids[0]) == jobs.RUNNING and second.get(ids[0]).progress.step > step)
    second.delete(ids[0], ME)
    assert not (folder / ids[0]).exists()


def test_a_second_server_looks_on_and_takes_over_when_the_first_one_ends(server, second, folder):
    process, ids = server
    second.tick()
    assert second.is_elsewhere and "another server keeps these jobs" in second.trouble()
    assert [status(second, id) for id in ids] == [jobs.RUNNING, jobs.QUEUED, jobs.QUEUED]
    assert [second.get(id).place for id in ids] == [0, 1, 2]
    before = {path: path.read_bytes() for id in ids for path in [folder / id / records.ASKED]}
    for action in (second.pause, second.stop, second.resume, second.delete):
        with pytest.raises(jobs.JobError, match="another server keeps these jobs"):
            action(ids[0], ME)
    with pytest.raises(jobs.JobError, match="another server keeps these jobs"):
        second.rename(ids[0], ME, "x")
    with pytest.raises(jobs.JobError, match="another server keeps these jobs"):
        second.submit(LONG, "x", OTHER)
    assert before == {path: path.read_bytes() for path in before} and not second.processes.running
    process.kill()
    process.wait()
    assert [status(second, id) for id in ids] == [jobs.INTERRUPTED, jobs.RUNNING, jobs.QUEUED]
    assert not second.is_elsewhere and second.trouble() == ""


def test_the_queue_keeps_its_order_over_servers(folder):
    first = jobs.Jobs(folder, limit=0)
    ids = [first.submit(LONG, name, ME) for name in "abcd"]
    first.pause(ids[0], ME)
    first.resume(ids[0], ME)  # now the last
    first.stop(ids[2], ME)
    first.close()
    second = jobs.Jobs(folder, limit=0)
    assert second.queue.ids == [ids[1], ids[3], ids[0]]
    assert [second.get(id).status for id in ids] == [jobs.QUEUED, jobs.QUEUED, jobs.STOPPED, jobs.QUEUED]
    second.close()


def test_a_folder_that_was_removed_is_kept_anew(manager):
    manager.submit(LONG, "a", ME)
    for id in list(manager.processes.running):
        manager.processes.kill(id)
    shutil.rmtree(manager.folder)
    assert manager.all() == []
    manager.tick()
    id = manager.submit(LONG, "b", ME)
    assert manager.get(id).status == jobs.RUNNING
    other = jobs.Jobs(manager.folder, 1)
    assert other.is_elsewhere
    other.close()


def test_two_processes_never_train_one_job(manager):
    manager.scheduler.limit = 0
    id = manager.submit(LONG, "mine", ME)
    manager.stop(id, ME)
    command = [sys.executable, "-m", "aae", "work", str(manager.store.path(id))]
    left = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE)  # as a server leaves it that was killed
    until(lambda: manager.get(id).progress.stage == records.TRAINING)
    with pytest.raises(jobs.JobError, match="still saving"):
        manager.delete(id, ME)
    manager.resume(id, ME)
    manager.scheduler.limit = 1
    manager.tick()
    new = manager.processes.running[id]
    step = manager.get(id).progress.step
    until(lambda: manager.get(id).progress.step > step)  # the one of before goes on alone
    assert locks.is_locked(manager.store.path(id, records.LOCK)) and new.poll() is None
    left.stdin.close()
    left.wait()
    ended = manager.get(id).progress.step
    until(lambda: manager.get(id).status == jobs.RUNNING and manager.get(id).progress.step > ended)


def test_a_process_that_waits_in_vain_says_so(manager, monkeypatch, capsys):
    monkeypatch.setattr(worker, "LOCK_PATIENCE", 0.2)
    id = manager.submit(LONG, "mine", ME)
    held = until(lambda: status(manager, id) and manager.get(id).progress.stage == records.TRAINING)
    assert held and worker.run(manager.store.path(id), jobs.Control()) == 1
    assert "another process" in capsys.readouterr().err
