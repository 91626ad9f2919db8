"""What visitors are told when something is not as it should be: a line each."""

import streamlit as st


def show(*lines: str) -> None:
    """The lines that say something, each once."""
    for line in dict.fromkeys(filter(None, lines)):
        st.warning(line)
