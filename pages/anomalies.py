"""Anomalies: how odd images are to a model, by a score and a threshold."""

import streamlit as st

from aae.app import notices
from aae.app.runs import testimages
from aae.app.views import anomalies, choosers

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Anomalies", width="content")
    run = anomalies.choose_run()
    score = anomalies.choose_score(run)
    odd = anomalies.choose_odd(run)
    choosers.file_menu(run, anomalies.show_run)

notices.show(*notices.of_the_address("anomalies"), testimages.of(run).problem)
anomalies.show(run, score, odd)
st.subheader("Each digit held out in turn")
anomalies.table()
