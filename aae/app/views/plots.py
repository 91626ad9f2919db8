"""Plotly charts on a page: each with a button that saves it as a picture twice as large."""

from typing import Any

import streamlit as st

SCALE = 2  # pixels of a saved picture for one of the page, as of all pictures that the app saves


def show(figure: Any, name: str) -> None:
    """The figure; its name is its key, and the name of the file."""
    saved = {"format": "png", "scale": SCALE, "filename": name}
    st.plotly_chart(figure, key=name, config={"displaylogo": False, "toImageButtonOptions": saved})
