"""The frame around every page."""

from pathlib import Path

import streamlit as st

from aae.app import notices, state, warm
from aae.app.runs import catalogue
from aae.app.server import identity, teacher
from aae.app.views import tours
from aae.texts import quoted

PAGES = Path(__file__).resolve().parents[2] / "pages"
STYLE = """<style>
[data-testid="stBaseButton-primary"] *, [data-tag] * { color: light-dark(#fff, #10202f); }
:has(> .st-key-tour) { position: sticky; top: 3.75rem; z-index: 99; }
:root:has(.st-key-tour) { --above: 4.5rem; }
</style>"""  # Streamlit writes white on the light blue of the dark theme; a tour stays below the menu
BARE = """<style>
:root { --controls: none; }
:is([data-testid="stSelectbox"], [data-testid="stMultiSelect"], [data-testid="stButtonGroup"],
  [data-testid="stPopover"], [data-testid="stNumberInput"],
  [data-testid="stCheckbox"], [data-testid="stSlider"]) { display: none; }
</style>"""  # what there is to choose on a page, in the pads too; it goes on to hold what the address says


def hide() -> None:
    """Hide what there is to choose, where the address says so, or an earlier one of the visit did."""
    asked = st.query_params.get("hide", st.session_state.get("hide"))
    if asked == "controls":
        st.session_state["hide"] = asked
        st.html(BARE)
    elif asked is not None:
        notices.show(f"hide={quoted(asked)} in the address must be controls; nothing is hidden.")


st.set_page_config(page_title="Latent space explorer", page_icon="🔢", layout="wide")
st.html(STYLE)
identity.owner()  # on every page: an address of before holds the secret, and is cleared of it
teacher.is_here()  # likewise
page = st.navigation(
    {
        "": [
            st.Page(PAGES / "home.py", title="Home", icon=":material/home:", default=True),
            st.Page(PAGES / "explore.py", title="Explore", icon=":material/scatter_plot:"),
            st.Page(PAGES / "compare.py", title="Compare", icon=":material/compare:"),
            st.Page(PAGES / "encode.py", title="Encode & decode", icon=":material/conversion_path:"),
            st.Page(PAGES / "style.py", title="Style & content", icon=":material/style:"),
            st.Page(PAGES / "train.py", title="Train", icon=":material/model_training:"),
        ],
        "Uses": [
            st.Page(PAGES / "classify.py", title="Classify", icon=":material/category_search:"),
            st.Page(PAGES / "clusters.py", title="Clusters", icon=":material/bubble_chart:"),
            st.Page(PAGES / "denoise.py", title="Denoise & repair", icon=":material/healing:"),
            st.Page(PAGES / "anomalies.py", title="Anomalies", icon=":material/rule:"),
            st.Page(PAGES / "search.py", title="Compress & search", icon=":material/search:"),
            st.Page(PAGES / "evaluate.py", title="Evaluate", icon=":material/leaderboard:"),
            st.Page(PAGES / "tune.py", title="Tune", icon=":material/tune:"),
        ],
    },
    position="top",
)
state.visit(page.url_path)
notices.show(catalogue.left_out())
hide()
tours.show()
with notices.if_the_disk_is_full():
    page.run()
warm.settle()
