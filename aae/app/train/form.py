"""The form of the Train page: what to train, each choice with its meaning, the paper's value and what it costs."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple, NoReturn, cast

import streamlit as st
from safetensors.torch import save as serialize

from aae import data, texts
from aae.app import notices
from aae.app.browser.payloads import PainterPayload
from aae.app.runs import live
from aae.app.server import blobs, identity, teacher, turns
from aae.app.train import more, painted, stored
from aae.app.views import choosers
from aae.config import CHOICES, DRAWING_SIDE, PRESETS, Config, ConfigError
from aae.config.datasets import KNOWN
from aae.data import custom
from aae.models import priors

LINKED: dict[str, Any] = {"bind": "query-params"}
CUSTOM = "custom data"
MODELS = {  # a preset, and what it is
    "AE": ("ae", "Trained for reconstruction alone: the paper's baseline."),
    "VAE": (
        "vae",
        "The posterior of each image is a Gaussian; a KL term pulls it to the prior (Kingma and Welling 2013).",
    ),
    "AAE": ("aae", "An adversarial loss matches the distribution of the codes to the prior (Fig. 1 of the paper)."),
    "Style": ("supervised_2d", "An AAE whose decoder is conditioned on the class: the code holds the style (Fig. 6)."),
    "Few labels": ("reduced_100", "A cluster head for each class in a 2-D code, and at most 100 labels (Fig. 10)."),
    "Clusters": ("reduced_clusters", "Twenty cluster heads in a 2-D code, without labels (Fig. 10)."),
    "Anomalies": (
        "anomaly",
        "An 8-D AAE that is not trained on one class, whose images are then odd to it.",
    ),
}
TRIO = ("AE", "VAE", "AAE")
SIZES = {"small (128)": (128,), "medium (256-256)": (256, 256), "large (512-512)": (512, 512)}
SIZES["as in the paper (1000-1000)"] = (1000, 1000)
FORMER = {  # what links of before hold of an option, by key
    "data": {"your own": CUSTOM, **{name: name for name in KNOWN}},
    "size": {"as shipped (512-512)": "large (512-512)"},
}
EPOCHS = 5, 200
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
        base = live.fitted(PRESETS[MODELS[model][0]], self.dataset)
        changes: dict[str, Any] = {"hidden": self.hidden, "epochs": self.epochs, "seed": self.seed}
        if base.regularizer == "adversarial":
            if self.prior == "drawn" and not self.prior_image.strip("0"):
                raise ConfigError("The canvas of the prior is empty: paint on it, or choose another prior.")
            changes |= {"prior": self.prior, "prior_image": self.prior_image}
        return more.apply(replace(base, **changes), self.changes)


def choose() -> Choice:
    """Show the form; what is chosen. Raises DataError after all of it is shown: what is left out is forgotten."""
    dataset, problem = None, None
    try:
        dataset = choose_data()
    except data.DataError as error:
        problem = error
    model = choose_model()
    prior, image = choose_prior(model)
    size = select(
        "Network", list(SIZES), "size", "Units in the hidden layers of encoder and decoder. Paper: 1000-1000."
    )
    rest = choose_epochs(dataset), choose_seed(), prior, image, more.choose(dataset or "digits")
    if problem:
        raise problem
    return Choice(cast(str, dataset), model, SIZES[size], *rest)


def choose_model() -> str:
    """The name of a model."""
    meanings = "  \n".join(f"**{name}**: {meaning}" for name, (_, meaning) in MODELS.items())
    names = list(MODELS)
    return choosers.choose("Model", names, "model", names.index("AAE"), help=f"{meanings}  \nPaper: the AAE.")


def choose_epochs(dataset: str | None) -> int:
    """How often to pass over the data: a slider of its own for few images, and one for many."""
    few = dataset is None or live.n_train(dataset) < live.FEW
    key, usual = ("epochs", 100) if few else ("epochs_of_many", 10)
    help = "Passes over the data. Paper: 5,000 for its tables; the default here shows the idea."
    asked = st.query_params.get_all(key)
    value = st.slider("Epochs", *EPOCHS, usual, key=key, help=help, **LINKED)
    choosers.check_number(key, asked, *EPOCHS, value)
    return value


def select(label: str, options: list[str], key: str, help: str) -> str:
    """One of some options, in the link."""
    understand_former(key)
    return choosers.choose(label, options, key, help=help)


def choose_seed() -> int:
    """The seed."""
    help = (
        "Of the weights, the order of the images and all noise: the same seed trains the same model. Paper: not said."
    )
    return choosers.seed(help=help)


def understand_former(key: str, shown: Callable[[str], str] = str) -> None:
    """Where a link of before holds the former text of an option, show that option."""
    option = FORMER.get(key, {}).get(st.query_params.get(key, ""))
    if option and key not in st.session_state:
        st.session_state[key], st.query_params[key] = option, shown(option)


# Data


def choose_data() -> str:
    """The name of the chosen data set. Raises DataError."""
    mine = stored.own()
    titles = {name: KNOWN[name].title for name in CHOICES["dataset"]} | {name: mine[name].title for name in mine}
    chosen = data_box(["digits", *(name for name in titles if name != "digits"), CUSTOM], titles)
    if mine:
        stored.panel(mine)
    if chosen == CUSTOM:
        upload()
    if chosen in mine:
        stored.show(mine[chosen])
    else:
        st.caption(about(chosen))
    return chosen


def data_box(options: list[str], titles: dict[str, str]) -> str:
    """The data set chosen of these names; what the address says of it is understood, or said to be unknown."""

    def title(name: str) -> str:
        return titles.get(name, name)

    understand_former("data", title)
    if (accepted := st.session_state.pop("custom_accepted", None)) in titles:
        st.session_state["data"] = accepted
    asked, shown = st.query_params.get_all("data"), list(map(title, options))
    chosen = st.selectbox(
        "Data",
        options,
        format_func=title,
        key="data",
        help="The images to train on. Paper: MNIST.",
        on_change=lambda: custom.touch(st.session_state["data"]),
        **LINKED,
    )
    notices.unknown("data", [text for text in asked if text not in shown], shown, chosen)
    return chosen


def about(dataset: str) -> str:
    """What to know of a data set before it is chosen."""
    described = data.describe(dataset)
    _, height, width = described.shape
    images = f"{described.n_train + described.n_test:,} images of {width}x{height} pixels"
    classes = f"{described.n_classes} {described.nouns}: {', '.join(described.classes)}"
    if dataset == "digits":
        return f"{images}, included in the app; training takes seconds. {classes}."
    here = "on this machine" if not data.missing_files(dataset) else "not on this machine yet: it will be downloaded"
    return f"{images}, {here}; training takes minutes. {classes}."


def upload() -> NoReturn:
    """Offer to upload a file, which is then the chosen data set. Raises DataError until there is one."""
    if not live.may_upload():
        raise data.DataError(teacher.NO_UPLOADS)
    file = st.file_uploader(
        "A .zip of images, optionally in a folder for each class; or an .npz of arrays, such as `images` and `labels`",
        type=[suffix[1:] for suffix in custom.SUFFIXES],
        max_upload_size=custom.MAX_BYTES // 1_000_000,
        key="custom_file",
    )
    st.caption(f"{custom.SUMMARY}. All users of this server can see what is trained on it.")
    if file is None:
        raise data.DataError("Upload a file, or choose another data set.")
    read_once(file)


def read_once(file: Any) -> NoReturn:
    """Let what is in a file be chosen. Raises DataError where it cannot be, also in later reruns without reading."""
    refused = st.session_state.setdefault("custom_refused", {})
    if file.file_id not in refused:
        try:
            with st.spinner("Reading the images"):
                st.session_state["custom_accepted"] = accept(file.name, file.getvalue())
        except data.DataError as error:
            refused[file.file_id] = error
        else:
            st.rerun()
    raise refused[file.file_id]


def accept(file_name: str, content: bytes) -> str:
    """The stored name of the data set in a file. Raises DataError."""
    parsed = turns.parse_alone(custom.parse, content, file_name)
    name = custom.keep(parsed, live.needed_data())
    title = f"{texts.one_line(file_name, 40)} ({len(parsed.labels):,} images)"
    custom.claim(name, identity.owner(), title, parsed.report.lines())
    return name


# The prior


def choose_prior(model: str) -> tuple[str, str]:
    """The chosen prior and its drawing, where an adversarial loss can match any."""
    if PRESETS[MODELS[model][0]].regularizer != "adversarial":
        st.caption("Prior: none." if model == "AE" else "Prior: Gaussian; only an adversarial loss can use another.")
        return "gaussian", ""
    if PRESETS[MODELS[model][0]].cluster_heads:
        st.caption("Prior: a Gaussian around each of the cluster heads.")
        return "gaussian", ""
    st.markdown(
        "Prior", help="The distribution that the codes are to match: choose or paint one. Paper: Gaussian, Fig. 2."
    )
    chosen = painted.choose(prior_choices())
    return chosen["prior"], chosen["image"]


def prior_choices() -> PainterPayload:
    """Every ready prior, and the canvas to paint one on."""
    canvas = {"side": DRAWING_SIDE, "half": priors.DRAWN_HALF}
    return {
        "kind": "painter",
        "priors": [*priors.SAMPLERS],
        "draws": dots(),
        **canvas,
        "chosen": "gaussian",
        "image": "",
    }


@blobs.published
def dots() -> bytes:
    """Some draws of each ready prior [N_DOTS, 2], for the browser."""
    import torch

    drawn = {
        name: priors.sample(Config(prior=name), N_DOTS, torch.Generator().manual_seed(0)) for name in priors.SAMPLERS
    }
    return serialize({name: z.half() for name, z in drawn.items()})
