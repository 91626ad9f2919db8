"""The files that the browser fetches to score images, and the payload that names them; independent of Streamlit."""

from typing import Any, cast

import torch
from safetensors.torch import save as serialize
from torch import Tensor, nn

from aae.analysis import anomalies, planes
from aae.app.browser import weights
from aae.app.browser.payloads import Prior
from aae.config import Config
from aae.models import priors
from aae.models.autoencoder import AutoEncoder
from aae.runs import Run

Layers = list[tuple[Tensor, Tensor]]  # (weight [out, in], bias [out])


@torch.no_grad()
def scores_file(normal: dict[str, Tensor], odd: dict[str, Tensor], normal_rows: Tensor, odd_rows: Tensor) -> bytes:
    """Each score of normal and of odd images, and which image of its file each is of [N]."""
    both = {"normal": (normal, normal_rows), "odd": (odd, odd_rows)}
    tensors = {f"{kind}_{name}": x.float() for kind, (scores, _) in both.items() for name, x in scores.items()}
    return serialize(tensors | {f"{kind}_rows": rows.int() for kind, (_, rows) in both.items()})


@torch.no_grad()
def discriminator_layers(model: AutoEncoder) -> tuple[Layers, Tensor | None]:
    """The discriminator of z, and of a conditional one its first bias for each class [K, hidden]."""
    layers, dim = planes.fold_batch_norm(cast(nn.Sequential, model.discriminators["z"])), model.config.latent_dim
    if not model.config.discriminator_is_conditional:
        return layers, None
    weight, bias = layers[0]
    biases = bias + weight[:, dim : dim + model.config.n_classes].T
    return [(weight[:, :dim], bias), *layers[1:]], biases


def discriminator_file(run: Run) -> bytes:
    """The discriminator of z for the browser."""
    layers, biases = discriminator_layers(run.model())
    conditional = {} if biases is None else {"conditional": biases.half().contiguous()}
    return serialize(weights.layer_tensors(layers) | conditional)


def cells_file(config: Config) -> bytes:
    """The probabilities of the cells of a drawn prior."""
    return serialize({"cells": priors.drawn_cells(config.prior_image).float()})


def prior(config: Config, cells: str | None) -> Prior | None:
    """The density that codes are scored by, where there is one; cells: where those of a drawn one are."""
    if anomalies.PRIOR not in anomalies.names(config):
        return None
    return {"name": config.prior, "std": config.prior_std, "components": priors.n_components(config), "cells": cells}


def facts(run: Run) -> dict[str, Any]:
    """What the browser is given of a run beside addresses."""
    described = run.description
    return {
        "kind": "anomalies",
        "run": run.name,
        "noun": described.noun,
        "shape": list(described.shape),
        "centred": described.centred,
        "latent_dim": run.config.latent_dim,
        "gaussian_posterior": run.config.posterior == "gaussian",
    }
