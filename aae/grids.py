"""A grid of runs: here one after the other, or on the cluster that AAE_RAY names."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from aae import cluster


def run_all(
    function: Callable[..., Any], arguments: Iterable[tuple], on_gpu: bool = False
) -> Iterator[tuple[tuple, Any]]:
    """Each of the arguments with what the function makes of it, as they come. Raises ClusterError.

    On_gpu: the function calls `python -m aae train`, which trains on the share of a GPU that AAE_RAY_GPUS asks for.
    """
    given = list(arguments)
    if cluster.is_asked():
        return cluster.run_all(function, given, cluster.gpu_share() if on_gpu else 0.0)
    return ((each, function(*each)) for each in given)
