"""Home: what this is, a pad to play with at once, and a picture for each idea."""

from pathlib import Path

import streamlit as st

from aae.app import loaders
from aae.app.pad import pad

IDEAS = {
    "ae": "**AE.** Trained only to bring images back, an autoencoder puts their codes wherever it likes: between "
    "and beyond them the decoder was never asked to paint anything.",
    "vae": "**VAE.** A variational autoencoder makes each code a small cloud, and charges for every cloud that "
    "strays from the *prior*, here a round Gaussian.",
    "aae": "**AAE.** An adversarial autoencoder has a *discriminator* look at the codes; the encoder learns to make "
    "them pass for draws of the prior, so the prior is filled.",
    "aae_mixture": "**Any prior.** All that the discriminator needs is samples: here of ten Gaussians, laid out "
    "like petals.",
    "aae_swiss_roll": "**Even a roll.** No formula of a density is asked for: the same network, pressed into a "
    "swiss roll.",
}

st.title("Drag through a latent space")
st.markdown(
    "An **autoencoder** squeezes an image into a few numbers, its *code*, and paints it again from them. Here every "
    "code is a place on a map: **press and drag on it**, and the network paints what belongs there, right in your "
    "browser."
)
run = loaders.get_run("aae")
pad(loaders.pad_data(run, "0,1"), key="home")
explore = Path(__file__).with_name("explore.py")
st.page_link(explore, label="Explore every model in full", icon=":material/scatter_plot:")

st.header("One picture for each idea")
st.caption("10,000 test images of handwritten digits, each a point in the colour of its digit, under five models.")
with st.container(horizontal=True, gap="medium"):
    for name, text in IDEAS.items():
        with st.container(width=330):
            st.image(loaders.scatter(loaders.get_run(name)))
            st.page_link(explore, label=f"Explore {name}", query_params={"run": name})
            st.markdown(text)
    with st.container(width=330):
        st.image(loaders.manifold(run), width="stretch")
        st.page_link(explore, label="Explore aae", query_params={"run": "aae"})
        st.markdown("**Decoded.** Every code is an image: the AAE's plane, decoded on an even grid.")
