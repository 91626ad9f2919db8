"""What is taken away of a run for other programs."""

import streamlit as st

from aae import runs
from aae.app import words
from aae.app.runs import runcache
from aae.app.runs.runcache import Known
from aae.runs import card, export, titles


@st.dialog("For other programs", width="large")
def show(known: Known) -> None:
    """Files to save, and a snippet of Python."""
    run, name = runcache.load(known), known.name.removesuffix(titles.OPENED)
    n, dim = len(run.test_codes), run.config.latent_dim
    icon: str = ":material/download:"
    st.markdown(f"**{words.markdown(run.title)}**: encoder and decoder, codes, and what is known of it.")
    with st.container(horizontal=True):
        st.download_button("ONNX", lambda: export.onnx(run), f"{name}.zip", on_click="ignore", icon=icon,
                           help="encoder.onnx and decoder.onnx in a .zip, for every ONNX runtime")  # fmt: skip
        st.download_button("Codes (CSV)", lambda: export.codes(run), f"{name}-codes.csv", on_click="ignore", icon=icon,
                           help=f"the codes of {n:,} test images in {dim} dimensions, with their classes")  # fmt: skip
        st.download_button("Model card", lambda: card.card(run), f"{name}.md", on_click="ignore", icon=icon,
                           help="config, data, history, metrics and command, in Markdown")  # fmt: skip
    st.caption("Save the run file (File, Save), then in Python:")
    st.code(export.snippet(run, f"{name}{runs.SUFFIX}"), language="python")
