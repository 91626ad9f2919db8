"""What AAE_RAY may say, without a cluster: whatever cannot be used is said in one line, and nothing runs elsewhere."""

import os
import socket
import sys
from types import SimpleNamespace

import pytest

from aae import cluster, grids, jobs


@pytest.fixture
def address(monkeypatch):
    return lambda text: monkeypatch.setenv("AAE_RAY", text)


def closed_port():
    """A port of this machine at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def refused(match):
    with pytest.raises(cluster.ClusterError, match=match) as caught:
        cluster.connect()
    assert "\n" not in str(caught.value) and "unset AAE_RAY to train here" in str(caught.value)


def test_ray_that_is_not_installed(address, monkeypatch, tmp_path):
    address("auto")
    monkeypatch.setitem(sys.modules, "ray", None)
    refused("AAE_RAY='auto': Ray is not installed: pip install")
    with pytest.raises(cluster.ClusterError, match="not installed"):
        jobs.Jobs(tmp_path / "jobs", 1)
    with pytest.raises(cluster.ClusterError, match="not installed"):
        list(grids.run_all(abs, [(1,)]))


def test_an_address_that_is_none_or_at_which_nothing_answers(address, monkeypatch):
    pytest.importorskip("ray", reason="needs Ray: pip install '.[cluster]'")
    for text in ("nonsense", "ray://", "host:", ":x", "host:ü", "host:0", "host:99999", f"host:{10**30}"):
        address(text)
        refused("no address of a cluster")
    address("auto")
    monkeypatch.setenv("RAY_ADDRESS", f"127.0.0.1:{closed_port()}")  # of a cluster that has ended
    refused("nothing answers there")
    monkeypatch.delenv("RAY_ADDRESS")
    for text in (f"127.0.0.1:{closed_port()}", f"ray://127.0.0.1:{closed_port()}"):
        address(text)
        refused("nothing answers there")


def test_an_address_at_which_something_answers(address):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        for text in ("127.0.0.1:{}", "ray://127.0.0.1:{}", " [127.0.0.1]:{} "):
            address(text.format(listener.getsockname()[1]))
            assert cluster._checked_address() == cluster.address() == os.environ["AAE_RAY"].strip()


@pytest.mark.parametrize(("gpus", "places"), [(0.0, 8), (0.5, 4), (0.1, 8), (1.0, 2), (4.0, 0)])
def test_a_run_takes_a_cpu_and_its_share_of_a_gpu(gpus, places, monkeypatch):
    monkeypatch.setattr(cluster, "connect", lambda: SimpleNamespace(cluster_resources=lambda: {"CPU": 8.0, "GPU": 2.0}))
    assert cluster.places(gpus) == places


def test_a_node_is_given_the_folder_the_variables_and_where_it_is_asked_for_a_gpu(monkeypatch, address):
    submitted = []
    caller = SimpleNamespace(remote=lambda *given: given, options=lambda **named: submitted.append(named) or caller)
    monkeypatch.setattr(cluster, "connect", lambda: None)
    monkeypatch.setattr(cluster, "_caller", lambda: caller)
    monkeypatch.setenv("AAE_DEVICE", "cpu")
    address("auto")
    for gpus, device in ((0.0, "cpu"), (0.5, "cuda")):
        folder, variables, *call = cluster.submit(abs, -1, retries=3, gpus=gpus)
        assert (folder, *call) == (os.getcwd(), abs, -1)
        assert variables["AAE_DEVICE"] == device and "AAE_RAY" not in variables
        assert submitted.pop() == {"num_cpus": 1, "num_gpus": gpus, "max_retries": 3}


def test_a_grid_asks_for_the_share_of_a_gpu_where_its_runs_train_on_one(monkeypatch, address):
    address("auto")
    monkeypatch.setenv("AAE_RAY_GPUS", "0.5")
    monkeypatch.setattr(cluster, "run_all", lambda function, arguments, gpus: iter([gpus]))
    assert [next(grids.run_all(abs, [], on_gpu)) for on_gpu in (False, True)] == [0.0, 0.5]


@pytest.mark.parametrize(("text", "share"), [("", 0), ("0.25", 0.25), ("1", 1), ("64", 64)])
def test_a_share_of_a_gpu(monkeypatch, text, share):
    monkeypatch.setenv("AAE_RAY_GPUS", text)
    assert cluster.gpu_share() == share


@pytest.mark.parametrize("text", ["x", "-1", "1.5", "nan", "inf", "65"])
def test_a_share_of_a_gpu_that_is_none(monkeypatch, text):
    monkeypatch.setenv("AAE_RAY_GPUS", text)
    with pytest.raises(cluster.ClusterError, match="AAE_RAY_GPUS="):
        cluster.gpu_share()


def test_without_a_cluster_a_grid_runs_here_one_after_the_other(monkeypatch):
    monkeypatch.delenv("AAE_RAY", raising=False)
    seen = []
    results = grids.run_all(lambda number: seen.append(number) or -number, [(1,), (2,)])
    assert next(results) == ((1,), -1) and seen == [1] and list(results) == [((2,), -2)]
