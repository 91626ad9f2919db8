"""Pause, stop and delete work at once, whatever a job is doing."""

import contextlib
import os
import signal
import socket
import threading
from dataclasses import replace

import pytest

from aae import jobs
from aae.jobs import processes, records
from tests.job_tools import LONG, ME, TINY, alive, status, trained, until

ENDS = {"pause": jobs.PAUSED, "stop": jobs.STOPPED, "delete": None}


@pytest.fixture(params=ENDS)
def ends(request, manager):
    """Asks the manager to pause, stop or delete a job; what it is then."""
    return getattr(manager, request.param), ENDS[request.param]


def now(manager, id):
    """The job's status, without another look at the queue; None where it was deleted."""
    return next((job.status for job in manager.all() if job.id == id), None)


def test_a_job_that_waits(manager, ends):
    act, ended = ends
    manager.rules.set("limit", 0)
    first, id = manager.submit(LONG, "a", ME), manager.submit(LONG, "b", ME)
    act(id, ME)
    assert now(manager, id) == ended and manager.queue.ids == [first]


def test_a_job_that_starts(manager, ends):
    act, ended = ends
    id = manager.submit(LONG, "a", ME)
    pid = manager.processes.running[id].pid
    act(id, ME)
    assert now(manager, id) == ended and not alive(pid)


@pytest.fixture
def silence(monkeypatch, tmp_path):
    """A proxy that takes calls and never answers, before an empty data folder; the calls."""
    calls, listener = [], socket.create_server(("127.0.0.1", 0))

    def take():
        with contextlib.suppress(OSError):  # the listener is closed at the end
            while True:
                calls.append(listener.accept())

    threading.Thread(target=take, daemon=True).start()
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{listener.getsockname()[1]}")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AAE_DATA", str(tmp_path / "empty"))
    yield calls
    for connection, _ in calls:
        connection.close()
    listener.close()


def test_a_job_that_downloads(manager, ends, silence):
    act, ended = ends
    id = manager.submit(replace(LONG, dataset="mnist"), "a", ME)
    pid = manager.processes.running[id].pid
    until(lambda: silence)
    assert status(manager, id) == jobs.RUNNING
    act(id, ME)
    assert now(manager, id) == ended and not alive(pid)


def test_a_job_that_downloads_ends_with_its_server(manager, silence):
    id = manager.submit(replace(LONG, dataset="mnist"), "a", ME)
    pid = manager.processes.running[id].pid
    until(lambda: silence)
    manager.processes.running[id].stdin.close()  # as when the server dies
    until(lambda: status(manager, id) == jobs.INTERRUPTED)
    assert not alive(pid)


def test_a_job_that_trains(manager, ends):
    act, ended = ends
    id = manager.submit(LONG, "a", ME)
    until(lambda: trained(manager, id))
    act(id, ME)
    assert now(manager, id) in (ended, {jobs.PAUSED: jobs.PAUSING, jobs.STOPPED: jobs.STOPPING}.get(ended))
    if ended:
        assert manager.get(id).is_active == (manager.get(id).status != ended)
        until(lambda: status(manager, id) == ended)
        assert manager.get(id).progress.step > 20


def test_a_job_that_measures_itself_finishes_or_ends(manager, ends):
    act, ended = ends
    id = manager.submit(TINY, "a", ME)
    until(lambda: status(manager, id) == jobs.FINISHED or manager.get(id).progress.stage == records.FINISHING)
    if manager.get(id).status == jobs.RUNNING or ended is None:
        act(id, ME)
        until(lambda: (manager.tick(), now(manager, id) in (ended, jobs.FINISHED))[1])


def test_a_job_that_hangs_is_ended(manager, monkeypatch):
    id = manager.submit(LONG, "a", ME)
    until(lambda: trained(manager, id))
    os.kill(manager.processes.running[id].pid, signal.SIGSTOP)
    manager.stop(id, ME)
    assert now(manager, id) == jobs.STOPPING
    with pytest.raises(jobs.JobError, match="is stopping"):
        manager.pause(id, ME)
    monkeypatch.setattr(processes, "PATIENCE", 0.0)
    until(lambda: status(manager, id) == jobs.STOPPED)


def test_what_has_ended_cannot_be_paused_or_stopped(manager):
    id = manager.submit(LONG, "a", ME)
    manager.stop(id, ME)
    for act in (manager.pause, manager.stop):
        with pytest.raises(jobs.JobError, match="is stopped: only what waits or runs"):
            act(id, ME)
