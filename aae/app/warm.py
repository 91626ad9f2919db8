"""What the server does before the first visit, and after later imports."""

import contextlib
import ctypes
import gc
import os
import socket
import sys
import threading

from aae.app.server import imports
from aae.app.views import story
from aae.config import environment

FIRST = 5.0  # s after the start for who opens a page at once
_ended = threading.Event()
_settled = 0  # modules that were imported when objects were last excluded from garbage collection


def start() -> threading.Thread:
    """Import the package in the background, since torch alone takes seconds; then look after the jobs, and prepare."""
    send_at_once()
    imports.start(_import, at_once=not story.find_kept())
    preparing = threading.Thread(target=_prepare, daemon=True)
    preparing.start()
    return preparing


def _import() -> None:
    if _ended.is_set():
        return
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # visitors share the processor: of scikit-learn, read at its import
    import pandas  # noqa: F401 - Streamlit looks at what of it is there, also while another visit's page imports it
    import torch

    from aae.app import frame  # noqa: F401 - and what it imports
    from aae.app.runs import catalogue, live
    from aae.app.views import home  # noqa: F401 - likewise

    torch.set_num_threads(1)
    give_memory_back()
    live.manager()
    catalogue.shipped_known()
    settle()


def _prepare() -> None:
    imports.wait()
    if not _ended.wait(FIRST):
        import sklearn.datasets  # noqa: F401 - which the first training asks for

        if environment.is_on("AAE_PREPARE"):
            from aae.app import prepared

            prepared.prepare(_ended)
        settle()


def send_at_once() -> None:
    """Let the server's connections send small packets without delay (TCP_NODELAY), which they take from its socket.

    Else the body of each answer waits until the browser has confirmed its head: 40 ms for each of seventy modules.
    """
    for each in gc.get_objects():  # Streamlit binds the socket and keeps it to itself
        if type(each) is socket.socket and is_listening(each):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def is_listening(each: socket.socket) -> bool:
    """Whether visitors connect to the socket."""
    with contextlib.suppress(OSError):  # it was closed
        listens = each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
        return bool(listens) and each.family in (socket.AF_INET, socket.AF_INET6)
    return False


def give_memory_back() -> None:
    """Return large freed blocks to the system, which the C library would keep, fragmented (glibc only)."""
    mmap_threshold, megabyte = -3, 1 << 20  # of mallopt(3)
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(mmap_threshold, megabyte)


def stop(started: threading.Thread) -> None:
    """Let the running jobs save themselves and end."""
    _ended.set()
    imports.begin()
    started.join()
    if live := sys.modules.get("aae.app.runs.live"):  # the server may end before it has imported anything
        live.close()


def settle() -> None:
    """Exclude permanent objects from garbage collection, when modules were imported since the last time.

    Streamlit collects after every script run: over torch, torchvision and Plotly that costs 70 ms each time.
    """
    global _settled
    if len(sys.modules) > _settled:
        _settled = len(sys.modules)
        if gc.isenabled():  # at the start it is not, and there is little to collect
            gc.collect()
        gc.freeze()
