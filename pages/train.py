"""Train: choose, start, and watch codes become the prior; or take one phase at a time."""

import streamlit as st

from aae.app.server import teacher
from aae.app.train import classroom, trainpage

st.title("Train")
left, right = st.columns([1, 2.4], gap="large")
with left:
    trainpage.start_panel()
with right:
    names = ["Watch", trainpage.LESSON, *([classroom.TAB] if teacher.is_here() else [])]
    watching, stepping, *of_class = st.tabs(names, on_change="rerun", key="tab")
    if stepping.open:
        with stepping:
            trainpage.explain()
    elif of_class and of_class[0].open:
        with of_class[0]:
            classroom.panel()
    else:
        with watching:
            trainpage.watch()
