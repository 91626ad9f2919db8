"""The frame around every page."""

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from aae.app import early, warm
from aae.app.server import identity, imports, teacher

PAGES = Path(__file__).resolve().parents[2] / "pages"
# Pictures of ink are dark on light, light on dark; Streamlit writes white on the light blue of the dark theme; a tour
# stays below the menu; what is under the maps of Compare does not move when these arrive (their heights: web.css).
STYLE = """<style>
img[src$="#ink"], [data-testid="stImage"] img { mix-blend-mode: exclusion; border: 1px solid #777; border-radius: 6px; }
[data-testid="stBaseButton-primary"]:enabled *, [data-tag] * { color: light-dark(#fff, #10202f); }
:has(> .st-key-tour) { position: sticky; top: 3.75rem; z-index: 99; }
:root:has(.st-key-tour) { --above: 4.5rem; }
[class*="st-key-compare-"]:not(.st-key-compare-controls) { container-type: inline-size; }
[class*="st-key-compare-"]:not(.st-key-compare-controls) > * {
  min-height: calc(min(100cqw, max(280px, 100vh - 560px - var(--above, 0px))) + min(200px, 40cqw) + 197px); }
.st-key-compare-controls > * { min-height: 32px; }
@media (min-width: 900px) { /* of several maps they are two lines */
  :root:has([data-testid="stColumn"] + * [class*="st-key-compare-"]) .st-key-compare-controls > * { min-height: 89px; }
}
@container (min-width: 600px) {
  [class*="st-key-compare-"]:not(.st-key-compare-controls) > * {
    min-height: max(470px, min(100cqw - 270px, 100vh - 360px - var(--above, 0px))); }
}
</style>"""


def show(page: StreamlitPage) -> None:
    """Run a page with what is around it."""
    from aae.app import frame  # which imports torch: not before it is due

    frame.show(page)


st.set_page_config(page_title="Latent space explorer", page_icon="🔢", layout="wide")
st.html(STYLE)
identity.recognise()  # on every page: an address of before holds the secret, and is cleared of it
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
if not imports.are_done():
    early.show(page)
show(page)
warm.settle()
