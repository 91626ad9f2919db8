"""Tune: train a preset with some fields varied, and compare the trials on held-out images."""

import streamlit as st

from aae.app import notices
from aae.app.tune import form, shown

st.title("Tune")
left, right = st.columns([1, 2.4], gap="large")
with left:
    form.panel()
    notices.show(*notices.of_the_address("tune"))
with right:
    shown.panel()
