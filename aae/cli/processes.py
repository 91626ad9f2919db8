"""The device and the processes of a training: torchrun starts them, and each joins a group."""

import logging
import os
import re
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
import torch.distributed as dist

from aae.cli.endings import SIGNALLED
from aae.cli.words import say
from aae.config import refuse

SECONDS_TO_SAVE = 120  # that processes have after a signal


class Lost(RuntimeError):
    """Another process of this training has ended."""


def check_device(name: str, processes: int) -> None:
    """Raise ConfigError where there is no such device, or not one for each process."""
    if not re.fullmatch(r"cpu|cuda(:\d{1,3})?", name):
        raise refuse("--device", name, "must be cpu, cuda, or one of several as in cuda:0")
    if name == "cpu":
        return
    n, device = torch.cuda.device_count() if torch.cuda.is_available() else 0, torch.device(name)
    if device.index is not None and processes > 1:
        raise refuse("--device", name, f"is one device: for --processes {processes} name all, cuda")
    if (device.index or 0) + processes > n:
        raise refuse("--device", name, f"PyTorch finds {n} such devices here: use cpu, or fewer --processes")


def is_one_of_several() -> bool:
    """Whether torchrun started this process."""
    return dist.is_torchelastic_launched()


def launch(words: list[str], processes: int) -> int:
    """Run this command in several processes, of which only the first one's output is shown; the exit code."""
    from torch.distributed.elastic.multiprocessing import SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.launcher.api import elastic_launch

    logging.disable()  # torchrun's own words on processes that end
    try:
        elastic_launch(on_this_machine(processes), sys.executable)("-m", "aae", *words)
    except SignalException as signalled:
        return SIGNALLED + signalled.sigval
    except ChildFailedError as error:
        return failed({rank: failure.exitcode for rank, failure in error.failures.items()})
    return 0


def on_this_machine(processes: int) -> Any:
    """How torchrun starts so many processes on one node."""
    from torch.distributed.elastic.multiprocessing import DefaultLogsSpecs
    from torch.distributed.launcher.api import LaunchConfig

    return LaunchConfig(
        min_nodes=1,
        max_nodes=1,
        nproc_per_node=processes,
        run_id=str(uuid.uuid4()),
        rdzv_backend="c10d",
        rdzv_endpoint="localhost:0",
        local_addr="localhost",
        max_restarts=0,
        logs_specs=DefaultLogsSpecs(os.devnull, local_ranks_filter={0}),
        shutdown_timeout=SECONDS_TO_SAVE,
    )


def failed(codes: dict[int, int]) -> int:
    """The exit code where processes ended with these, by rank; prints a line where none of them could say why."""
    for rank, code in sorted(codes.items()):
        if code < 0:
            return say(f"process {rank} of the training was ended by signal {-code}", SIGNALLED - code)
    return codes[0] if 0 in codes else say(f"process {min(codes)} of the training failed", 1)


@contextmanager
def joined(device_name: str) -> Iterator[torch.device]:
    """This process's device, in the group of the training's processes where there are several. Raises Lost."""
    if not is_one_of_several():
        yield torch.device(device_name)
        return
    device = torch.device(device_name, int(os.environ["LOCAL_RANK"])) if device_name == "cuda" else torch.device("cpu")
    dist.init_process_group("cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo")
    try:
        yield device
    except RuntimeError as error:
        if isinstance(error, dist.DistError) or "gloo" in str(error):
            raise Lost("another process of the training ended; --resume goes on from what was saved") from error
        raise
    finally:
        dist.destroy_process_group()
