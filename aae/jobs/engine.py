"""What runs jobs: processes of this machine, or a Ray cluster."""

from pathlib import Path
from typing import Protocol

from aae import cluster
from aae.jobs.local import Local
from aae.jobs.remote import Remote


class Run(Protocol):
    """A job that was started."""

    def poll(self) -> int | None:
        """The exit code, once it has ended; other than 0 where it failed."""

    def send(self, wanted: str) -> None:
        """Ask it to save itself and to end as paused or stopped."""

    def hang_up(self) -> None:
        """Ask it to save itself and to end, to be resumed later."""

    def end(self) -> None:
        """End it at once, and wait for that."""

    def how(self) -> str:
        """How it ended, in words."""


class Engine(Protocol):
    """Starts jobs from their folders."""

    def start(self, folder: Path) -> Run:
        """Start the job of a folder. Raises OSError."""

    def keep_ready(self) -> None:
        """Prepare for the next job, where that is wanted."""

    def close(self) -> None:
        """Give back what was prepared."""


def make(one_waits: bool) -> Engine:
    """The engine that the environment asks for. Raises ClusterError."""
    return Remote() if cluster.is_asked() else Local(one_waits)
