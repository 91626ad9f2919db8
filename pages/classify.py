"""Classify: which class a run gives to test images and to one's own, where it errs, and with how many labels."""

import streamlit as st

from aae.app import notices
from aae.app.browser.pad import pad
from aae.app.runs import testimages
from aae.app.views import choosers, classifying, labelcurve, labelling

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Classify", width="content")
    run = classifying.choose_run()
    choosers.file_menu(run, classifying.show_run)
    st.caption(classifying.advice(run), width="stretch")

said = st.container()  # of the address too, which widgets below read
pad(classifying.payload(run), key=f"classify-{run.config.dataset}")
yours, curve = st.columns([2, 3], gap="large")
with yours:
    st.subheader("You label ten")
    own = labelling.panel()
with curve:
    st.subheader("The error against the number of labels")
    labelcurve.show(own)
with said:
    notices.show(*notices.of_the_address("classify"), testimages.of(run).problem)
