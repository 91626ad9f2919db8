"""The Denoise & repair page: models of one data set, and how well they reconstruct corrupted images of it."""

import functools
import json
from typing import Any

import streamlit as st

from aae.analysis.denoising import NO_MODEL
from aae.app import words
from aae.app.browser import maps
from aae.app.browser.payloads import Corruption, DenoisePayload, Restorer
from aae.app.runs import catalogue, runcache, testimages
from aae.app.runs.runcache import Known
from aae.app.server import blobs
from aae.app.views import choosers, loaders
from aae.config import Config
from aae.config.datasets import KNOWN
from aae.runs import SHIPPED, Run, titles

RESULTS = SHIPPED.parent / "benchmarks/results/denoise.json"
COLOURS = {  # of the models that are shown first
    "ae": "#e07000",
    "vae": "#00875a",
    "aae": "#d6006e",
    "denoising_ae": "#2f6fd6",
    "denoising_aae": "#8a4dff",
}
OTHERS = ("#0a8f9c", "#a0522d", "#7a7a00", "#c0392b", "#5b6b7b")
GREY = "#8a8a8a"
MOST = 5  # models side by side
CORRUPTIONS: list[Corruption] = [  # by the names of aae/data/augment.py
    {"name": "gaussian", "title": "Gaussian noise", "strength": "standard deviation of the noise (paper 0, ink 1)"},
    {
        "name": "salt_pepper",
        "title": "salt and pepper",
        "strength": "share of the pixels set to 0 or 1 (paper 0, ink 1)",
    },
    {"name": "masking", "title": "masking", "strength": "share of the pixels set to 0 (paper 0, ink 1)"},
    {"name": "hole", "title": "hole", "strength": "side of the square, as a share of the image's side"},
    {"name": "scribbles", "title": "scribbles", "strength": "number of strokes, as a share of 12"},
]


def dataset() -> str:
    """The chosen one of the data sets of which there are runs."""
    known = catalogue.known()
    choosers.need(known, choosers.NO_RUN, show_opened)
    by_title = {dataset_title(each): each.config.dataset for each in reversed(known.values())}
    offered = list(dict.fromkeys(dataset_title(each) for each in known.values()))
    return by_title[choosers.choose("Data set", offered, "dataset", width=200)]


def dataset_title(known: Known) -> str:
    """A run's data set for people; of custom ones two may have one title."""
    name = known.config.dataset
    return KNOWN[name].title if name in KNOWN else f"{runcache.load(known).description.title} ({name})"


def chosen(dataset: str) -> list[Run]:
    """The chosen runs of a data set, one at least."""
    known = {id: known for id, known in catalogue.known().items() if known.config.dataset == dataset}
    sound = [id for id, each in known.items() if each.entry.group != titles.FAILURES]
    usual = [name for name in COLOURS if name in known] or (sound or list(known))[:MOST]
    return choosers.choose_runs(known, "restorers", usual, MOST, "it is of another data set")


def show_opened(opened: Known) -> str:
    """Show the run, and its data set, on Denoise & repair."""
    here = {id for id, each in catalogue.known().items() if each.config.dataset == opened.config.dataset}
    beside = [id for id in st.session_state.get("restorers", []) if id in here and id != opened.name]
    st.session_state["dataset"] = dataset_title(opened)
    st.session_state["restorers"] = [*beside[: MOST - 1], opened.name]
    return ""


def pad_data(shown: list[Run]) -> DenoisePayload:
    """The models side by side, and test images of their data set."""
    first = source(shown)
    found, config = testimages.of(first), first.config
    return {
        "kind": "denoise",
        "dataset": config.dataset,
        "n": len(first.test_labels),
        **words.payload(first.description),
        "codes": loaders.codes_url(first),
        "images": found.address,
        "decoder": loaders.decoder_url(first),
        "decoder_rest": loaders.decoder_rest_url(first),
        "conditional": maps.conditional(config),
        "label": 0 if maps.conditional(config) else None,
        "models": [restorer(run, colour) for run, colour in zip(shown, colours(shown), strict=True)],
        "corruptions": CORRUPTIONS,
        "figures": figures_url() if are_measured(config.dataset) else None,
    }


def source(shown: list[Run]) -> Run:
    """The model by whose codes test images are known, and from which they are decoded where they are missing.

    It is one with the longest codes; of clusters that a decoder is given, codes say nothing.
    """
    complete = [run for run in shown if maps.conditional(run.config) != "clusters"]
    return max(complete or shown, key=lambda run: run.config.latent_dim)


def restorer(run: Run, colour: str) -> Restorer:
    """A model, and where its networks are."""
    return {
        "run": run.name,
        "title": run.title,
        "trained": trained(run.config),
        "colour": colour,
        "encoder": loaders.encoder_url(run),
        "decoder": loaders.decoder_url(run),
        "decoder_rest": loaders.decoder_rest_url(run),
        "latent_dim": run.config.latent_dim,
        "gaussian_posterior": run.config.posterior == "gaussian",
    }


def colours(shown: list[Run]) -> list[str]:
    """A colour for each model, of its own."""
    others = iter(OTHERS)
    return [COLOURS.get(run.name) or next(others) for run in shown]


def trained(config: Config) -> str:
    """Which corrupted images a model was trained with, and how long its code is, in a few words."""
    noise, share = config.input_noise, f"{100 * config.input_noise:g} %"
    corrupted = {
        "gaussian": f"with Gaussian noise of standard deviation {noise:g}",
        "salt_pepper": f"with {share} of the pixels set to 0 or 1",
        "masking": f"with {share} of the pixels set to 0",
    }[config.corruption]
    return f"trained {corrupted if noise else 'on clean images'}; {config.latent_dim}-D code"


def advice(shown: list[Run]) -> str:
    """What is to be seen, what else than noise tells the models apart, and where test images come from."""
    dims = sorted({run.config.latent_dim for run in shown})
    codes = f"Codes of {dims[0]} numbers hold less of an image than codes of {dims[-1]}." if len(dims) > 1 else ""
    parts = ("Corrupt an image, and see what each autoencoder reconstructs of it.", learned(shown), codes)
    return " ".join(filter(None, (*parts, without_images(source(shown)))))


def learned(shown: list[Run]) -> str:
    """Which of the models were trained with corrupted images, in a sentence."""
    noisy = [f"**{words.markdown(run.title)}**" for run in shown if run.config.input_noise]
    if not noisy:
        return f"{'They were' if len(shown) > 1 else 'It was'} trained with clean images alone."
    others = ", the others from clean ones alone" if len(noisy) < len(shown) else ""
    return f"{' and '.join(noisy)} learned from corrupted images{others}."


def without_images(run: Run) -> str:
    """Where test images are decoded, because there are none, sentences that say so; else nothing."""
    found, dataset = testimages.of(run), words.markdown(run.description.title)
    if found.images:
        return ""
    decoded = f"its test images are decoded from the codes of {words.markdown(run.title)}, which that suits."
    curves = " The curves were measured with the images themselves." if are_measured(run.config.dataset) else ""
    return f"{dataset} {found.reason}: {decoded}{curves}"


def are_measured(dataset: str) -> bool:
    """Whether there are kept figures of a data set."""
    return RESULTS.exists() and kept()["dataset"] == dataset


@functools.lru_cache
def kept() -> dict[str, Any]:
    """What the benchmark has measured."""
    return json.loads(RESULTS.read_text())


@blobs.published
def figures_url() -> bytes:
    """The curves of the benchmark with their titles and colours, for the browser."""
    return json.dumps(figures()).encode()


def figures() -> dict[str, Any]:
    """The kept figures, and the lines of their charts."""
    measured = kept()
    names = next(iter(measured["curves"].values()))
    return {**measured, "lines": [line(name) for name in names]}


def line(name: str) -> dict[str, str]:
    """The title and the colour of a model's curve."""
    if name == NO_MODEL:
        return {"name": name, "title": "corrupted image", "colour": GREY}
    return {"name": name, "title": titles.SHIPPED[name].title, "colour": COLOURS[name]}
