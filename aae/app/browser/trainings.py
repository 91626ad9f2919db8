"""What the browser is given of a training, of a job or of a run with its snapshots; independent of Streamlit."""

from typing import Any

import torch

from aae import figures, runs
from aae.analysis import planes
from aae.app import words
from aae.app.browser import maps
from aae.app.browser.payloads import Line, Phase, Progress
from aae.config import Config
from aae.config.datasets import Description
from aae.models import priors

PHASES: dict[str, Phase] = {
    "reconstruction": {
        "name": "reconstruction",
        "parts": ["encoder", "decoder", "e1", "e2", "e3", "e4"],
        "text": "Reconstruction: encoder and decoder learn to reconstruct the image.",
    },
    "discriminator": {
        "name": "discriminator",
        "parts": ["discriminator", "e5", "e6"],
        "text": "Discriminator: it learns to distinguish draws of the prior from codes.",
    },
    "generator": {
        "name": "generator",
        "parts": ["encoder", "e1", "e2", "e5"],
        "text": "Generator: the encoder learns codes that the discriminator scores as draws of the prior.",
    },
    "classification": {
        "name": "classification",
        "parts": ["encoder", "e1", "e2"],
        "text": "Classification: the encoder learns the class from the labelled images.",
    },
    "kl": {
        "name": "kl",
        "parts": ["encoder", "e1", "e2", "e6"],
        "text": "Regularization: the KL term pulls the posterior of each image towards the prior.",
    },
}
OF_REGULARIZER = {
    "adversarial": ("reconstruction", "discriminator", "generator"),
    "kl": ("reconstruction", "kl"),
    "none": ("reconstruction",),
}
TITLES = {"kl": "KL"}
RECONSTRUCTION = {  # the loss of each likelihood, as aae.models.losses has it
    "gaussian": "squared error, summed over the pixels of an image",
    "bernoulli": "cross-entropy in nats, summed over the pixels of an image",
}
LINES: list[Line] = [
    {"name": name, "title": TITLES.get(name, name), "colour": colour}
    for name, colour in zip(PHASES, figures.CLASS_COLOURS, strict=False)
]
USUAL = (0.0, 0.0, 3.0)  # the square of a training before its first frame has another


def phases(config: Config) -> list[Phase]:
    """The phases of a training step, in their order."""
    names = OF_REGULARIZER[config.regularizer] + ("classification",) * (config.labels == "classifier")
    return [PHASES[name] for name in names]


def common(config: Config, described: Description, n: int, radius: float) -> dict[str, Any]:
    """What is the same in all frames of a training, of whose data set n test images are on the map."""
    plane = planes.axes_plane(config.latent_dim)
    return {
        "kind": "live",
        "dataset": config.dataset,
        "n": n,
        **words.payload(described),
        "colours": list(figures.CLASS_COLOURS),
        "origin": plane.origin.tolist(),
        "basis": plane.basis.tolist(),
        "view": list(USUAL),
        "radius": radius,
        "has_prior": config.regularizer != "none" and not config.cluster_heads,  # heads move, and it with them
        "prior": maps.prior_name(config),
        "percentile_std": None,
        "label": 0 if planes.n_labels(config) else None,  # of the manifold's images
        "conditional": maps.conditional(config),
        **curves(config),
        "test": None,
    }


def curves(config: Config) -> dict[str, Any]:
    """The phases of a training, and what is drawn of its records."""
    return {
        "phases": phases(config),
        "losses": LINES,
        "unit": "epoch",
        "monitored": "validation" if config.n_validation else "training",  # the images of the records
        "regularized": config.regularizer != "none",
        "loss": RECONSTRUCTION[config.likelihood],
    }


def scales(configs: list[Config]) -> str:
    """Which scales the reconstruction losses of trainings side by side have, where they differ; else nothing."""
    used = sorted({config.likelihood for config in configs})
    if len(used) < 2:
        return ""
    named = {"none": "AE", "kl": "VAE", "adversarial": "AAE"}
    of = [", ".join(named[config.regularizer] for config in configs if config.likelihood == kind) for kind in used]
    each = "; ".join(f"{models}: {RECONSTRUCTION[kind]}" for models, kind in zip(of, used, strict=True))
    return f"The reconstruction losses are on different scales ({each}): compare the reconstruction MSE instead."


def nearby_radius(config: Config, n: int) -> float:
    """How far "nearby" reaches among n codes of a training, by its prior."""
    draws = priors.sample(config, planes.N_PRIOR_SAMPLES, torch.Generator().manual_seed(0))
    return planes.nearby_radius(draws, n)


def test_figures(run: runs.Run) -> dict[str, float]:
    """The figures of a run that all pages show, of test images; the records of its training are of other images."""
    return {name: run.metrics[name] for name in runs.SHOWN}


def timeline(run: runs.Run, frames: dict[str, str]) -> Progress:
    """The course of a finished run, whose snapshots are at these addresses by epoch."""
    last = run.config.epochs
    history = [{key: value for key, value in record.items() if key != "code_std"} for record in run.history]
    return {"status": "finished", "step": last, "steps": last, "epochs": last, "frames": frames, "history": history}


def run_facts(run: runs.Run) -> dict[str, Any]:
    """What a map of a finished run's training is given beside addresses."""
    config = run.config
    view = planes.run_view(run.model(), planes.axes_plane(config.latent_dim), run.test_codes)
    n = len(run.test_labels)
    return {
        **common(config, run.description, n, nearby_radius(config, n)),
        "run": run.name,
        "title": run.title,
        "view": list(view),
        "test": test_figures(run),
        "images": None,
        "no_images": "",
    }
