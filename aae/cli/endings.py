"""The signals that end a program, either at once or where it is ready to end."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SIGNALLED = 128  # exit code, plus the signal's number, as shells have it
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended(BaseException):
    """A signal that ends the program now; its number is the argument."""


@contextmanager
def raised() -> Iterator[None]:
    """Raise Ended at such a signal, so that what is held is given back."""

    def end(number: int) -> None:
        raise Ended(number)

    with _handled(end):
        yield


@contextmanager
def noted() -> Iterator[list[int]]:
    """Collect the numbers of such signals, for a program that ends by itself soon after."""
    received: list[int] = []
    with _handled(received.append):
        yield received


@contextmanager
def _handled(handle: Callable[[int], None]) -> Iterator[None]:
    """Handle the signals by this function; SIGHUP stays ignored where it was, as nohup wants it."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    before = {n: old for n, old in before.items() if not (n == signal.SIGHUP and old == signal.SIG_IGN)}
    for number in before:
        signal.signal(number, lambda number, _: handle(number))
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old or signal.SIG_DFL)
