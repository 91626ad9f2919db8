"""What the browser needs to show the clusters of a run; independent of Streamlit."""

from typing import Any

import torch
from safetensors.torch import save as serialize
from torch import Tensor

from aae import figures
from aae.analysis import clusters
from aae.analysis.clusters import Assignment
from aae.app import words
from aae.app.browser import maps
from aae.app.browser.payloads import ClusterScores
from aae.runs import Run

MOST = 256  # clusters, each a row
GROUP = "clusters"


@torch.no_grad()
def heads(run: Run) -> Tensor:
    """The image of each cluster at style 0, in [0, 1] [K, n_pixels]."""
    k = run.config.n_categories
    return run.model().sample(torch.zeros(k, run.config.latent_dim), torch.eye(k))


def clusters_file(run: Run, found: Assignment | None) -> bytes:
    """The heads and the labels; where the assignment is known, each image's cluster and confidence, and their order."""
    tensors = {"heads": (255 * heads(run)).round().to(torch.uint8), "labels": run.test_labels}
    if found is not None:
        tensors["clusters"] = found.cluster.to(torch.uint8)
        tensors["confidence"] = found.log_confidence.exp().half()
        tensors["order"] = found.log_confidence.argsort(descending=True, stable=True).int()
    return serialize(tensors)


def codes_file(run: Run, found: Assignment) -> bytes:
    """The files of a map whose classes are the clusters."""
    return maps.codes_file(run, found.cluster.to(torch.uint8))


def counts(run: Run, found: Assignment) -> Tensor:
    """How many test images of each class are in each cluster [K, n_classes]."""
    labels, config = run.test_labels.long(), run.config
    return clusters.count(found.cluster, labels, config.n_categories, config.n_classes)


def scores(run: Run, found: Assignment) -> ClusterScores:
    """What the true labels say of the clusters."""
    return {
        "named": run.test_labels[found.examples].tolist(),
        "matched": clusters.match(counts(run, found)).tolist(),
        "mutual_information": clusters.mutual_information(found.cluster, run.test_labels),
    }


def facts(run: Run) -> dict[str, Any]:
    """What the browser is given of a run's clusters beside addresses and scores."""
    return {
        "kind": "clusters",
        "run": run.name,
        "title": run.title,
        "dataset": run.config.dataset,
        "n": len(run.test_labels),
        "n_clusters": run.config.n_categories,
        **words.payload(run.description),
        "colours": list(figures.CLASS_COLOURS),
        "group": GROUP,
        "recorded": run.metrics.get("clustering_error"),
        "recorded_by": "validation" if run.config.n_validation else "training",
    }


def map_changes(run: Run, plane_name: str) -> dict[str, Any]:
    """What a map of the run's clusters has beside what every map has: its heads on the plane [K, 2]."""
    weights = run.model().heads
    if weights is None:
        return {"group": GROUP}
    places = maps.plane(run, plane_name).project(weights.weight.T)
    return {"group": GROUP, "heads": [maps.numbers(place) for place in places]}
