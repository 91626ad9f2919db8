"""A Ray cluster that trains, where the environment variable AAE_RAY names one."""

import contextlib
import functools
import importlib
import math
import os
import re
import socket
import sys
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from aae.texts import one_line, quoted

ROOT = Path(__file__).resolve().parents[1]
ADDRESS, GPUS = "AAE_RAY", "AAE_RAY_GPUS"
PORT, MAX_PORT = re.compile("[1-9][0-9]{0,4}"), 65535
BEGIN = "begin a cluster with ray start --head"
PATIENCE = 3.0  # seconds for a connection to the named host
LOOK = 5.0  # seconds between two looks at how many places there are
RETRIES = 20  # of a run whose node, or process there, is lost


class ClusterError(ValueError):
    """A cluster that cannot be used; the text names the fault and the remedy in one line."""

    def __init__(self, text: str):
        super().__init__(one_line(text))


def is_asked() -> bool:
    """Whether trainings are to run on a cluster."""
    return bool(address())


def address() -> str:
    """`auto`, `ray://HOST:PORT` or `HOST:PORT`; nothing where trainings run on this machine."""
    return os.environ.get(ADDRESS, "").strip()


def connect() -> Any:
    """Ray, connected to the cluster. Raises ClusterError."""
    try:
        ray = importlib.import_module("ray")
    except ImportError as error:
        raise _refuse("Ray is not installed", "pip install '.[cluster]'") from error
    if not ray.is_initialized():
        gpu_share()
        try:
            ray.init(
                _checked_address(), runtime_env={"env_vars": _variables()}, log_to_driver=False, logging_level="ERROR"
            )
        except ClusterError:
            raise
        except (ConnectionError, RuntimeError, ValueError, ImportError) as error:
            raise _refuse(f"no cluster can be used there ({error})", BEGIN) from error
    return ray


def _refuse(problem: str, remedy: str) -> ClusterError:
    return ClusterError(f"{ADDRESS}={quoted(address())}: {problem}: {remedy}, or unset {ADDRESS} to train here")


def _checked_address() -> str:
    """Where the cluster is. Raises ClusterError where nothing listens, for which Ray itself would wait for minutes."""
    where = address()
    if where == "auto":  # the last cluster that was begun on this machine; Ray has no public name for this
        where = importlib.import_module("ray._private.services").canonicalize_bootstrap_address_or_die(where)
    host, _, port = where.removeprefix("ray://").rpartition(":")
    if not host or not PORT.fullmatch(port) or int(port) > MAX_PORT:
        raise _refuse("no address of a cluster", "write auto, ray://HOST:10001 or HOST:6379")
    try:
        socket.create_connection((host.strip("[]"), int(port)), PATIENCE).close()
    except OSError as error:
        raise _refuse(f"nothing answers there ({error})", BEGIN) from error
    return where


def _variables() -> dict[str, str]:
    """The environment of processes on the nodes: this package, and a thread each, as jobs have it here."""
    return {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", ADDRESS: ""}


def gpu_share() -> float:
    """The share of a GPU that a run of `python -m aae train` has beside its CPU. Raises ClusterError."""
    text = os.environ.get(GPUS, "0")
    try:
        share = float(text or 0)
    except ValueError:
        share = -1.0
    if not (0 <= share <= 1 or share in range(2, 65)):
        raise ClusterError(f"{GPUS}={quoted(text)}: must be a share of a GPU from 0 to 1, or a whole number of them")
    return share


def places(gpus: float = 0.0) -> int:
    """How many runs the nodes that are there now can train at once, a CPU and so much of a GPU each.

    Raises ClusterError.
    """
    there = connect().cluster_resources()
    most = there.get("GPU", 0) / gpus if gpus else math.inf
    return int(min(there.get("CPU", 0), most))


def submit(function: Callable[..., Any], *arguments: Any, retries: int = 0, gpus: float = 0.0) -> Any:
    """Let a node call the function, in this folder and with this program's variables AAE_*; Ray's reference."""
    given = {name: value for name, value in os.environ.items() if name.startswith("AAE_") and name != ADDRESS}
    given |= {"AAE_DEVICE": "cuda"} if gpus else {}
    options = {"num_cpus": 1, "num_gpus": gpus, "max_retries": retries}
    connect()
    return _caller().options(**options).remote(os.getcwd(), given, function, *arguments)


@functools.cache
def _caller() -> Any:
    """_call() as Ray has it, sent to the cluster once."""
    return importlib.import_module("ray").remote(_call)


def _call(folder: str, variables: dict[str, str], function: Callable[..., Any], *arguments: Any) -> Any:
    """Call the function on a node. An exit is raised as an error, since Ray uses the process again."""
    os.chdir(folder)
    for name in [name for name in os.environ if name.startswith("AAE_")]:
        del os.environ[name]
    os.environ.update(variables)
    try:
        return function(*arguments)
    except SystemExit as error:
        raise RuntimeError(f"ended with code {error.code}") from error


def run_all(function: Callable[..., Any], arguments: list[tuple], gpus: float) -> Iterator[tuple[tuple, Any]]:
    """Each of the arguments with what the function makes of it, in the order in which the nodes are done.

    No more are submitted than there are places: for one that waits Ray asks one node after the other without a pause.
    """
    ray, left, running = connect(), deque(arguments), dict[Any, tuple]()
    while left or running:
        while left and len(running) < max(1, places(gpus)):
            given = left.popleft()
            running[submit(function, *given, retries=RETRIES, gpus=gpus)] = given
        with contextlib.redirect_stdout(sys.stderr):  # where Ray says what was lost
            done, _ = ray.wait(list(running), timeout=LOOK)  # there may be more places then
        for each in done:
            yield running.pop(each), result(each)


def is_done(reference: Any) -> bool:
    """Whether a call has ended."""
    return bool(connect().wait([reference], timeout=0)[0])


def result(reference: Any) -> Any:
    """What a call came to, awaited. Raises what the function raised, not Ray's error around it."""
    ray = connect()
    try:
        return ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None


def cancel(reference: Any) -> None:
    """End a call, with the process that it is in."""
    connect().cancel(reference, force=True)


def is_loss(error: BaseException) -> bool:
    """Whether a run ended since its node, or its process there, was lost."""
    errors = importlib.import_module("ray.exceptions")
    losses = errors.WorkerCrashedError, errors.NodeDiedError, errors.OutOfMemoryError, errors.LocalRayletDiedError
    return isinstance(error, losses)
