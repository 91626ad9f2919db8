"""What the browser's modules show in a page: maps, the controls of a group, the painter of a prior."""

from typing import Any

import streamlit as st

from aae.app.browser.payloads import Payload
from aae.app.server import modules

# The line break keeps Streamlit from taking the script for a path.
STUB = f"""export default async (component) =>
  (await import(new URL("{modules.ADDRESS}/streamlit.js", document.baseURI))).show(component);
"""
REPORTS = ("status", "chosen", "walk")  # what the browser may report: each reruns the page
_MOUNTED = st.components.v2.component("aae_web", js=STUB)


def pad(payload: Payload | dict[str, Any], key: str) -> Any:
    """Show what a payload describes; what the browser has reported of it so far, by the names in REPORTS."""
    listeners: dict[str, Any] = {f"on_{name}_change": lambda: None for name in REPORTS}
    return _MOUNTED(key=key, data=[payload], default=dict.fromkeys(REPORTS), **listeners)
