"""Compare: the same code, or the same image, under up to four models."""

import streamlit as st

from aae.app import notices, words
from aae.app.browser.pad import pad
from aae.app.runs import testimages
from aae.app.views import choosers, comparison

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Compare", width="content")
    shown = choosers.several_runs()
    linked = choosers.pointer_meaning("Link the maps by the same")
    drawn, seed = choosers.samples()
    choosers.file_menu(shown[-1], choosers.show_beside)

notices.show(*notices.of_the_address("compare"), *(testimages.of(run).problem for run in shown))
draws = comparison.draws(shown, drawn, seed)
pad(comparison.controls_data(shown), key="compare-controls")
for column, run in zip(st.columns(len(shown)), shown, strict=True):
    with column:
        st.markdown(f"**{words.markdown(run.title)}**")
        pad(comparison.pad_data(run, shown, linked, draws.get(run.name)), key=f"compare-{run.name}")
        st.caption(comparison.caption(run))  # below: one of more lines would move its map down, beside the others

for run in (run for run in shown if run.name in draws):
    strip = words.ink(comparison.strip_url(run, drawn, seed), f"draws of {run.name}")
    st.caption(f"{strip}  \n{comparison.strip_caption(run, comparison.N_DRAWS, drawn)}")
comparison.below(shown)
