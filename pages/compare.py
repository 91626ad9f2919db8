"""Compare: the same code, or the same image, under up to four models."""

import streamlit as st

from aae.app import catalogue, choosers, comparison, notices, testimages
from aae.app.pad import pad

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Compare", width="content")
    shown = choosers.several_runs()
    linked = choosers.pointer_meaning()
    drawn, seed = choosers.samples()
    choosers.file_menu(shown[-1], choosers.show_beside)

notices.show(
    *notices.of_the_address("runs", "pointer", "draws", "seed"), *(testimages.of(run).problem for run in shown)
)
draws = comparison.draws(shown, drawn, seed)
pad(comparison.controls_data(shown), key="compare-controls")
for column, run in zip(st.columns(len(shown)), shown, strict=True):
    with column:
        st.markdown(f"**{run.name}** · {comparison.caption(run)}")
        pad(comparison.pad_data(run, shown, linked, draws.get(run.name)), key=f"compare-{run.name}")

for name, codes in draws.items():
    run = catalogue.get(name)
    caption = comparison.strip_caption(run, len(codes), drawn)
    st.image(comparison.strip(run, codes), width="stretch", caption=caption)

for tab, show in zip(
    st.tabs(list(comparison.TABS), on_change="rerun", key="below"), comparison.TABS.values(), strict=True
):
    if tab.open:
        with tab:
            show(shown)
