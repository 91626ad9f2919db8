"""What the address asks a page for, where that is new, and what the page writes there.

A browser sends the address with each rerun. Until it has taken what was written, that is an address of before, which
asks for nothing; nor does one that lacks a parameter, but by Back. The visit keeps, by key, on which opening of a page
the address was read, and the values since then: those that the browser may still send, and at last those now written.
"""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

OPENED = "opened"  # of the visit


def open_page(page: str) -> None:
    """Begin a run of this page: it may be a new one, or the visitor went back or forward on it."""
    st.session_state["stays"] = st.session_state.get("page") == page
    if not st.session_state["stays"] or has_travelled():
        st.session_state[OPENED] = st.session_state.get(OPENED, 0) + 1
    st.session_state["page"] = page


def has_travelled() -> bool:
    """Whether this run is due to Back, Forward, or a place to which a teacher leads."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def asked(key: str) -> list[str] | None:
    """The values of the address, where the visitor opened it or went to it; None where it asks for nothing new."""
    held, known = st.query_params.get_all(key), _known(key)
    if held in known:
        _keep(key, known[-1:] if held == known[-1] else known[known.index(held) :])
        return None
    if known and not held:
        return None  # it was lost, and not by Back
    _keep(key, [held])
    return held


def write(key: str, values: list[str]) -> None:
    """Let the address hold these values."""
    if st.query_params.get_all(key) != values:
        st.query_params[key] = values
    if _known(key)[-1:] != [values]:
        _keep(key, [*_known(key), values])


def written(key: str) -> list[str]:
    """The values that the address got last, or came with."""
    return next(reversed(_known(key)), [])


def _known(key: str) -> list[list[str]]:
    """The values that a browser may send since the page was opened, those that were written last at the end."""
    opened, known = st.session_state.get(f"{key}-link", (0, []))
    return known if opened == st.session_state.get(OPENED, 0) else []


def _keep(key: str, known: list[list[str]]) -> None:
    st.session_state[f"{key}-link"] = st.session_state.get(OPENED, 0), known
