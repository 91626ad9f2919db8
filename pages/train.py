"""Train: choose, start, and watch codes become the prior."""

import streamlit as st

from aae.app import live, trainpage

st.title("Train")
live.owner()
left, right = st.columns([1, 2.4], gap="large")
with left:
    trainpage.form()
with right:
    trainpage.watch()
