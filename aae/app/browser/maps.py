"""The files that the browser fetches of a run, and the payload that names them; independent of Streamlit."""

from typing import Any, Literal, NamedTuple, cast

import torch
from safetensors.torch import save as serialize
from torch import Tensor, nn

from aae import figures
from aae.analysis import planes
from aae.analysis.attributes import ATTRIBUTES
from aae.app import words
from aae.app.browser import weights
from aae.app.browser.payloads import EncodePayload, MapPayload, Objective, StylePayload
from aae.app.server.remembered import remembered
from aae.config import Config
from aae.runs import Run, titles

READABLE = {"codes": Tensor.half, "view": Tensor.float, "accuracy": Tensor.float}  # in a frame; the others are bytes

PUSH = "push."  # in a frame of a training by hand: before the name of the loss whose arrows [n, latent_dim] these are


class Addresses(NamedTuple):
    """Where the browser finds the files of a run."""

    decoder: str
    decoder_rest: str
    encoder: str
    codes: str
    frames: dict[str, str]
    images: str | None
    no_images: str = ""  # why there are none


@torch.no_grad()
def decoder_file(run: Run) -> bytes:
    """What of the decoder is needed first, and of a conditional one its first bias for each class or cluster."""
    tensors, biases = weights.first_tensors(planes.decoder_layers(run.model())), planes.conditional_biases(run.model())
    return serialize(tensors if biases is None else {**tensors, "conditional": biases.half()})


@torch.no_grad()
def decoder_rest_file(run: Run) -> bytes:
    """What makes the decoder exact."""
    return serialize(weights.rest_tensors(planes.decoder_layers(run.model())))


@torch.no_grad()
def encoder_file(run: Run) -> bytes:
    """The encoder, and W_C of cluster heads [K, latent_dim]: what is drawn in the browser stays there."""
    model = run.model()
    heads = {} if model.heads is None else {"heads": model.heads.weight.T.half().contiguous()}
    return serialize(weights.layer_tensors(planes.fold_batch_norm(model.encoder)) | heads)


@torch.no_grad()
def discriminator_file(run: Run) -> bytes:
    """The discriminator of z; of one that is conditioned on the class, as for "unlabeled" (Section 2.3)."""
    config, network = run.config, cast(nn.Sequential, run.model().discriminators["z"])
    (weight, bias), *rest = planes.fold_batch_norm(network)
    if config.discriminator_is_conditional:
        weight, bias = weight[:, : config.latent_dim], bias + weight[:, -1]
    return serialize(weights.layer_tensors([(weight, bias), *rest]))


@torch.no_grad()
def codes_file(run: Run, labels: Tensor | None = None) -> bytes:
    """The test codes and classes, prior draws, and where there are any discriminator scores and posteriors.

    Labels [N] uint8 stand in for the classes.
    """
    model, config = run.model(), run.config
    prior = planes.prior_samples(model).half()
    tensors = {"codes": run.test_codes.half(), "labels": run.test_labels if labels is None else labels, "prior": prior}
    if config.latent_dim == 2 and "z" in model.discriminators and not config.cluster_heads:
        square = planes.run_view(model, planes.axes_plane(2), run.test_codes)
        tensors["discriminator"] = (255 * planes.discriminator_scores(model, square)).round().to(torch.uint8)
    if config.latent_dim == 2 and run.test_posterior_std is not None:
        tensors["posterior_std"] = run.test_posterior_std.half()
    return serialize(tensors)


def frame_file(frame: dict[str, Tensor]) -> bytes:
    """One moment of a training."""
    return serialize({part: READABLE.get(part, Tensor.clone)(t) for part, t in frame.items()})


@torch.no_grad()
def attributes_file(run: Run, images: Tensor | None) -> bytes:
    """The rank (0 to 255) of each test image [N, n_pixels] by each attribute; without images, of its reconstruction."""
    if images is None:
        y = torch.eye(run.config.n_classes)[run.test_labels.long()]
        images = run.model().sample(run.test_codes.float(), y)
    pictures = images.view(-1, *run.config.image_shape[1:])
    ranks = {name: measure(pictures).argsort().argsort() / len(pictures) for name, measure in ATTRIBUTES.items()}
    return serialize({name: (255 * rank).to(torch.uint8) for name, rank in ranks.items()})


def scene_file(labels: Tensor, prior: Tensor) -> bytes:
    """What is the same in all frames of a training: the classes of the test images [N], and prior draws [M, D]."""
    return serialize({"labels": labels.to(torch.uint8), "prior": prior.half()})


def plane(run: Run, name: str) -> planes.Plane:
    """The plane of this name: "pca", or two axes such as "0,1"."""
    if name == "pca":
        return planes.pca_plane(run.test_codes)
    return planes.axes_plane(run.config.latent_dim, *map(int, name.split(",")))


def numbers(tensor: Tensor) -> list[float]:
    """JSON numbers of a tensor."""
    return [round(x, 6) for x in tensor.flatten().tolist()]


def conditional(config: Config) -> str | None:
    """What a decoder is conditioned on beside a place: "classes", which test labels name, or "clusters"."""
    if not planes.n_labels(config):
        return None
    return "clusters" if config.labels == "unused" else "classes"


def categories(config: Config) -> Literal["classes", "clusters"] | None:
    """What q(y | x) is over; None where the encoder gives z alone."""
    if not config.n_categories:
        return None
    return "clusters" if config.labels == "unused" else "classes"


def prior_name(config: Config) -> str:
    """The prior in words."""
    return titles.PRIOR_NAMES.get(config.prior, config.prior)


@remembered
def nearby_radius(run: Run) -> float:
    """How far "nearby" reaches in the run's code space: by its prior; of a plain autoencoder, by its codes."""
    draws = run.test_codes if run.config.regularizer == "none" else planes.prior_samples(run.model())
    return planes.nearby_radius(draws, len(run.test_labels))


def map_payload(facts: dict[str, Any], addresses: Addresses, label: int | None = None) -> MapPayload:
    """The map of a run by what map_facts() gives, its decoder under a class or cluster where it is conditional."""
    return {**facts, **addresses._asdict(), "label": label}


@torch.no_grad()
def map_facts(run: Run, plane_name: str) -> dict[str, Any]:
    """What a map of the run on a plane is given beside addresses."""
    chosen = plane(run, plane_name)
    view = list(planes.run_view(run.model(), chosen, run.test_codes))
    return {
        "kind": "map",
        "run": run.name,
        "title": run.title,
        "dataset": run.config.dataset,
        "n": len(run.test_labels),
        **words.payload(run.description),
        "colours": list(figures.CLASS_COLOURS),
        "origin": numbers(chosen.origin),
        "basis": [numbers(row) for row in chosen.basis],
        "view": view,
        "radius": nearby_radius(run),
        "score_view": view,
        **model_facts(run.config),
        "mse": run.metrics["reconstruction_mse"],
        "linked": "code",
        "marks": [],
    }


def model_facts(config: Config) -> dict[str, Any]:
    """What a map is given of the prior, the posterior, and what the decoder is conditioned on."""
    has_prior = config.regularizer != "none"
    return {
        "has_prior": has_prior,
        "prior": prior_name(config),
        "percentile_std": config.prior_std if has_prior and config.prior == "gaussian" else None,
        "conditional": conditional(config),
        "categories": categories(config),
        "gaussian_posterior": config.posterior == "gaussian",
    }


def style_payload(run_map: MapPayload, attributes: str) -> StylePayload:
    """The map of a run whose decoder is conditioned on the class, with every class of a style."""
    extra = {"attributes": attributes, "attribute_names": list(ATTRIBUTES), "walk": None}
    label = min(3, len(run_map["class_names"]) - 1)  # a class to begin with
    return {**run_map, "kind": "style", "label": label, **extra}


def encode_payload(run: Run, run_map: MapPayload, discriminator: str | None) -> EncodePayload:
    """The map of a run with the way of an image through its networks."""
    config = run.config
    objective: Objective = {
        "likelihood": config.likelihood,
        "regularizer": config.regularizer,
        "weight": config.regularizer_weight[1],
        "prior_std": config.prior_std,
    }
    return {**run_map, "kind": "encode", "objective": objective, "discriminator": discriminator}
