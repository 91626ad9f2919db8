"""Style & content: fix a style, sweep the digit."""

import streamlit as st

from aae.app import choosers, loaders, notices, styling, testimages, uploads
from aae.app.pad import pad

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Style & content", width="content")
    run = choosers.told_run()
    plane = choosers.plane(run)
    linked = choosers.pointer_meaning()
    uploads.popover(run)
    st.caption("One style, ten digits: drag. Keys 0-9 enlarge a digit, a click pins the style as a row.")

notices.show(testimages.of(run).problem)
pad(styling.pad_data(run, plane, linked), key=f"style-{run.name}-{plane}", linked=True)
styling.walk_button(run, plane)
styling.gauge(run, loaders.get_run("aae"))
