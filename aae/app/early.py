"""What a page shows while the server imports what it needs; then it runs anew."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from aae.app.server import imports
from aae.app.views import story

CHANGED = ("tour", "hide")  # of addresses: with these Home is more, or less, than its story


def show(page: StreamlitPage) -> None:
    """Show Home as an earlier start of the server kept it, or a line that says that another page is being prepared."""
    if story.kept_payload() and not page.url_path and not any(key in st.query_params for key in CHANGED):
        page.run()
    else:
        imports.begin()
        st.caption("The server has just started: this page comes in a moment.")
    imports.wait()
    st.rerun()
