"""Plotly charts on a page: each with words in its place, and a button that saves it as a picture twice as large.

Functions that show charts are cached by their data (st.cache_resource): Streamlit then repeats what was sent.
"""

from typing import Any

import streamlit as st

SCALE = 2  # pixels of a saved picture for one of the page, as of all pictures that the app saves


def show(figure: Any, name: str, about: str) -> None:
    """The figure, and what it shows for who cannot see it; its name is its key, and the name of the file."""
    saved = {"format": "png", "scale": SCALE, "filename": name}
    config = {"displaylogo": False, "toImageButtonOptions": saved}
    st.plotly_chart(figure, key=name, config=config, alt=alternative(figure, about))


def alternative(figure: Any, about: str) -> str:
    """What the figure is about, the titles of its axes, and the names of what is drawn."""
    axes = dict.fromkeys(
        axis.title.text for axis in [*figure.select_xaxes(), *figure.select_yaxes()] if axis.title.text
    )
    drawn = dict.fromkeys(trace.name for trace in figure.data if trace.name)
    parts = {"Axes": axes, "Drawn": drawn}
    return " ".join([f"{about}.", *(f"{part}: {'; '.join(texts)}." for part, texts in parts.items() if texts)])
