"""Explore: one run's latent space, large."""

import streamlit as st

from aae import runs
from aae.app import links, loaders
from aae.app.pad import pad

names = loaders.run_names()
title, left, middle, right = st.columns([1, 1.5, 1.5, 3.5], vertical_alignment="bottom")
title.title("Explore")
name = left.selectbox("Run", names, key="run", bind="query-params", help="The trained model to look into.")
run = loaders.get_run(name)
dim = run.config.style_dim
planes = ["0,1"] if dim <= 2 else ["pca", *(f"{i},{j}" for i in range(dim) for j in range(i + 1, dim))]
plane = planes[0]
if dim > 2:
    plane = middle.selectbox("Plane", planes, key="plane", bind="query-params", help="PCA, or two axes of the code.")
config = run.config
right.caption(
    f"{config.dataset}, {run.cpu_seconds:.0f} CPU-seconds of training, seed {config.seed}. Test images: squared error "
    f"{run.metrics['reconstruction_mse']:.4f} a pixel; distance to the prior {run.metrics['prior_distance']:.3f} "
    f"(two prior samples: {run.metrics['prior_distance_floor']:.3f})."
)
start = {"cursor": links.read_points("z")[:1], "pins": links.read_points("pins")}
position = pad({**loaders.pad_data(run, plane), **start}, key=f"explore-{name}-{plane}")
if position:
    links.write_points("z", [position["z"]])
    links.write_points("pins", position["pins"])

with st.expander("Your own run files"):
    upload = st.file_uploader("Open a run file (.safetensors, at most 64 MB)", type="safetensors", max_upload_size=64)
    if upload is not None:
        try:
            st.session_state.setdefault("uploads", {})["uploaded"] = runs.parse(upload.getvalue(), "uploaded")
            st.success("Opened: choose “uploaded” as the run.")
        except runs.RunError as error:
            st.error(str(error))
