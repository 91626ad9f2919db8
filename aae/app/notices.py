"""What visitors are told when something is not as it should be: a line each."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from aae.metrics import TooFew


def show(*lines: str) -> None:
    """The lines that say something, each once."""
    for line in dict.fromkeys(filter(None, lines)):
        st.warning(line)


@contextmanager
def if_too_few(name: str = "") -> Iterator[None]:
    """Where a figure cannot be told of so few test images, a line that says so stands in its place."""
    try:
        yield
    except TooFew as error:
        st.caption(f"{name}: {error}" if name else str(error))
