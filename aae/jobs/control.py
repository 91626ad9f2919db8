"""What the server wants of a job's process, and how often that one reports."""

import os
import signal
import threading
import time
from collections.abc import Callable

from aae.jobs.records import INTERRUPTED, RUNNING

REPORT_EVERY = 0.5  # seconds between two reports


class Control:
    """The server's command to this process: the last word on standard input; its end means that the server ended."""

    def __init__(self) -> None:
        self.wanted = RUNNING
        self.has_begun = False  # whether there is something to save

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
        self.wanted = wanted


def now_and_then(say: Callable[[str], None]) -> Callable[[str], None]:
    """What says only as much as is worth a report."""
    said = 0.0

    def say_seldom(text: str) -> None:
        nonlocal said
        if time.monotonic() - said > REPORT_EVERY:
            said = time.monotonic()
            say(text)

    return say_seldom
