"""The process that waits for a job with everything imported: jobs take it, and it never outlives its server."""

import os
import signal
import subprocess
import sys

import pytest

from aae import jobs, runs
from tests.job_tools import ME, ROOT, TINY, alive, end, status, until

SERVER = """
import sys, time
from pathlib import Path
from aae import jobs

server = jobs.Jobs(Path(sys.argv[1]), 1, one_waits=True)
server.tick()
print(server.processes.engine.process.pid, flush=True)
time.sleep(1000)
"""


@pytest.fixture
def manager(tmp_path):
    manager = jobs.Jobs(tmp_path / "jobs", 1, one_waits=True)
    manager.tick()
    yield manager
    end(manager)


def train(manager):
    """The metrics of a small training, and which process did it."""
    id = manager.submit(TINY, "a training", ME)
    manager.tick()
    pid = manager.processes.running[id].pid
    until(lambda: status(manager, id) == jobs.FINISHED)
    return runs.load(manager.store.run_path(id)).metrics, pid


def test_a_job_takes_the_process_that_waits_and_another_replaces_it(manager, tmp_path):
    waits = manager.processes.engine.process.pid
    metrics, pid = train(manager)
    assert pid == waits
    manager.processes.engine.taken -= 100  # some seconds later
    manager.tick()
    assert manager.processes.engine.process.pid != waits
    other = jobs.Jobs(tmp_path / "others", 1)
    assert train(other)[0] == metrics and other.processes.engine.process is None
    end(other)


def test_a_job_starts_by_itself_where_the_one_that_waits_has_ended(manager):
    waits = manager.processes.engine.process
    waits.kill()
    waits.wait()
    assert train(manager)[1] != waits.pid


def test_it_ends_with_its_server_and_when_that_is_killed(manager, tmp_path):
    mine = manager.processes.engine.process
    manager.close()
    assert mine.poll() is not None
    command = [sys.executable, "-c", SERVER, str(tmp_path / "third")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as server:
        pid = int(server.stdout.readline())
        assert alive(pid)
        os.kill(server.pid, signal.SIGKILL)
    until(lambda: not alive(pid))
