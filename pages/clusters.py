"""Clusters: what a run groups without labels; name the groups, then see the true labels."""

import streamlit as st

from aae.app import notices
from aae.app.browser.pad import pad
from aae.app.runs import testimages
from aae.app.views import choosers, clustering

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Clusters", width="content")
    run = choosers.clustered_run()
    choosers.file_menu(run, choosers.show_clustered)
    st.caption(clustering.advice(run), width="stretch")

notices.show(*notices.of_the_address("clusters"), testimages.of(run).problem)
pad(clustering.payload(run), key="rows-of-clusters")
