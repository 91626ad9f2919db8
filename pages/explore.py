"""Explore: one run's latent space, large."""

import streamlit as st

from aae.app import choosers, loaders, notices, testimages, uploads
from aae.app.pad import pad

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Explore", width="content")
    run = choosers.run()
    plane = choosers.plane(run)
    label = choosers.label(run)
    uploads.popover(run)
    st.caption(loaders.summary(run), width="stretch")

notices.show(testimages.of(run).problem)
pad(loaders.pad_data(run, plane, label), key=f"explore-{run.name}-{plane}", linked=True)
