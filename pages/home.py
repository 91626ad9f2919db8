"""Home: what this is, and a pad to play with at once."""

from pathlib import Path

import streamlit as st

from aae.app import loaders
from aae.app.pad import pad

st.title("Drag through a latent space")
st.markdown(
    "An **autoencoder** squeezes an image into a few numbers, its *code*, and paints it again from them. Here every "
    "code is a place on a map: **press and drag on it**, and the network paints what belongs there, right in your "
    "browser."
)
run = loaders.get_run(loaders.run_names()[0])
pad(loaders.pad_data(run, "0,1"), key="home")
st.page_link(
    Path(__file__).with_name("explore.py"), label="Explore every model in full", icon=":material/scatter_plot:"
)
