"""What the server wants of a job's process, and how often that one reports."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

from aae import files
from aae.jobs.records import INTERRUPTED, RUNNING, Damaged, read_object, write_object

REPORT_EVERY = 0.5  # seconds between two reports
WANTED = "wanted.json"  # in the folder of a job on a cluster


class Control:
    """The server's command to this process: the last word on standard input; its end means that the server ended."""

    def __init__(self) -> None:
        self._wanted = RUNNING
        self.has_begun = False  # whether there is something to save

    @property
    def wanted(self) -> str:
        """What the job is to become: running, or what it ends as."""
        return self._wanted

    def listen(self) -> None:
        """Follow standard input in a thread of its own, and the signal to end."""
        signal.signal(signal.SIGTERM, lambda *_: self.interrupt())
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        while words := os.read(0, 1000).decode().split():  # sys.stdin has a lock, which hinders the process's end
            self.end_as(words[-1])
        self.interrupt()

    def interrupt(self) -> None:
        """End soon, to be resumed later."""
        self.end_as(INTERRUPTED if self.wanted == RUNNING else self.wanted)

    def end_as(self, wanted: str) -> None:
        """End soon: after saving, or at once where there is nothing to save."""
        if not self.has_begun:
            os._exit(0)
        self._wanted = wanted


class FileControl(Control):
    """The server's command to a process on another machine: a file in the job's folder, which outlives both."""

    def __init__(self, folder: Path):
        super().__init__()
        self.folder, self.looked = folder, 0.0

    @property
    def wanted(self) -> str:
        """What the job is to become, as the file said just now."""
        if time.monotonic() - self.looked > REPORT_EVERY:
            self.looked = time.monotonic()
            files.glance(self.folder / WANTED)
            with contextlib.suppress(Damaged):
                self._wanted = str(read_object(self.folder / WANTED)["wanted"])
        return self._wanted


def write_wanted(folder: Path, wanted: str) -> None:
    """Tell a job on another machine what it is to become. Raises OSError."""
    write_object(folder / WANTED, {"wanted": wanted}, durable=False)


def now_and_then(say: Callable[[str], None]) -> Callable[[str], None]:
    """A function that passes a text on to say(), at most once in REPORT_EVERY seconds."""
    said = 0.0

    def say_seldom(text: str) -> None:
        nonlocal said
        if time.monotonic() - said > REPORT_EVERY:
            said = time.monotonic()
            say(text)

    return say_seldom
