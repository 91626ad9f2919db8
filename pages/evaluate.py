"""Evaluate: runs by metrics, with standard errors, beside reported figures."""

import streamlit as st

from aae.app import notices
from aae.app.runs import catalogue, runcache
from aae.app.views import evaluating

st.title("Evaluate")
st.caption(
    "What each model reaches on test images, with standard errors. Sort by a column; click a number to see the images "
    f"behind it. The shipped models' figures come from `{evaluating.COMMAND}`."
)
known, shown = catalogue.known(), evaluating.rows()
with st.container(horizontal=True, vertical_alignment="bottom"):
    kind = evaluating.choose_table()
    evaluating.export_menu(known, shown)
    evaluating.measure_menu(known)  # the last: when it goes, no other menu takes its place, and stands open
notices.show(*notices.of_the_address("evaluate"))
selected = evaluating.show(kind, shown)
if selected and selected[0] < len(shown) and (id := shown[selected[0]][0]) in known:
    evaluating.pictures(runcache.load(known[id]), kind)
evaluating.number_and_eye(known)
