"""What the page Clusters shows of a run."""

from typing import Any, cast

from aae.analysis.clusters import Assignment
from aae.app import words
from aae.app.browser import clustered
from aae.app.browser.payloads import ClustersPayload, MapPayload
from aae.app.runs import testimages
from aae.app.server import blobs
from aae.app.server.remembered import remembered
from aae.app.views import clusters, loaders
from aae.runs import Run, titles

NOUNS = {"noun": "cluster", "nouns": "clusters"}


def advice(run: Run) -> str:
    """What the run is, and what can be done with its clusters, in a line."""
    about = titles.about(run.config, words.markdown(run.description.title))
    return f"{about} Name each cluster by its images, merge those that show the same, then reveal the true labels."


def payload(run: Run) -> ClustersPayload:
    """The clusters of the run, and which test images are in them where the run's file or the images say it."""
    found, files = testimages.of(run), testimages.of(run).files
    made = {"file": _file_url(run, files), "images": found.address, "no_images": found.reason}
    made |= {"decoder": loaders.decoder_url(run), "decoder_rest": loaders.decoder_rest_url(run)}
    made |= {"codes": loaders.codes_url(run)}
    drawn = {"map": _map(run, files), "labelled_map": _labelled_map(run)}
    return cast(ClustersPayload, {**clustered.facts(run), "scores": _scores(run, files), **made, **drawn})


# A file of the data set that came or went changes what is made: it counts beside the run


@blobs.published
def _file_url(run: Run, _files: tuple) -> bytes:
    return clustered.clusters_file(run, clusters.assigned(run))


@blobs.published
def _codes_url(run: Run, _files: tuple) -> bytes:
    return clustered.codes_file(run, cast(Assignment, clusters.assigned(run)))


@remembered
def _scores(run: Run, _files: tuple) -> Any:
    found = clusters.assigned(run)
    return None if found is None else clustered.scores(run, found)


def _map(run: Run, files: tuple) -> MapPayload | None:
    """The map with the clusters in place of the classes, where the clusters have heads."""
    shown = _labelled_map(run)
    if shown is None or clusters.assigned(run) is None:
        return None
    names = [str(k) for k in range(run.config.n_categories)]
    return cast(MapPayload, {**shown, **NOUNS, "class_names": names, "codes": _codes_url(run, files)})


def _labelled_map(run: Run) -> MapPayload | None:
    """The map with the classes, where the clusters have heads."""
    if not run.config.cluster_heads:
        return None
    plane = "0,1" if run.config.latent_dim <= 2 else "pca"
    return cast(MapPayload, {**loaders.pad_data(run, plane), **_changes(run, plane)})


@remembered
def _changes(run: Run, plane: str) -> dict[str, Any]:
    return clustered.map_changes(run, plane)
