"""What the clusters of a run hold whose decoder is conditioned on one of them."""

from typing import cast

from torch import Tensor

from aae.analysis import metrics
from aae.analysis.clusters import Assignment, assign
from aae.app.browser import clustered, maps
from aae.app.runs import testimages
from aae.app.server.remembered import remembered
from aae.app.words import markdown
from aae.data import Images
from aae.runs import Run


@remembered
def clearest(run: Run) -> int:
    """The cluster whose head, decoded at z = 0, has most contrast: distances of pixels from grey, weighted by them."""
    heads = clustered.heads(run)
    return int(((heads - 0.5).abs() * heads).sum(1).div(heads.sum(1)).argmax())


def assigned(run: Run) -> Assignment | None:
    """Which cluster each test image is in: as the run's file has it, else by the images; None without either."""
    return run.test_assignment or (_assigned(run) if testimages.of(run).images else None)


@remembered
def _assigned(run: Run) -> Assignment:
    return assign(metrics.encode_all(run.model(), cast(Images, testimages.of(run).images)).y_logits)


def members(run: Run) -> Tensor | None:
    """How many test images of each class are in each cluster [K, n_classes], or None where that is not known."""
    found = assigned(run)
    return None if found is None else clustered.counts(run, found)


def words(run: Run, cluster: int | None) -> str:
    """Which class most members of a cluster are of, in a sentence; nothing where that is not known."""
    counted = members(run) if maps.conditional(run.config) == "clusters" else None
    if counted is None:
        return ""
    n, most = int(counted[cluster].sum()), int(counted[cluster].argmax())
    if not n:
        return f" Cluster {cluster}: no test image is in it: its images are extrapolated."
    share, name = 100 * counted[cluster, most].item() / n, markdown(run.class_names[most])
    return f" Cluster {cluster}: {n} of {counted.sum()} test images, {share:.0f} % of them {name}."


def first_label(run: Run) -> int | None:
    """The class or cluster that a conditional decoder begins with."""
    condition = maps.conditional(run.config)
    return clearest(run) if condition == "clusters" else 0 if condition else None


def name_first(run: Run) -> str:
    """That class or cluster in words."""
    first = first_label(run)
    return (
        f"cluster {first}"
        if maps.conditional(run.config) == "clusters"
        else f"class {markdown(run.class_names[first or 0])}"
    )
