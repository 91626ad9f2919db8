"""Encode & decode: an image's way through a network."""

import streamlit as st

from aae.app import notices
from aae.app.browser.pad import pad
from aae.app.runs import testimages
from aae.app.views import choosers, clusters, loaders

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Encode & decode", width="content")
    run = choosers.run()
    plane = choosers.plane(run)
    choosers.file_menu(run, choosers.show_run)
    st.caption(
        f"{loaders.about(run)} Choose or draw an image x: the encoder gives its code z, the decoder an image of z. "
        "Drag on the map to decode another z.",
        width="stretch",
    )

notices.show(*notices.of_the_address("encode"), testimages.of(run).problem)
pad(loaders.encode_data(run, plane, clusters.first_label(run)), key=f"encode-{run.name}-{plane}")
