"""What the browser needs of runs, made once and shared by all visitors."""

import functools
import io
import json
from typing import Any

import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import pad

from aae import data, figures, runs
from aae.analysis import density, planes
from aae.app import words
from aae.app.browser import maps, trainings
from aae.app.browser.payloads import EncodePayload, LivePayload, MapPayload
from aae.app.runs import testimages
from aae.app.server import blobs
from aae.app.server.remembered import remembered
from aae.runs import titles

N_PREVIEW = 10  # images of each class
TRIO = ("ae", "vae", "aae")  # to be compared first
BY_CONTENT: dict[str | type[Any], Any] = {runs.Run: lambda run: run.digest}  # names are not unique among visitors


# Where the browser finds the files of a run
decoder_url = blobs.published(maps.decoder_file)
decoder_rest_url = blobs.published(maps.decoder_rest_file)
encoder_url = blobs.published(maps.encoder_file)
discriminator_url = blobs.published(maps.discriminator_file)
codes_url = blobs.published(maps.codes_file)


def frame_urls(run: runs.Run) -> dict[str, str]:
    """The frame after each of some epochs, for the browser."""
    return {str(epoch): frame_url(run, epoch) for epoch in run.snapshots}


@blobs.published
def frame_url(run: runs.Run, epoch: int) -> bytes:
    """The frame after an epoch, for the browser."""
    return maps.frame_file(run.snapshots[epoch])


@blobs.published
def scene_url(run: runs.Run) -> bytes:
    """The classes of a run's test images, and draws of its prior, for the browser."""
    return maps.scene_file(run.test_labels, planes.prior_samples(run.model()))


@functools.lru_cache(maxsize=16)
def custom_preview(name: str) -> Image.Image:
    """A row of images of each class of a custom data set; of many classes one image each. Raises DataError."""
    described, images = data.describe(name), data.load_train(name)
    each = N_PREVIEW if described.n_classes <= N_PREVIEW else 1
    rows = [images.rows(images.labels == k).floats()[:each] for k in range(described.n_classes)]
    pixels = torch.cat([pad(row, (0, 0, 0, each - len(row))) for row in rows])
    return figures.enlarge(figures.tile(pixels, described.shape, N_PREVIEW, gap=2), 600)


def about(run: runs.Run) -> str:
    """What the run is, as a sentence."""
    return titles.about(run.config, words.markdown(run.description.title))


def summary(run: runs.Run) -> str:
    """What the run is, what it shows and how well it does, in a line."""
    return (
        f"{about(run)} {titles.entry(run.name, run.config).sentence} On test images: reconstruction "
        f"MSE {run.metrics['reconstruction_mse']:.4f} per pixel; {from_prior(run)}.{mistakes(run)}{projected(run)}"
    )


def details(run: runs.Run) -> str:
    """Name, seed, training time and distances of a run, in a line."""
    metrics, name = run.metrics, words.markdown(run.name)
    return (
        f"{name}: {run.cpu_seconds:.0f} CPU-seconds of training, seed {run.config.seed}. Distance of the codes to the "
        f"prior {metrics['prior_distance']:.3f}; two samples of the prior: {metrics['prior_distance_floor']:.3f}."
    )


def from_prior(run: runs.Run) -> str:
    """How far the test codes are from the prior, in the distance of two samples of it."""
    times = run.metrics["prior_distance"] / run.metrics["prior_distance_floor"]
    if run.config.regularizer == "none":
        return f"no prior: codes {times:.1f} times as far from the {maps.prior_name(run.config)} as draws of it"
    return f"codes {times:.1f} times as far from the prior as draws of it"


def projected(run: runs.Run) -> str:
    """What a map of more than two dimensions shows, as a sentence; else nothing."""
    dim = run.config.latent_dim
    return f" Points are projected from {dim} dimensions; images are decoded on the plane." if dim > 2 else ""


def mistakes(run: runs.Run) -> str:
    """The classification error, or the clustering error, on test images as a sentence; else nothing."""
    config, metrics = run.config, run.metrics
    if "classification_error" in metrics:
        labels = "all" if config.label_count is None else f"{config.label_count:,}"
        return f" Classification error {100 * metrics['classification_error']:.2f} %, learned with {labels} labels."
    if "clustering_error" in metrics:
        return f" Clustering error {100 * metrics['clustering_error']:.2f} %, with {config.n_categories} clusters."
    return ""


@remembered
def holes(run: runs.Run) -> Tensor:
    """Draws of the run's prior that have no code nearby [M, latent_dim]."""
    return density.holes(run.model(), run.test_codes.float())


@blobs.published
def scatter(run: runs.Run) -> bytes:
    """The run's test codes as a picture for either theme."""
    return webp(figures.scatter(run, side=600, background="#ffffff00"))


def webp(picture: Image.Image) -> bytes:
    """The picture as a file: of scattered points half as large as a PNG."""
    file = io.BytesIO()
    picture.save(file, "WEBP", lossless=True)
    return file.getvalue()


@blobs.published
def timeline_url(run: runs.Run) -> bytes:
    """The snapshots and the history of a run, for the browser."""
    return json.dumps(trainings.timeline(run, frame_urls(run))).encode()


def training(run: runs.Run) -> LivePayload:
    """A map of the run's training."""
    return {**training_facts(run), "scene": scene_url(run), "timeline": timeline_url(run)}


@remembered
def training_facts(run: runs.Run) -> dict[str, Any]:
    """What the browser is given of a run's training beside addresses."""
    return trainings.run_facts(run)


def pad_data(run: runs.Run, plane_name: str, label: int | None = None) -> MapPayload:
    """A map of the run on a plane, its decoder conditioned on a class or cluster where it is conditional."""
    return maps.map_payload(facts(run, plane_name), addresses(run), label)


def encode_data(run: runs.Run, plane_name: str, label: int | None) -> EncodePayload:
    """An image's way through the run's networks."""
    discriminator = discriminator_url(run) if run.config.regularizer == "adversarial" else None
    return maps.encode_payload(run, pad_data(run, plane_name, label), discriminator)


@remembered
def facts(run: runs.Run, plane_name: str) -> dict[str, Any]:
    """What the browser is given of a run beside addresses."""
    return maps.map_facts(run, plane_name)


def addresses(run: runs.Run) -> maps.Addresses:
    """Where the browser finds the files of a run."""
    found = testimages.of(run)
    files = decoder_url(run), decoder_rest_url(run), encoder_url(run), codes_url(run), frame_urls(run)
    return maps.Addresses(*files, found.address, found.reason)
