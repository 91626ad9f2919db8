"""Trainings on a real Ray cluster of this machine: the same runs as without it, also where a node is lost."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from aae import cluster, data, grids, jobs, runs, storage, sweeps, training
from aae.jobs import records, remote
from benchmarks.cluster import SMALL, begun, trainer
from tests.job_tools import LONG, ME, TINY, end, status, trained, until
from tests.store_tools import BUCKET, MISSING, Store

pytest.importorskip("ray.cluster_utils", reason="needs Ray: pip install '.[cluster]'")

SOME = replace(TINY, epochs=100)  # seconds; longer than it takes until the first state is saved


def test_where_there_is_no_cluster_the_server_and_a_grid_say_so_at_once(monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_RAY", "auto")
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")  # where auto looks first
    for begin in (lambda: jobs.Jobs(tmp_path, 1), lambda: list(grids.run_all(abs, [(1,)]))):
        with pytest.raises(cluster.ClusterError, match="AAE_RAY='auto': nothing answers there"):
            begin()


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store that is not there as yet, and how it is reached."""
    store = Store(tmp_path_factory.mktemp("seaweed"))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in store.environment.items():
            patch.setenv(name, value)
        yield store
        if store.process:
            store.kill()


@pytest.fixture(scope="module")
def nodes(store):
    """Two nodes with a CPU each, which may ask the store."""
    with begun(2) as nodes:
        yield nodes


@pytest.fixture
def manager(nodes, tmp_path):
    manager = jobs.Jobs(tmp_path / "jobs", limit=cluster.places())
    yield manager
    end(manager)


def node_of(nodes, pid):
    """The node on which a process of Ray is."""
    parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return next(node for node in nodes.worker_nodes if node.all_processes["raylet"][0].process.pid == parent)


def weights(manager, id):
    until(lambda: status(manager, id) in (jobs.FINISHED, jobs.FAILED))
    return runs.load(manager.store.run_path(id)).weights


def equal(some, others):
    return some.keys() == others.keys() and all(torch.equal(some[name], others[name]) for name in some)


def test_a_run_is_the_same_as_here(manager):
    found = weights(manager, manager.submit(TINY, "on the cluster", ME))
    torch.set_num_threads(1)  # as a job has
    state, images = training.start(TINY), data.load("digits")
    list(training.train(state, images))
    assert equal(found, runs.finish(state, images, "here").weights)


def test_a_run_whose_node_is_lost_is_the_same_as_one_whose_node_is_not(nodes, manager):
    assert cluster.places() == 2
    lost, kept = (manager.submit(SOME, name, ME) for name in ("lost", "kept"))
    until(lambda: manager.store.has_state(lost))
    nodes.remove_node(node_of(nodes, trainer(lost)), allow_graceful=False)
    nodes.add_node(num_cpus=1, **SMALL)
    assert equal(weights(manager, lost), weights(manager, kept))


def test_a_job_pauses_resumes_outlives_its_process_and_stops(manager):
    id = manager.submit(LONG, "a", ME)
    until(lambda: trained(manager, id))
    manager.pause(id, ME)
    assert manager.get(id).status == jobs.PAUSING
    until(lambda: status(manager, id) == jobs.PAUSED)
    step = manager.get(id).progress.step
    manager.resume(id, ME)
    until(lambda: manager.get(id).progress.step > step)
    os.kill(trainer(id), signal.SIGKILL)
    until(lambda: manager.processes.running[id].losses == 1 or manager.tick())
    until(lambda: status(manager, id) == jobs.RUNNING and trainer(id))
    manager.stop(id, ME)
    until(lambda: status(manager, id) == jobs.STOPPED)
    assert manager.get(id).progress.step >= step and runs.load(manager.store.run_path(id)).config == LONG


def test_a_job_that_is_deleted_gives_its_place_back_and_a_closing_server_lets_jobs_save_themselves(manager):
    id = manager.submit(LONG, "a", ME)
    until(lambda: trained(manager, id))
    manager.delete(id, ME)
    assert manager.all() == []
    ids = [manager.submit(LONG, name, ME) for name in "bc"]
    until(lambda: all(trained(manager, id) for id in ids))
    manager.close()
    assert [manager.get(id).status for id in ids] == [jobs.INTERRUPTED] * 2
    assert all(manager.store.has_state(id) for id in ids)


def test_a_grid_of_runs_is_called_in_this_folder_and_its_errors_arrive(nodes):
    def call(number):
        if number < 0:
            raise SystemExit(3)
        return os.getcwd(), os.environ["AAE_RUNS"], os.environ.get("AAE_RAY"), number

    here = os.getcwd(), os.environ["AAE_RUNS"], None
    found = dict(grids.run_all(call, [(number,) for number in range(20)]))
    assert found == {(number,): (*here, number) for number in range(20)}
    with pytest.raises(RuntimeError, match="ended with code 3"):
        list(grids.run_all(call, [(-1,)]))


def test_a_grid_submits_as_many_runs_as_there_are_places(nodes, monkeypatch):
    submitted, submit = [], cluster.submit
    monkeypatch.setattr(cluster, "submit", lambda *given, **named: submitted.append(given) or submit(*given, **named))
    ahead = [len(submitted) - n for n, _ in enumerate(grids.run_all(abs, [(n,) for n in range(8)]))]
    assert max(ahead) == cluster.places() == 2 and len(submitted) == 8
    assert cluster.places(gpus=0.5) == 0


def test_a_sweep_has_the_same_trials_as_here_and_goes_on_after_a_stop(nodes, tmp_path):
    plan = sweeps.Plan.make(replace(TINY, n_validation=216), ["batch_size=64,128,96"], n_seeds=2)
    with sweeps.claimed(tmp_path / "here", plan) as here:
        list(sweeps.run(here, data.load_training(plan.config)))
    with sweeps.claimed(tmp_path / "there", plan) as there:
        stopped = iter([False, False, True])
        assert len(list(sweeps.spread(there, lambda: next(stopped, True)))) <= 2
        moments = list(sweeps.spread(there, lambda: False))
    assert moments[-1].trial == 2 and moments[-1].share == 1.0
    found, expected = ([row._replace(seconds=0.0) for row in sweeps.rows(each)] for each in (there, here))
    assert found == expected and [row.status for row in found].count(sweeps.FINISHED) >= 1
    left = {path.name for path in there.folder.iterdir()} ^ {path.name for path in here.folder.iterdir()}
    assert not left


@pytest.mark.skipif(bool(MISSING), reason=MISSING)
def test_a_job_whose_folder_is_in_a_store_goes_on_from_the_state_there(nodes, store, monkeypatch):
    def hasty(folder):
        """Train as a node does, with a state and a lease that come soon."""
        from aae.jobs import remote, worker
        from aae.storage import leases

        worker.SAVE_EVERY = 0.2
        leases.RENEWED, leases.VALID, leases.SETTLED, leases.EXPIRED = 0.2, 0.6, 1.0, 1.5
        return remote.train(folder)

    monkeypatch.setattr(remote, "train", hasty)
    store.start()
    store.make_bucket()
    manager = jobs.Jobs(storage.place(f"s3://{BUCKET}/jobs"), limit=1)
    mirror, id = storage.of(manager.folder), manager.submit(LONG, "a", ME)

    def seen(*statuses):
        mirror.look()
        return status(manager, id) in statuses

    until(lambda: seen(jobs.RUNNING) and manager.store.has_state(id))
    os.kill(trainer(id), signal.SIGKILL)
    saved = runs.load_state(runs.state_path(manager.store.run_path(id)))
    until(lambda: seen(jobs.RUNNING) and manager.get(id).progress.step > saved.step + 40)
    manager.stop(id, ME)
    until(lambda: seen(jobs.STOPPED))
    run = runs.load(manager.store.run_path(id))
    assert run.history[: len(saved.history)] == saved.history != []  # seconds and all
    assert mirror.objects.read(f"{id}/{records.RUN}") == manager.store.run_path(id).read_bytes()
    end(manager)
