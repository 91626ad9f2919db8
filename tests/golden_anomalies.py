"""Golden values of scores of odd images, and of their curves."""

from typing import Any

import numpy as np
import torch
from sklearn import metrics as sk
from torch import Tensor

from aae.analysis import anomalies, planes
from aae.app.browser.anomalies import discriminator_layers
from aae.config import Config
from aae.models import priors
from aae.models.autoencoder import AutoEncoder
from tests.golden_tools import encoded, layer_tensors, seeded, shaken, spelled


def separation() -> dict[str, Any]:
    """The ROC and precision-recall curves of scores, with ties and without, by scikit-learn."""
    normal, odd = torch.randn(60, generator=seeded(20)), 0.8 + torch.randn(25, generator=seeded(21))
    return {"cases": [curves(normal, odd), curves(normal.round(decimals=1), odd.round(decimals=1)), curves(odd, odd)]}


def curves(normal: Tensor, odd: Tensor) -> dict[str, Any]:
    """At each distinct score as a threshold, from the highest down."""
    is_odd, scores = np.repeat([0, 1], [len(normal), len(odd)]), torch.cat([normal, odd]).numpy()
    fpr, tpr, _ = sk.roc_curve(is_odd, scores, drop_intermediate=False)
    precision = sk.precision_recall_curve(is_odd, scores)[0][-2::-1]
    found = anomalies.separation(normal, odd)._asdict()
    lists = {"fpr": fpr[1:], "tpr": tpr[1:], "precision": precision}
    return {"normal": spelled(normal), "odd": spelled(odd), **{k: v.tolist() for k, v in lists.items()}, **found}


DRAWING = "".join("0123456789abcdef"[(i * i // 7) % 16] for i in range(4096))
ODD = {
    "plain": Config(dataset="digits", hidden=(12,), discriminator_hidden=(7,), latent_dim=3, prior_std=2.0),
    "conditional": Config(dataset="digits", hidden=(12,), discriminator_hidden=(7,), labels="both", prior="mixture"),
    "heads": Config(dataset="digits", hidden=(12,), discriminator_hidden=(7,), n_categories=6, cluster_heads=True),
    "categories": Config(dataset="digits", hidden=(12,), discriminator_hidden=(7,), latent_dim=4, n_categories=5),
    "gaussian": Config(dataset="digits", hidden=(12,), regularizer="kl", posterior="gaussian"),
}


@torch.no_grad()
def oddness() -> dict[str, Any]:
    """Log densities of priors, and the scores of images under models of several kinds."""
    changes = ({"prior_std": 2.0}, {"prior": "uniform"}, {"prior": "mixture", "prior_std": 1.5})
    configs = [Config(**each) for each in changes] + [Config(prior="drawn", prior_image=DRAWING)]
    densities = [log_densities(config) for config in configs]
    return {"densities": densities, "models": [odd(name, config) for name, config in ODD.items()]}


def log_densities(config: Config) -> dict[str, Any]:
    z = 1.2 * torch.randn(12, 2, generator=seeded(22))
    cells = priors.drawn_cells(DRAWING).tolist() if config.prior == "drawn" else None
    return {
        "prior": {"name": config.prior, "std": config.prior_std, "components": 10, "cells": cells},
        "z": z.tolist(),
        "values": spelled(priors.log_density(config, z)),
    }


def odd(name: str, config: Config) -> dict[str, Any]:
    torch.manual_seed(23)
    model = shaken(AutoEncoder(config), 24)
    images, biases = torch.rand(4, 64, generator=seeded(25)), planes.conditional_biases(model)
    heads = {} if model.heads is None else {"heads": model.heads.weight.T}
    decoder = layer_tensors(planes.decoder_layers(model)) | ({} if biases is None else {"conditional": biases})
    scorer = discriminator(model) if "z" in model.discriminators else None
    return {
        "name": name,
        "dim": config.latent_dim,
        "gaussian": config.posterior == "gaussian",
        "encoder": encoded(layer_tensors(planes.fold_batch_norm(model.encoder)) | heads),
        "decoder": encoded(decoder),
        "discriminator": scorer,
        "prior": {"name": config.prior, "std": config.prior_std, "components": 10, "cells": None},
        "images": images.tolist(),
        "scores": {name: spelled(each) for name, each in anomalies.score(model, images).items()},
    }


def discriminator(model: AutoEncoder) -> str:
    layers, biases = discriminator_layers(model)
    return encoded(layer_tensors(layers) | ({} if biases is None else {"conditional": biases}))
