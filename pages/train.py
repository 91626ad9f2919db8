"""Train: choose, start, and watch codes become the prior; or take one phase at a time."""

import streamlit as st

from aae.app.train import trainpage

st.title("Train")
left, right = st.columns([1, 2.4], gap="large")
with left:
    trainpage.start_panel()
with right:
    trainpage.beside()
