"""Warnings to visitors, a line each."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from aae.analysis.metrics import TooFew
from aae.app import state
from aae.app.server import blobs
from aae.runs import titles
from aae.texts import one_line, quoted

KEY = "notices"
FULL = (errno.ENOSPC, errno.EDQUOT)
MAX_OPTIONS = 6


def show(*lines: str) -> None:
    """The lines that say something, each once."""
    for line in dict.fromkeys(filter(None, lines)):
        st.warning(line)


@contextmanager
def if_too_few(name: str = "") -> Iterator[None]:
    """Where a figure needs more test images, show a line that says so in its place."""
    try:
        yield
    except TooFew as error:
        st.caption(f"{name}: {error}" if name else str(error))


@contextmanager
def if_the_disk_is_full() -> Iterator[None]:
    """Where something cannot be written, a line that says so stands in place of what needs it.

    For each page, and for each fragment, which Streamlit runs without its page.
    """
    try:
        yield
    except blobs.Unwritable as error:
        st.error(str(error))
    except OSError as error:
        if error.errno not in FULL:
            raise
        place = one_line(str(error.filename or "the server's disk"), 100)
        st.error(f"{place}: cannot be written ({error.strerror}): make room there, then reload the page.")


def unknown(key: str, asked: list[str], options: list[Any] | str, shown: Any) -> None:
    """Keep a line on values in the address that are none of the options; it lasts as long as this is shown instead."""
    kept = st.session_state.setdefault(KEY, {})
    if asked:
        kept[key] = _line(key, asked, options, shown), shown
    elif key in kept and kept[key][1] != shown:
        del kept[key]


def of_the_address(page: str) -> list[str]:
    """The lines that are kept on the address of a page."""
    kept = st.session_state.get(KEY, {})
    return [kept[key][0] for key in state.of_page(page) if key in kept]


def _line(key: str, asked: list[str], options: list[Any] | str, shown: Any) -> str:
    names, instead = ", ".join(map(quoted, asked)), ", ".join(map(str, shown if isinstance(shown, list) else [shown]))
    if key in state.of_runs():
        again = (
            " (any more): open its file again" if any(name.endswith(titles.OPENED) for name in asked) else " (any more)"
        )
        return f"{options or f'No model {names} here{again}'}; showing {instead}."
    offered = [*options[: MAX_OPTIONS - 1], "...", options[-1]] if len(options) > MAX_OPTIONS else options
    return f"{key}={names} in the address must be one of {', '.join(map(str, offered))}; showing {instead}."
