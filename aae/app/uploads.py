"""Run files that a visitor opens: kept for the visit, each under a name of its own."""

import re
from pathlib import PurePath

import streamlit as st

from aae import runs

MAX_KEPT = 8  # a visit's memory; the oldest goes first
KEY = "uploads"


def kept() -> dict[str, runs.Run]:
    """The runs that this visitor opened, by name."""
    return st.session_state.setdefault(KEY, {})


def safe_name(file_name: str) -> str:
    """A name to show and to choose by, of letters, digits and dashes: never a path, never a shipped run's."""
    stem = re.sub(r"[^\w-]+", "-", PurePath(file_name).stem).strip("-")[:40] or "run"
    return f"{stem} (yours)"


def accept() -> None:
    """Open the file that was just chosen and show it, or keep the reason why not."""
    file = st.session_state["upload"]
    st.session_state["upload_error"] = None
    if file is None:
        return
    name = safe_name(file.name)
    try:
        kept()[name] = runs.parse(file.getvalue(), name)
    except runs.RunError as error:
        st.session_state["upload_error"] = str(error)
        return
    while len(kept()) > MAX_KEPT:
        kept().pop(next(iter(kept())))
    st.session_state["run"] = name


def popover(run: runs.Run) -> None:
    """A menu to open a run file of one's own, and to save the one that is shown."""
    error = st.session_state.get("upload_error")
    with st.popover("File", icon=":material/folder_open:"):
        limit = runs.MAX_BYTES // 2**20
        st.file_uploader(
            f"Open a run file (at most {limit} MB)",
            type="safetensors",
            max_upload_size=limit,
            key="upload",
            on_change=accept,
        )
        st.download_button(
            f"Save {run.name}",
            lambda: runs.to_bytes(run),
            f"{run.name.removesuffix(' (yours)')}.safetensors",
            on_click="ignore",
            icon=":material/download:",
        )
    if error:
        st.error(error)
