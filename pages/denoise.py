"""Denoise & repair: a corrupted image, and what several models reconstruct of it."""

import streamlit as st

from aae.app import notices
from aae.app.browser.pad import pad
from aae.app.runs import testimages
from aae.app.views import choosers, denoising

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Denoise & repair", width="content")
    shown = denoising.chosen(denoising.dataset())
    choosers.file_menu(shown[0], denoising.show_opened)
    st.caption(denoising.advice(shown))

notices.show(*notices.of_the_address("denoise"), testimages.of(denoising.source(shown)).problem)
pad(denoising.pad_data(shown), key=f"denoise-{shown[0].config.dataset}")
