"""What takes seconds to import, such as PyTorch: in the background, after the first page where that needs none of it.

One thread imports, and whoever needs it waits for that: nobody meets a module that is half imported by another.
"""

import gc
import threading
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from aae.app import state

PATIENCE = 3.0  # s after the start for a first visitor, whose page is there sooner while nothing is imported
SHOWN = 0.3  # s after what a page shows was sent, in which the browser draws it
_begin, _done = threading.Event(), threading.Event()
_done.set()  # where no server has started there is nothing to wait for


def start(load: Callable[[], None], at_once: bool) -> threading.Thread:
    """Import in a thread: at once, or when that is due."""
    _done.clear()
    if at_once:
        _begin.set()

    def run() -> None:
        _begin.wait(PATIENCE)
        gc.disable()  # to look for garbage among all that is being imported takes a quarter of the time
        try:
            load()
        finally:
            gc.enable()
            _done.set()  # also where it failed: a page that imports it again says why

    thread = threading.Thread(target=run, name="imports", daemon=True)
    thread.start()
    return thread


def are_done() -> bool:
    """Whether everything is imported."""
    return _done.is_set()


def begin() -> None:
    """Let it be due."""
    _begin.set()


def begin_when_shown() -> None:
    """Let it be due once a browser has drawn what it was just sent."""
    threading.Timer(SHOWN, begin).start()


def wait() -> None:
    """Return once everything is imported."""
    _done.wait()


def need() -> None:
    """Return once everything is imported, as soon as can be."""
    begin()
    wait()


class BeginForPages:
    """Begin as soon as a browser asks for a page other than Home: it needs all of it."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].rpartition("/")[2] in state.PAGES[1:]:
            begin()
        await self.app(scope, receive, send)
