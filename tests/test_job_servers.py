"""Servers that come and go: one keeps a folder, what waited waits again, and no two processes train one job."""

import os
import shutil
import signal
import subprocess
import sys

import pytest

from aae import jobs, locks
from aae.jobs import records, requests, worker
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
    second.rules.set("per_owner", 10)
    yield second
    end(second)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_server_that_dies_leaves_no_orphan_and_its_jobs_resume(server, folder, how):
    process, ids = server
    until(lambda: Store(folder).known_progress(ids[0]).step > 20)
    children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True).stdout.split()
    assert len(children) == 1
    assert os.getpgid(int(children[0])) != os.getpgid(process.pid)  # Ctrl-C in the terminal is the server's alone
    process.send_signal(how)
    process.wait(timeout=60)
    until(lambda: not alive(int(children[0])))
    second = jobs.Jobs(folder, limit=1)  # which did not see them run
    assert [status(second, id) for id in ids] == [jobs.INTERRUPTED, jobs.RUNNING, jobs.QUEUED]
    step = second.get(ids[0]).progress.step
    for id in ids[1:]:
        second.delete(id, ME)
    second.resume(ids[0], ME)
    until(lambda: status(second, ids[0]) == jobs.RUNNING and second.get(ids[0]).progress.step > step)
    second.delete(ids[0], ME)
    assert not (folder / ids[0]).exists()
    end(second)


def test_a_second_server_asks_the_first_one_for_all_that_is_to_change(server, second, folder):
    _, (running, *waiting) = server
    second.tick()
    assert second.is_elsewhere and second.trouble() == ""
    assert [status(second, id) for id in (running, *waiting)] == [jobs.RUNNING, jobs.QUEUED, jobs.QUEUED]
    id = second.submit(LONG, "of another visitor", OTHER)
    assert [second.get(each).place for each in (running, id, *waiting)] == [0, 1, 2, 3]  # who takes turns
    second.put_first(waiting[1])
    assert second.get(waiting[1]).place == 1
    second.rename(id, OTHER, "new")
    second.pause(running, ME)
    until(lambda: status(second, running) == jobs.PAUSED and status(second, waiting[1]) == jobs.RUNNING)
    second.resume(running, ME)
    second.stop(waiting[1], ME)
    until(lambda: status(second, waiting[1]) == jobs.STOPPED and status(second, id) == jobs.RUNNING)
    second.delete(waiting[1], ME)
    assert {job.id: job.name for job in second.all()} == {running: "a", waiting[0]: "b", id: "new"}
    assert not second.processes.running and list((folder / requests.FOLDER).iterdir()) == []


def test_what_the_first_one_refuses_is_said_by_the_second(server, second, monkeypatch):
    _, ids = server
    for act in (second.pause, second.stop, second.resume, second.delete):
        with pytest.raises(jobs.JobError, match="belongs to another visitor"):
            act(ids[0], OTHER)
    with pytest.raises(jobs.JobError, match="name='<b>': must have"):
        second.rename(ids[0], ME, "<b>")
    second.rules.set("per_owner", 3)
    with pytest.raises(jobs.JobError, match="at most 3 of your jobs"):  # of all servers
        second.submit(LONG, "d", ME)
    with pytest.raises(jobs.JobError, match="was not understood"):
        second.requests.ask("pause", {"colour": 1}, second.tick)
    with pytest.raises(jobs.JobError, match="'close' is nothing that servers ask"):
        second.requests.ask("close", {}, second.tick)
    assert [status(second, id) for id in ids] == [jobs.RUNNING, jobs.QUEUED, jobs.QUEUED]
    monkeypatch.setattr(requests, "PATIENCE", 0.5)
    server[0].send_signal(signal.SIGSTOP)
    with pytest.raises(jobs.JobError, match="does not answer"):
        second.stop(ids[0], ME)
    server[0].send_signal(signal.SIGCONT)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_when_the_first_server_ends_its_jobs_go_on_under_the_second(server, second, folder, how):
    process, ids = server
    until(lambda: status(second, ids[0]) and Store(folder).known_progress(ids[0]).step > 20)
    process.send_signal(how)
    process.wait()
    seen = set()
    until(lambda: seen.add(status(second, ids[0])) or second.processes.running)
    step = second.get(ids[0]).progress.step
    assert step > 20 and seen <= {jobs.RUNNING, jobs.QUEUED} and list(second.processes.running) == [ids[0]]
    assert [status(second, id) for id in ids] == [jobs.RUNNING, jobs.QUEUED, jobs.QUEUED]
    until(lambda: status(second, ids[0]) == jobs.RUNNING and second.get(ids[0]).progress.step > step)
    assert not second.is_elsewhere and [second.get(id).place for id in ids] == [0, 1, 2]


def test_rules_are_those_of_all_servers_until_the_last_one_ends(folder):
    first = jobs.Jobs(folder, limit=0)
    second = jobs.Jobs(folder, limit=1)
    second.rules.set("per_owner", 2)
    first.rules.set("uploads", False)
    assert [first.rules.get(name) for name in ("per_owner", "limit", "uploads")] == [2, 0, False]
    first.close()
    second.tick()
    third = jobs.Jobs(folder, limit=0)
    assert not second.is_elsewhere and third.rules.get("per_owner") == 2
    second.close()
    third.close()
    fourth = jobs.Jobs(folder, limit=0)
    assert fourth.rules.get("per_owner") == jobs.MAX_PER_OWNER
    fourth.close()


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
    manager.rules.set("limit", 0)
    id = manager.submit(LONG, "mine", ME)
    manager.stop(id, ME)
    command = [sys.executable, "-m", "aae", "work", str(manager.store.path(id))]
    left = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE)  # as a server leaves it that was killed
    until(lambda: manager.get(id).progress.stage == records.TRAINING)
    with pytest.raises(jobs.JobError, match="still saving"):
        manager.delete(id, ME)
    manager.resume(id, ME)
    manager.rules.set("limit", 1)
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
