"""The form of the Train page: what to train, each choice with its meaning, the paper's value and what it costs."""

from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from aae import data, own, priors
from aae.app import live, loaders
from aae.app.pad import painter
from aae.config import CHOICES, PRESETS, Config, ConfigError

LINKED = {"bind": "query-params"}
OWN_DATA = "your own"
MODELS = {  # a preset, and what it is
    "AE": ("ae", "Only brings images back: the paper's baseline."),
    "VAE": ("vae", "Each code is a small cloud, which is pulled to the prior (Kingma and Welling 2013)."),
    "AAE": ("aae", "A discriminator presses the codes into the prior (Fig. 1 of the paper)."),
    "Style": ("supervised_2d", "An AAE whose decoder is told the digit: style is what is left (Fig. 6)."),
    "Few labels": ("reduced_100", "Ten cluster heads on a plane, and only 100 images whose class is known (Fig. 10)."),
    "Clusters": ("reduced_clusters", "Twenty cluster heads on a plane, and no class known (Fig. 10)."),
}
TRIO = ("AE", "VAE", "AAE")
SIZES = {"small (128)": (128,), "medium (256-256)": (256, 256), "as shipped (512-512)": (512, 512)}
SIZES["as in the paper (1000-1000)"] = (1000, 1000)
FEW = 10_000  # images: fewer are trained in smaller batches
N_DOTS = 700  # draws in the picture of a prior


class Choice(NamedTuple):
    """What the form holds."""

    dataset: str
    model: str
    hidden: tuple[int, ...]
    epochs: int
    seed: int
    prior: str
    prior_image: str
    changes: dict  # of the fields under "More"

    def config(self, model: str) -> Config:
        """The config of the choices for a model. Raises ConfigError."""
        base = PRESETS[MODELS[model][0]]
        if live.n_train(self.dataset) < FEW:
            small = PRESETS["digits"]
            base = replace(base, batch_size=small.batch_size, averaging=small.averaging)
        if self.dataset == "digits":
            base = replace(base, shift=0)  # two pixels are a quarter of an 8x8 image
        if base.regularizer == "adversarial":
            if self.prior == "drawn" and not self.prior_image.strip("0"):
                raise ConfigError("The sheet of the prior is empty: paint on it, or choose another prior.")
            base = replace(base, prior=self.prior, prior_image=self.prior_image)
        common = {"dataset": self.dataset, "hidden": self.hidden, "epochs": self.epochs, "seed": self.seed}
        return replace(base, **common, **self.changes)


def choose() -> Choice:
    """Show the form; what is chosen. Raises DataError."""
    dataset = choose_data()
    model = choose_model()
    prior, image = choose_prior(model)
    size = select(
        "Network", list(SIZES), "size", "Units in the hidden layers of encoder and decoder. Paper: 1000-1000."
    )
    return Choice(dataset, model, SIZES[size], choose_epochs(dataset), choose_seed(), prior, image, more())


def choose_model() -> str:
    """The name of a model."""
    told = "  \n".join(f"**{name}**: {meaning}" for name, (_, meaning) in MODELS.items())
    names = list(MODELS)
    return st.selectbox(
        "Model", names, names.index("AAE"), key="model", help=f"{told}  \nPaper: the AAE, of every kind.", **LINKED
    )


def choose_epochs(dataset: str) -> int:
    """How often to pass over the data: a slider of its own for few images, and one for many."""
    few = live.n_train(dataset) < FEW
    key, usual = ("epochs", 100) if few else ("epochs_of_many", 10)
    told = "Passes over the data. Paper: 5,000 for its tables; the usual number here shows the idea."
    return st.slider("Epochs", 5, 200, usual, key=key, help=told, **LINKED)


def select(label: str, options: list[str], key: str, help: str) -> str:
    """One of some options, in the link."""
    return st.selectbox(label, options, key=key, help=help, **LINKED)


def choose_seed() -> int:
    """The seed."""
    told = (
        "Of the weights, the order of the images and all noise: the same seed trains the same model. Paper: not said."
    )
    return st.number_input("Seed", 0, 9999, 0, key="seed", help=told, **LINKED)


def more() -> dict:
    """The fields that are seldom changed; those that are left alone keep the preset's values."""
    with st.expander("More"):
        rate = st.select_slider(
            "Learning rate", ["as shipped", 5e-4, 1e-3, 2e-3, 4e-3], help="Of encoder and decoder, Adam. Paper: 0.01, "
            "then 0.001, with momentum.",
        )  # fmt: skip
        steps = st.select_slider(
            "Discriminator updates", ["as shipped", 1, 2, 3, 5], help="For each update of the encoder. Paper: 1."
        )
        std = st.select_slider("Scale of the prior", ["as shipped", 0.5, 1.0, 2.0, 5.0], help="Paper: 5 in Fig. 5.")
        noise = st.select_slider(
            "Noise on the input", ["as shipped", 0.1, 0.3, 0.5], help="Standard deviation in pixel ranges; the clean "
            "image is what must come back. Paper: 0.3 where few labels are known.",
        )  # fmt: skip
    named = {"learning_rate": rate, "discriminator_steps": steps, "prior_std": std, "input_noise": noise}
    return {name: value for name, value in named.items() if value != "as shipped"}


# Data


def choose_data() -> str:
    """The name of the chosen data set. Raises DataError."""
    known = ["digits", *(name for name in CHOICES["dataset"] if name != "digits")]
    chosen = select("Data", [*known, OWN_DATA], "data", "The images that are learned. Paper: MNIST.")
    if chosen == OWN_DATA:
        return choose_own()
    st.caption(about(chosen))
    return chosen


def about(dataset: str) -> str:
    """What to know of a data set before it is chosen."""
    if dataset == "digits":
        return "1,797 images of 8x8 pixels, which come with the app: seconds."
    here = "on this machine" if not data.missing_files(dataset) else "not on this machine yet: it will be downloaded"
    return f"{live.n_train(dataset):,} images of 28x28 pixels, {here}: minutes."


def choose_own() -> str:
    """A data set of the visitor's own, with a preview. Raises DataError."""
    file = st.file_uploader(
        "A .zip of images, if you like in one folder for each class, or an .npz with `images` and `labels`",
        type=["zip", "npz"],
        max_upload_size=own.MAX_BYTES // 1_000_000,
        key="own_file",
    )
    st.caption(f"{own.LIMITS}. All who use this server may see what is trained on it.")
    if file is None:
        raise data.DataError("Choose a file of your own, or another data set.")
    name, brought = accept(file.file_id, file.name, file)
    shown = ", ".join(f"{k}: {words or 'all'}" for k, words in enumerate(brought.names))
    turned = "; dark on light, so turned round" if brought.inverted else ""
    st.image(loaders.own_preview(name, brought), caption=f"{len(brought.labels):,} images; {shown}{turned}")
    return name


def accept(file_id: str, file_name: str, file) -> tuple[str, own.Own]:
    """The uploaded data set and its stored name, checked once. Raises DataError."""
    if st.session_state.get("own_id") != file_id:
        brought = own.parse(file.getvalue(), file_name)
        st.session_state["own_data"] = own.keep(brought, live.needed_data()), brought
        st.session_state["own_id"] = file_id
    return st.session_state["own_data"]


# The prior


def choose_prior(model: str) -> tuple[str, str]:
    """The chosen prior and its drawing, where a discriminator can press codes into any."""
    if PRESETS[MODELS[model][0]].regularizer != "adversarial":
        st.caption("Prior: none." if model == "AE" else "Prior: the Gaussian; only a discriminator can use another.")
        return "gaussian", ""
    if PRESETS[MODELS[model][0]].cluster_heads:
        st.caption("Prior: a Gaussian around each of the cluster heads.")
        return "gaussian", ""
    st.markdown("Prior", help="What the codes are pressed into: choose one, or paint one. Paper: Gaussian, Fig. 2.")
    chosen = painter({"priors": prior_dots()}, key="painter")
    return chosen["prior"], chosen["image"]


@st.cache_data(show_spinner=False)
def prior_dots() -> dict[str, list[float]]:
    """Some draws of every ready prior: x, y, x, y, ..."""
    return {name: dots(Config(prior=name)) for name in priors.SAMPLERS}


def dots(config: Config) -> list[float]:
    """Some draws of a config's prior: x, y, x, y, ..."""
    import torch

    return loaders.as_list(priors.sample(config, N_DOTS, torch.Generator().manual_seed(0)))
