"""Compress & search: a few bits of a code, and the images that they find."""

import streamlit as st

from aae.app import notices
from aae.app.browser.pad import pad
from aae.app.runs import testimages
from aae.app.views import choosers, loaders, searching

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Compress & search", width="content")
    run = choosers.run()
    choosers.file_menu(run, choosers.show_run)
    st.caption(
        f"{loaders.about(run)} Each bit says on which side of a random hyperplane through the codes the code of an "
        "image lies. Images whose bits differ least are found.",
        width="stretch",
    )

notices.show(*notices.of_the_address("search"), testimages.of(run).problem)
pad(searching.payload(run), key="search")
searching.curves()
