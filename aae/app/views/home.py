"""Home: the story, a scene at a time, and where to go on; where none of its runs is here, a map of another."""

from pathlib import Path

import streamlit as st

from aae.app import notices
from aae.app.browser.pad import pad
from aae.app.runs import catalogue, runcache, testimages
from aae.app.views import choosers, clusters, loaders, story, tours

PAGES = Path(__file__).resolve().parents[3] / "pages"
LINKS = {
    "explore": ("Explore every model", "scatter_plot"),
    "compare": ("Compare AE, VAE and AAE", "compare"),
    "encode": ("An image's way through a network", "conversion_path"),
    "style": ("Your handwriting, ten digits", "style"),
    "train": ("Train one, live", "model_training"),
}


def show() -> None:
    """The page."""
    known = catalogue.shipped_known() or catalogue.known()
    if known:
        tell(known)
    else:
        notices.show(choosers.NO_RUN)
    with st.container(horizontal=True):
        for page, (label, icon) in LINKS.items():
            st.page_link(PAGES / f"{page}.py", label=label, icon=f":material/{icon}:")
    with st.container(horizontal=True):
        tours.entries()


def tell(known: dict[str, runcache.Known]) -> None:
    """The story of the runs that are known; a map of the first where none of the story's is among them."""
    told, first = story.payload(known), runcache.load(next(iter(known.values())))
    notices.show(testimages.of(first).problem)
    if told["scenes"]:
        pad(told, key="story")
    else:
        st.title("Drag through a latent space")
        pad(loaders.pad_data(first, "0,1", clusters.first_label(first)), key="home")
