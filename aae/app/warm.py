"""What the server does before its first visitor comes, and after each import that came later."""

import gc
import sys
import threading

_settled = 0  # modules that were imported when garbage collection was last told to leave them alone


def start() -> None:
    """Import the package in the background: torch alone takes seconds."""
    threading.Thread(target=_import, daemon=True).start()


def _import() -> None:
    import torch

    from aae.app import loaders

    torch.set_num_threads(1)  # visitors share the processor
    loaders.shipped_names()
    settle()


def stop() -> None:
    """Let the running jobs save themselves and end."""
    from aae.app import live

    live.manager().close()


def settle() -> None:
    """Keep garbage collection away from what never dies, when modules were imported since the last time.

    Streamlit collects after every script run: over torch, torchvision and Plotly that costs 70 ms each time.
    """
    global _settled
    if len(sys.modules) > _settled:
        _settled = len(sys.modules)
        gc.collect()
        gc.freeze()
