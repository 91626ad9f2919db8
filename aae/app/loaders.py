"""What the browser needs of runs, made once and shared by all visitors."""

import numpy as np
import streamlit as st
import torch
from PIL import Image
from safetensors.torch import save as serialize
from torch import Tensor

from aae import compare, explore, figures, own, runs
from aae.app import blobs, live, testimages, weights, words

N_PREVIEW = 10  # images of each class
TRIO = ("ae", "vae", "aae")  # to be compared first
BY_CONTENT = {runs.Run: lambda run: run.digest}  # names are not unique: each visitor opens files of their own


@blobs.published
def decoder_url(run: runs.Run) -> bytes:
    """What of the decoder the browser needs first, and its first bias for each class that it is told of."""
    tensors, told = weights.first_tensors(explore.decoder_layers(run.model())), explore.told_biases(run.model())
    return serialize(tensors if told is None else {**tensors, "told": told.half()})


@blobs.published
def decoder_rest_url(run: runs.Run) -> bytes:
    """What makes the decoder exact."""
    return serialize(weights.rest_tensors(explore.decoder_layers(run.model())))


@blobs.published
def encoder_url(run: runs.Run) -> bytes:
    """The encoder for the browser: what is drawn there stays there."""
    return serialize(weights.layer_tensors(explore.fold_batch_norm(run.model().encoder)))


@blobs.published
@torch.no_grad()
def codes_url(run: runs.Run) -> bytes:
    """The test codes and classes, prior draws, and where there are any opinions and posteriors, for the browser."""
    model, config = run.model(), run.config
    prior = explore.prior_samples(model).half()
    tensors = {"codes": run.test_codes.half(), "labels": run.test_labels, "prior": prior}
    if config.style_dim == 2 and "z" in model.discriminators and not config.cluster_heads:
        square = explore.run_view(model, explore.axes_plane(2), run.test_codes)
        tensors["opinion"] = (255 * explore.opinion(model, square)).round().to(torch.uint8)
    if config.style_dim == 2 and run.test_spread is not None:
        tensors["spread"] = run.test_spread.half()
    return serialize(tensors)


def frame_urls(run: runs.Run) -> dict[str, str]:
    """The frame after each of some epochs, for the browser."""
    return {str(epoch): frame_url(run, epoch) for epoch in run.snapshots}


@blobs.published
def frame_url(run: runs.Run, epoch: int) -> bytes:
    """The frame after an epoch, for the browser."""
    readable = {"codes": Tensor.half, "view": Tensor.float, "accuracy": Tensor.float}  # the others are bytes
    return serialize({part: readable.get(part, Tensor.clone)(t) for part, t in run.snapshots[epoch].items()})


def plane(run: runs.Run, name: str) -> explore.Plane:
    """The plane of this name: "pca", or two axes such as "0,1"."""
    if name == "pca":
        return explore.pca_plane(run.test_codes)
    return explore.axes_plane(run.config.style_dim, *map(int, name.split(",")))


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs=BY_CONTENT)
def styles(run: runs.Run) -> Image.Image:
    """Styles and classes, enlarged: nobody smooths it."""
    return figures.enlarge(figures.styles(run), 600)


def own_preview(brought: own.Own) -> Image.Image:
    """A row of images of each class of a data set that someone brought; of many classes one image each."""
    each = N_PREVIEW if len(brought.names) <= N_PREVIEW else 1
    rows = [brought.pixels[brought.labels == k][:each] for k in range(len(brought.names))]
    padded = [np.pad(row, ((0, each - len(row)), (0, 0), (0, 0))) for row in rows]
    pixels = torch.from_numpy(np.concatenate(padded)).flatten(1).float() / 255
    return figures.enlarge(figures.tile(pixels, (1, *brought.pixels.shape[1:]), N_PREVIEW, gap=2), 600)


def as_list(tensor: Tensor) -> list:
    """JSON numbers of a tensor."""
    return [round(x, 6) for x in tensor.flatten().tolist()]


def summary(run: runs.Run) -> str:
    """What the run is and how well it does, in a line."""
    told, title = run.metrics, words.markdown(run.description.title)
    return (
        f"{title}, {run.cpu_seconds:.0f} CPU-seconds of training, seed {run.config.seed}. On test images: squared "
        f"error {told['reconstruction_mse']:.4f} a pixel; {from_prior(run)} "
        f"({told['prior_distance']:.3f} against {told['prior_distance_floor']:.3f}).{mistakes(run)}{projected(run)}"
    )


def from_prior(run: runs.Run) -> str:
    """How far the test codes are from the prior, in the distance of two samples of it."""
    times = run.metrics["prior_distance"] / run.metrics["prior_distance_floor"]
    if run.config.regularizer == "none":
        return f"no prior: codes {times:.1f} times as far from the {live.prior_name(run.config)} as draws of it"
    return f"codes {times:.1f} times as far from the prior as draws of it"


def projected(run: runs.Run) -> str:
    """What a map of more than two dimensions shows, as a sentence; else nothing."""
    dim = run.config.style_dim
    return f" Points are projected from {dim} dimensions; images are decoded on the plane." if dim > 2 else ""


def mistakes(run: runs.Run) -> str:
    """The share of test images in the wrong class, or in a cluster of another one, as a sentence; else nothing."""
    config, told = run.config, run.metrics
    if "classification_error" in told:
        labels = "all" if config.n_labeled is None else f"{config.n_labeled:,}"
        return f" {100 * told['classification_error']:.2f} % of the images named wrongly, after {labels} labels."
    if "clustering_error" in told:
        return (
            f" {100 * told['clustering_error']:.2f} % of the images in the wrong one of {config.n_categories} clusters."
        )
    return ""


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs=BY_CONTENT)
def holes(run: runs.Run) -> Tensor:
    """Draws of the run's prior that have no code nearby [M, style_dim]."""
    return compare.holes(run.model(), run.test_codes.float())


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs=BY_CONTENT)
def scatter(run: runs.Run) -> Image.Image:
    """The run's test codes as a picture for either theme."""
    return figures.scatter(run, side=600, background="#ffffff00")


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs=BY_CONTENT)
def manifold(run: runs.Run, n: int = 20) -> Image.Image:
    """What the run decodes over its plane."""
    return figures.manifold(run, n)


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs=BY_CONTENT)
def nearby_radius(run: runs.Run) -> float:
    """How far "nearby" reaches in the run's code space: by its prior; of a plain autoencoder, by its codes."""
    draws = run.test_codes if run.config.regularizer == "none" else explore.prior_samples(run.model())
    return explore.nearby_radius(draws, len(run.test_labels))


def pad_data(run: runs.Run, plane_name: str, label: int | None = None) -> dict:
    """What the latent pad is given of a run: addresses and a few numbers."""
    addresses = {
        "decoder": decoder_url(run),
        "decoder_rest": decoder_rest_url(run),
        "codes": codes_url(run),
        "frames": frame_urls(run),
        "images": testimages.url_of(run),
        "no_images": testimages.of(run).reason,
    }
    return {**numbers(run, plane_name), **addresses, "label": label}


@st.cache_data(max_entries=256, show_spinner=False, hash_funcs=BY_CONTENT)
@torch.no_grad()
def numbers(run: runs.Run, plane_name: str) -> dict:
    """What the pad is given beside addresses."""
    chosen, has_prior = plane(run, plane_name), run.config.regularizer != "none"
    view = list(explore.run_view(run.model(), chosen, run.test_codes))
    return {
        "run": run.name,
        "told": live.told(run.config),
        "n": len(run.test_labels),
        "dataset": run.config.dataset,
        **words.payload(run.description),
        "origin": as_list(chosen.origin),
        "basis": [as_list(row) for row in chosen.basis],
        "view": view,
        "own_view": view,
        "radius": nearby_radius(run),
        "percentile_std": run.config.prior_std if has_prior and run.config.prior == "gaussian" else None,
        "has_prior": has_prior,
        "prior": live.prior_name(run.config),
    }
