"""What AAE_RAY may say, without a cluster: whatever cannot be used is said in one line, and nothing runs elsewhere."""

import socket
import sys

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
    for text in ("nonsense", "ray://", "host:", ":x", "host:ü"):
        address(text)
        refused("no address of a cluster")
    address("auto")
    monkeypatch.setenv("RAY_ADDRESS", f"127.0.0.1:{closed_port()}")  # of a cluster that has ended
    refused("nothing answers there")
    monkeypatch.delenv("RAY_ADDRESS")
    for text in (f"127.0.0.1:{closed_port()}", f"ray://127.0.0.1:{closed_port()}"):
        address(text)
        refused("nothing answers there")


@pytest.mark.parametrize("text", ["x", "-1", "1.5", "nan", "inf", "1000"])
def test_a_share_of_a_gpu_that_is_none(monkeypatch, text):
    monkeypatch.setenv("AAE_RAY_GPUS", text)
    with pytest.raises(cluster.ClusterError, match="AAE_RAY_GPUS="):
        cluster.gpu_share()


def test_without_a_cluster_a_grid_runs_here_one_after_the_other(monkeypatch):
    monkeypatch.delenv("AAE_RAY", raising=False)
    seen = []
    results = grids.run_all(lambda number: seen.append(number) or -number, [(1,), (2,)])
    assert next(results) == ((1,), -1) and seen == [1] and list(results) == [((2,), -2)]
