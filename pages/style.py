"""Style & content: fix a style, sweep the class."""

import streamlit as st

from aae.app import notices
from aae.app.runs import catalogue, testimages
from aae.app.views import choosers, styling

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Style & content", width="content")
    run = choosers.conditional_run()
    plane = choosers.plane(run)
    linked = choosers.pointer_meaning("Pointer selects")
    choosers.file_menu(run, choosers.show_conditional)
    st.caption(styling.advice(run))

notices.show(*notices.of_the_address("style"), testimages.of(run).problem)
styling.show(run, plane, linked)
with notices.if_too_few():
    styling.gauge(run, catalogue.get_if_known(catalogue.FIRST))
