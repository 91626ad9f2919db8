"""Explore: one run's latent space, large."""

import streamlit as st

from aae.app import notices, words
from aae.app.browser.pad import pad
from aae.app.runs import testimages
from aae.app.views import choosers, clusters, loaders

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Explore", width="content", help=words.GLOSSARY)
    run = choosers.run()
    plane = choosers.plane(run)
    label = choosers.label(run)
    choosers.file_menu(run, choosers.show_run)
    st.caption(loaders.summary(run) + clusters.words(run, label), width="stretch", help=loaders.details(run))

notices.show(*notices.of_the_address("explore"), testimages.of(run).problem)
pad(loaders.pad_data(run, plane, label), key=f"explore-{run.name}-{plane}")
