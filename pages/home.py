"""Home: what this is, a pad to play with at once, and a picture for each idea."""

from pathlib import Path

import streamlit as st

from aae.app import notices, words
from aae.app.browser.pad import pad
from aae.app.runs import catalogue, runcache, testimages
from aae.app.views import choosers, clusters, loaders

HERE = Path(__file__).parent
EXPLORE, STYLE = HERE / "explore.py", HERE / "style.py"
IDEAS = (  # run, picture, page that shows more, text
    ("ae", loaders.scatter, EXPLORE, "**AE.** Trained only to bring images back, an autoencoder puts their codes "
     "wherever it likes: between and beyond them the decoder was never asked to paint anything."),
    ("vae", loaders.scatter, EXPLORE, "**VAE.** A variational autoencoder makes each code a small cloud, and charges "
     "for every cloud that strays from the *prior*, here a round Gaussian."),
    ("aae", loaders.scatter, EXPLORE, "**AAE.** An adversarial autoencoder has a *discriminator* look at the codes; "
     "the encoder learns to make them pass for draws of the prior, so the prior is filled."),
    ("aae", loaders.manifold, EXPLORE, "**Decoded.** Every code is an image: the AAE's plane, on an even grid."),
    ("aae_mixture", loaders.scatter, EXPLORE, "**Any prior.** All that the discriminator needs is samples: here of "
     "ten Gaussians, laid out like petals."),
    ("aae_swiss_roll", loaders.scatter, EXPLORE, "**Even a roll.** No formula of a density is asked for: the same "
     "network, pressed into a swiss roll."),
    ("labels_mixture_10k", loaders.scatter, EXPLORE, "**A petal for each digit.** Tell the discriminator the label of "
     "some images, and each digit takes its own part of the prior."),
    ("reduced_clusters", loaders.scatter, EXPLORE, "**No label at all.** The encoder finds clusters by itself, and "
     "most of them are digits."),
    ("supervised_2d", loaders.styles, STYLE, "**Style.** Tell the decoder the digit, and what is left for the code is "
     "handwriting: one style a row."),
)  # fmt: skip

st.title("Drag through a latent space")
st.markdown(
    "An **autoencoder** squeezes an image into a few numbers, its *code*, and paints it again from them. Here every "
    "code is a place on a map: **press and drag on it**, and the network paints what belongs there, right in your "
    "browser."
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
            title, there = known[name].title, {"run" if page == EXPLORE else "styles": name}
            st.markdown(f"{words.picture(picture(runcache.load(known[name])), title)}  \n{text}")
            st.page_link(page, label=f"See {title}", query_params=there)
