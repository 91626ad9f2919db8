"""What is on every page, above its own and after it."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from aae.app import links, notices
from aae.app.runs import catalogue
from aae.app.views import tours
from aae.texts import quoted

BARE = """<style>
:root { --controls: none; }
:is([data-testid="stSelectbox"], [data-testid="stMultiSelect"], [data-testid="stButtonGroup"],
  [data-testid="stPopover"], [data-testid="stNumberInput"],
  [data-testid="stCheckbox"], [data-testid="stSlider"]) { display: none; }
</style>"""  # what there is to choose on a page, in the pads too; it goes on to hold what the address says


def show(page: StreamlitPage) -> None:
    """Run a page, with what is to be said above it."""
    links.open_page(page.url_path)
    notices.show(catalogue.left_out())
    hide()
    tours.show()
    with notices.if_the_disk_is_full():
        page.run()


def hide() -> None:
    """Hide what there is to choose, where the address says so, or an earlier one of the visit did."""
    asked = st.query_params.get("hide", st.session_state.get("hide"))
    if asked == "controls":
        st.session_state["hide"] = asked
        st.html(BARE)
    elif asked is not None:
        notices.show(f"hide={quoted(asked)} in the address must be controls; nothing is hidden.")
