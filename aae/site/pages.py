"""What each page of a site is given: of each run what the app's own page would show of it, and its caption."""

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from aae.analysis import planes
from aae.app.browser import maps
from aae.app.runs import testimages
from aae.app.views import anomalies as oddness
from aae.app.views import (
    choosers,
    classifying,
    clustering,
    clusters,
    comparison,
    denoising,
    loaders,
    oddities,
    searching,
    styling,
)
from aae.config import Config
from aae.runs import Run, titles

MOMENTS = 6  # of a training, at most: a site is fetched from far away
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])|\*\*")  # Markdown's; a site shows texts as they are
ABSENT = "is not part of this site"


class Page(NamedTuple):
    """A page that shows runs."""

    title: str
    about: str  # what can be done there; nothing where each run's caption says it
    key: str  # of the address, which names its runs
    usual: tuple[str, ...]  # that are shown first, as far as they are here; else the first
    most: int  # that are shown at once
    fits: Callable[[Config], bool]  # whether it can show such a run
    show: Callable[[Run], dict[str, Any]]  # "payload" and "caption", and what its choosers offer


def of_plane(run: Run, make: Callable[[str], Any]) -> dict[str, Any]:
    """What is shown on the first plane, and what is another on the other planes that the app offers."""
    dim = run.config.latent_dim
    if dim <= 2:
        return {"payload": make("0,1")}
    first = make("pca")
    axes = [f"{i},{j}" for i, j in itertools.combinations(range(min(dim, choosers.MAX_AXES)), 2)]
    others = {name: loaders.facts(run, name) for name in ["pca", *axes]}
    parts = ("origin", "basis", "view", "score_view")
    return {"payload": first, "planes": {name: {part: each[part] for part in parts} for name, each in others.items()}}


def explore(run: Run) -> dict[str, Any]:
    """A run's map, under each class or cluster that its decoder may be given."""
    first = clusters.first_label(run)
    shown = of_plane(run, lambda plane: loaders.pad_data(run, plane, first))
    return {**shown, "caption": loaders.summary(run), "labels": labels(run)}


def labels(run: Run) -> dict[str, Any] | None:
    """What the decoder may be conditioned on, and the words that the caption then ends with."""
    n = planes.n_labels(run.config)
    if not n:
        return None
    of_clusters = maps.conditional(run.config) == "clusters"
    return {
        "names": [str(k) for k in range(n)] if of_clusters else list(run.class_names),
        "words": [plain(clusters.words(run, k)) for k in range(n)],
    }


def encode(run: Run) -> dict[str, Any]:
    """An image's way through a run's networks."""
    made = of_plane(run, lambda plane: loaders.encode_data(run, plane, clusters.first_label(run)))
    return {**made, "caption": loaders.about(run)}


def compare(run: Run) -> dict[str, Any]:
    """A run's map, and what maps beside it have to know of it."""
    (alone,) = [comparison.controls_data([run])]
    made = comparison.pad_data(run, [run], "code", None)
    has_prior = run.config.regularizer != "none"
    shown = {"payload": made, "controls": alone, "regularized": has_prior, "caption": comparison.caption(run)}
    return {**shown, "draws": draws(run)}


def draws(run: Run) -> dict[str, Any]:
    """Draws of a run's prior: where they are, and what is decoded of them."""
    return {
        "marks": comparison.draw(run, comparison.PRIOR, 0).tolist(),
        "picture": comparison.strip_url(run, comparison.PRIOR, 0),
        "caption": comparison.strip_caption(run, comparison.N_DRAWS, comparison.PRIOR),
    }


def style(run: Run) -> dict[str, Any]:
    """A run's styles."""
    return {**of_plane(run, lambda plane: styling.pad_data(run, plane)), "caption": styling.advice(run)}


def classify(run: Run) -> dict[str, Any]:
    """The classes that a run gives to images."""
    return {"payload": classifying.pad_data(run), "caption": classifying.advice(run)}


def clustered(run: Run) -> dict[str, Any]:
    """The clusters of a run."""
    return {"payload": clustering.payload(run), "caption": clustering.advice(run)}


def denoise(run: Run) -> dict[str, Any]:
    """What a run restores of corrupted images."""
    return {"payload": denoising.pad_data([run]), "caption": denoising.without_images(run)}


def search(run: Run) -> dict[str, Any]:
    """Images that are found by bits of a run's codes."""
    return {"payload": searching.payload(run), "caption": loaders.about(run)}


def anomalies(run: Run) -> dict[str, Any]:
    """Test images of the class that a run was not trained on beside the others, by each score."""
    scores = oddness.scores_of(run)
    made: list[dict[str, Any]] = [{**oddness.pad_data(run, score, oddities.CLASS)} for score in scores]
    parts = ("score", "score_title", "unit")
    by_title = {
        payload["score_title"]: {
            "payload": {part: payload[part] for part in parts},
            "caption": plain(oddness.explanation(run, payload["score"])),
        }
        for payload in made
    }
    return {"payload": made[0], "caption": "", "scores": by_title}


def any_run(_: Config) -> bool:
    """Whether a page can show a run, of one that can show all."""
    return True


def is_plane(config: Config) -> bool:
    """Whether codes have two dimensions."""
    return config.latent_dim == 2


def has_odd_class(config: Config) -> bool:
    """Whether a class was held out, and codes alone have a score."""
    return config.held_out_class is not None and not config.cluster_heads


PAGES = {  # by their names in addresses, in the order of the menu
    "explore": Page("Explore", "", "run", (), 1, any_run, explore),
    "compare": Page("Compare", "", "runs", loaders.TRIO, choosers.MAX_COMPARED, is_plane, compare),
    "encode": Page("Encode & decode", "Choose or draw an image x: the encoder gives its code z, the decoder an image "
        "of z. Drag on the map to decode another z.", "run", (), 1, any_run, encode),
    "style": Page("Style & content", "", "styles", ("supervised",), 1, choosers.is_conditional, style),
    "classify": Page("Classify", "", "classified", (classifying.USUAL,), 1, classifying.has_classifier, classify),
    "clusters": Page("Clusters", "", "clusters", ("clusters_16",), 1, choosers.has_clusters, clustered),
    "denoise": Page("Denoise & repair", "Corrupt an image, and see what each autoencoder reconstructs of it.",
        "restorers", tuple(denoising.COLOURS), denoising.MOST, any_run, denoise),
    "anomalies": Page("Anomalies", "", "scored", ("anomaly",), 1, has_odd_class, anomalies),
    "search": Page("Compress & search", "Each bit says on which side of a random hyperplane through the codes the code "
        "of an image lies. Images whose bits differ least are found.", "run", (), 1, any_run, search),
}  # fmt: skip


def in_order(shown: list[Run]) -> list[Run]:
    """Runs as choosers offer them."""
    return sorted(shown, key=lambda run: titles.place(run.name, titles.entry(run.name, run.config).group))


def lighter(run: Run) -> Run:
    """The run with the first, the last, and evenly some of the moments of its training between."""
    epochs = sorted(run.snapshots)
    if len(epochs) <= MOMENTS:
        return run
    kept = {epochs[round(i * (len(epochs) - 1) / (MOMENTS - 1))] for i in range(MOMENTS)}
    return replace(run, snapshots={epoch: frame for epoch, frame in run.snapshots.items() if epoch in kept})


def payload(name: str, shown: list[Run]) -> dict[str, Any]:
    """What a page is given of runs, one at least."""
    page = PAGES[name]
    here = [run.name for run in shown]
    usual = [run for run in page.usual if run in here] or here[: 1 if name != "denoise" else denoising.MOST]
    about = {"page": name, "title": page.title, "about": page.about, "key": page.key, "usual": usual}
    limits = {"most": page.most, "colours": list(denoising.OTHERS)}
    return {**about, **limits, "runs": [{**of_run(run), **with_plain_caption(page.show(run))} for run in shown]}


def with_plain_caption(made: dict[str, Any]) -> dict[str, Any]:
    """What a page shows of a run, its caption as a site shows it."""
    return {**made, "caption": plain(made["caption"])}


def of_run(run: Run) -> dict[str, Any]:
    """How a run is offered."""
    entry = titles.entry(run.name, run.config)
    return {"id": run.name, "title": entry.title, "group": entry.group, "dim": run.config.latent_dim}


def plain(text: str) -> str:
    """A text of the app without Markdown's marks; what it says of this machine is so of the site."""
    return ESCAPED.sub(lambda found: found[1] or "", text).replace(testimages.ABSENT, ABSENT)
