"""The latent pad: a canvas in the browser on which codes are decoded while the pointer moves."""

from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent
SCRIPTS = ("decoder.js", "geometry.js", "pad.js")


def _read(*names: str) -> str:
    """The texts of files beside this one, joined."""
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)


_PAD = st.components.v2.component("aae_pad", html=_read("pad.html"), css=_read("pad.css"), js=_read(*SCRIPTS))


def pad(data: dict[str, Any], key: str) -> dict[str, Any] | None:
    """Show the pad; where the visitor last let go: {"z": [u, v], "pins": [[u, v], ...]}, or None before that."""
    return _PAD(key=key, data=data, default={"position": None}, on_position_change=lambda: None).position
