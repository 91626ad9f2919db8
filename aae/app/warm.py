"""What the server does before its first visitor comes."""

import gc
import threading


def start() -> None:
    """Import the package in the background: torch alone takes seconds."""
    threading.Thread(target=_import, daemon=True).start()


def _import() -> None:
    import torch

    from aae.app import loaders

    torch.set_num_threads(1)  # visitors share the processor
    loaders.shipped_names()
    # Streamlit collects garbage after every script run; without what never dies that is ten times cheaper.
    gc.collect()
    gc.freeze()
