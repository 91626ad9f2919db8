"""The test images of a data set, for the browser; where they cannot be shown, why not."""

import functools
from typing import NamedTuple, cast

import torch
from safetensors.torch import save as serialize

from aae import data
from aae.app.server import blobs
from aae.runs import MAX_CODES, Run

ABSENT, DAMAGED, OTHER = "is not on this machine", "cannot be read", "on this machine is another one"


class Found(NamedTuple):
    """Test images, those that have a place on a map, or None; then also why, behind the data set's name."""

    images: data.Images | None
    reason: str = ""
    problem: str = ""  # a line of its own, where something is wrong that can be repaired
    files: tuple = ()  # the data set, and the version of its files

    @property
    def address(self) -> str | None:
        """Where the browser finds the images."""
        return _url(*self.files) if self.images else None


def find(dataset: str) -> Found:
    """The test images of a data set; looked for again as soon as its files are others."""
    return _find(dataset, data.version(dataset))


@functools.lru_cache(maxsize=8)
def _find(dataset: str, version: tuple) -> Found:
    try:
        return Found(data.load_test(dataset).rows(slice(MAX_CODES)), files=(dataset, version))
    except data.Missing:
        return Found(None, ABSENT)
    except data.DataError as error:
        return Found(None, DAMAGED, str(error))


def of(run: Run) -> Found:
    """The test images of a run: as many and of the same classes as when it was tested."""
    found, dataset = find(run.config.dataset), run.config.dataset
    if found.images is None or torch.equal(found.images.labels, run.test_labels.long()):
        return found
    problem = f"{dataset} {OTHER} than {run.title} was tested on: images are decoded from its codes instead"
    return Found(None, OTHER, problem)


@blobs.published
def _url(dataset: str, _version: tuple) -> bytes:
    found = cast(data.Images, find(dataset).images)
    return serialize({"images": found.pixels})
