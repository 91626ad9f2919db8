"""Explore: one run's latent space, large."""

import streamlit as st

from aae.app import choosers, links, loaders, uploads
from aae.app.pad import pad

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Explore", width="content")
    run = choosers.run()
    plane = choosers.plane(run)
    label = choosers.label(run)
    uploads.popover(run)
    st.caption(loaders.summary(run), width="stretch")

start = {"cursor": links.read_points("z")[:1], "pins": links.read_points("pins")}
position = pad({**loaders.pad_data(run, plane, label), **start}, key=f"explore-{run.name}-{plane}")
if position:
    links.write_points("z", [position["z"]])
    links.write_points("pins", position["pins"])
