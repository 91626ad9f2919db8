"""What the server does before its first visitor comes, and after each import that came later."""

import contextlib
import ctypes
import gc
import sys
import threading

_settled = 0  # modules that were imported when garbage collection was last told to leave them alone


def start() -> threading.Thread:
    """Import the package in the background, since torch alone takes seconds, and look after the jobs."""
    thread = threading.Thread(target=_import, daemon=True)
    thread.start()
    return thread


def _import() -> None:
    import torch

    from aae.app import catalogue, live

    torch.set_num_threads(1)  # visitors share the processor
    give_memory_back()
    live.manager()
    catalogue.shipped_known()
    settle()


def give_memory_back() -> None:
    """Let large blocks leave the process when they are freed: else the C library keeps them, in pieces (glibc only)."""
    mmap_threshold, megabyte = -3, 1 << 20  # of mallopt(3)
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(mmap_threshold, megabyte)


def stop(started: threading.Thread) -> None:
    """Let the running jobs save themselves and end."""
    started.join()
    from aae.app import live

    live.close()


def settle() -> None:
    """Keep garbage collection away from what never dies, when modules were imported since the last time.

    Streamlit collects after every script run: over torch, torchvision and Plotly that costs 70 ms each time.
    """
    global _settled
    if len(sys.modules) > _settled:
        _settled = len(sys.modules)
        gc.collect()
        gc.freeze()
