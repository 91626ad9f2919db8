"""Compare: the same code, or the same image, under up to four models."""

import streamlit as st

from aae.app import catalogue, charts, choosers, comparison, notices, testimages
from aae.app.pad import controls, pad
from aae.metrics import FEWEST

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
controls(comparison.controls_data(shown), key="compare-controls")
for column, run in zip(st.columns(len(shown)), shown, strict=True):
    with column:
        st.markdown(f"**{run.name}** · {comparison.caption(run)}")
        pad(comparison.pad_data(run, shown, linked, draws.get(run.name)), key=f"compare-{run.name}", linked=True)

for name, codes in draws.items():
    run = catalogue.get(name)
    st.image(comparison.strip(run, codes), width="stretch", caption=f"{name}: draws 1 to {len(codes)} of {drawn}")

numbers, codes, claims, tables = st.tabs(
    ["Numbers", "Codes and prior", "What the literature says", "The paper's tables"]
)
with numbers:
    comparison.table(shown)
with codes:
    st.caption(
        "Blue: where test codes are. Lines: the prior; of a plain autoencoder, which has none, a Gaussian. "
        "Crosses: draws of it that have no code nearby (holes)."
    )
    for column, run in zip(st.columns(len(shown)), shown, strict=True):
        with column, notices.if_too_few(run.name):
            st.plotly_chart(charts.contours(run), key=f"contours-{run.name}")
    if enough := [run for run in shown if len(run.test_codes) >= FEWEST]:
        st.markdown("How the codes spread along each axis, and how far they lie from the origin, beside the prior:")
        st.plotly_chart(charts.marginals(enough))
        st.plotly_chart(charts.radii(enough))
with claims:
    comparison.claims()
with tables:
    comparison.tables()
