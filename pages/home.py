"""Home: what this is, a pad to play with at once, and a picture for each idea."""

from pathlib import Path

import streamlit as st

from aae.app import notices, words
from aae.app.browser.pad import pad
from aae.app.runs import catalogue, runcache, testimages
from aae.app.views import choosers, clusters, loaders

HERE = Path(__file__).parent
EXPLORE, STYLE, CLUSTERS, CLASSIFY = (HERE / f"{name}.py" for name in ("explore", "style", "clusters", "classify"))
KEYS = {EXPLORE: "run", STYLE: "styles", CLUSTERS: "clusters", CLASSIFY: "classified"}  # of their addresses
IDEAS = (  # run, picture, page that shows more, text
    ("ae", loaders.scatter, EXPLORE, "**AE.** An autoencoder is trained for reconstruction alone: nothing shapes "
     "the distribution of its codes, and between and beyond them the decoder extrapolates."),
    ("vae", loaders.scatter, EXPLORE, "**VAE.** A variational autoencoder encodes each image as a Gaussian "
     "distribution; a KL term pulls each of them to the *prior*, here a Gaussian."),
    ("aae", loaders.scatter, EXPLORE, "**AAE.** An adversarial autoencoder has a *discriminator* that learns to "
     "distinguish codes from draws of the prior; the encoder learns codes that it cannot: they fill the prior."),
    ("aae", loaders.manifold, EXPLORE, "**Manifold.** The images that the AAE decodes on a regular grid of codes."),
    ("aae_mixture", loaders.scatter, EXPLORE, "**Any prior.** The discriminator needs only samples of the prior: here "
     "of a mixture of ten Gaussians, laid out like petals."),
    ("aae_swiss_roll", loaders.scatter, EXPLORE, "**A swiss roll.** No density is needed: the same network, trained "
     "to match samples of a swiss roll."),
    ("labels_mixture_10k", loaders.scatter, EXPLORE, "**A petal for each digit.** A discriminator that is conditioned "
     "on the labels of some images gives each digit its own part of the prior."),
    ("reduced_100", loaders.scatter, CLASSIFY, "**A classifier from 100 labels.** The encoder also gives the "
     "probability of each digit; all other images are used without their labels."),
    ("reduced_clusters", loaders.scatter, CLUSTERS, "**Clusters without labels.** The encoder finds clusters, and "
     "most of them hold one digit."),
    ("supervised_2d", loaders.styles, STYLE, "**Style.** The decoder is conditioned on the digit, and the code holds "
     "the handwriting: one style a row."),
)  # fmt: skip

st.title("Drag through a latent space")
st.markdown(
    "An **autoencoder** encodes an image as a few numbers, its *code* z, and decodes an image from them. Here every "
    "place on the map is a code: **press and drag on it**, and the decoder draws its image, right in your browser."
)
known = catalogue.known()
if known:
    run = runcache.load(next(iter(known.values())))
    notices.show(testimages.of(run).problem)
    pad(loaders.pad_data(run, "0,1", clusters.first_label(run)), key="home")
else:
    notices.show(choosers.NO_RUN)
with st.container(horizontal=True):
    st.page_link(EXPLORE, label="Explore every model", icon=":material/scatter_plot:")
    st.page_link(HERE / "compare.py", label="Compare AE, VAE and AAE", icon=":material/compare:")
    st.page_link(STYLE, label="Your handwriting, ten digits", icon=":material/style:")
    st.page_link(HERE / "train.py", label="Train one, live", icon=":material/model_training:")

st.header("One picture for each idea")
st.caption("10,000 test images of handwritten digits, each a point in the colour of its digit, under several models.")
with st.container(horizontal=True, gap="medium"):
    for name, picture, page, text in (idea for idea in IDEAS if idea[0] in known):
        with st.container(width=370):
            title, there = known[name].title, {KEYS[page]: name}
            st.markdown(f"{words.picture(picture(runcache.load(known[name])), title)}  \n{text}")
            st.page_link(page, label=f"See {title}", query_params=there)
