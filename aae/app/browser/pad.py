"""What the browser's modules show in a page: maps, the controls of a group, the painter of a prior."""

from typing import Any

import streamlit as st

from aae.app.browser.payloads import PainterPayload, Payload
from aae.app.server import modules

# The line break keeps Streamlit from taking the script for a path.
STUB = f"""export default async (component) =>
  (await import(new URL("{modules.ADDRESS}/streamlit.js", document.baseURI))).default(component);
"""
REPORTS = ("status", "chosen", "walk")  # what the browser may report: each reruns the page
_PAINTED = {"prior": "gaussian", "image": ""}
_MOUNTED = st.components.v2.component("aae_web", js=STUB)


def pad(payload: Payload | dict[str, Any], key: str) -> Any:
    """Show what a payload describes; what the browser has reported of it so far, by the names in REPORTS."""
    listeners: dict[str, Any] = {f"on_{name}_change": lambda: None for name in REPORTS}
    return _MOUNTED(key=key, data=[payload], default=dict.fromkeys(REPORTS), **listeners)


def painter(payload: PainterPayload, key: str) -> dict[str, str]:
    """Let a prior be chosen or painted: {"prior": its name, "image": a drawing's digits}."""
    before, kept = st.session_state.get(key), f"{key}-kept"  # which outlives the page
    chosen = (before.chosen if before else None) or st.session_state.get(kept, _PAINTED)
    current = {**payload, "chosen": chosen["prior"], "image": chosen["image"]}
    st.session_state[kept] = pad(current, key).chosen or chosen
    return st.session_state[kept]
