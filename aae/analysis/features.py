"""A small classifier of MNIST, whose features and class probabilities the scores of generated images are made of.

It is not the Inception network: scores by it compare with each other, not with published ones.
"""

import functools
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

FILE = Path(__file__).resolve().parents[2] / "checkpoints/features/mnist.safetensors"
SIDE, N_FEATURES, BATCH = 28, 64, 1000
ACCURACY = 0.9956  # on MNIST's test images: `python -m benchmarks.features`


class Classifier(nn.Module):
    """Two convolutions and a layer of features; images [B, 784] in [0, 1] to logits [B, 10]."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Unflatten(1, (1, SIDE, SIDE)),
            *(nn.Conv2d(1, 16, 5, padding=2), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(16, 32, 5, padding=2), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Flatten(), nn.Linear(7 * 7 * 32, N_FEATURES), nn.BatchNorm1d(N_FEATURES), nn.ReLU()),
        )
        self.head = nn.Linear(N_FEATURES, 10)

    def forward(self, images: Tensor) -> Tensor:
        """Logits [B, 10]."""
        return self.head(self.features(images))


class Seen(NamedTuple):
    """What the classifier gives for images."""

    features: Tensor  # [N, N_FEATURES]
    probabilities: Tensor  # [N, 10]


def fits(dataset: str) -> bool:
    """Whether the classifier was trained on this data set: MNIST."""
    return dataset == "mnist" and FILE.is_file()


@functools.cache
def classifier() -> Classifier:
    """The shipped classifier; `python -m benchmarks.features` trained it."""
    network = Classifier()
    network.load_state_dict({name: tensor.float() for name, tensor in load_file(FILE).items()})
    return network.eval()


@torch.no_grad()
def see(images: Tensor) -> Seen:
    """The features and class probabilities of images [N, 784] in [0, 1]."""
    network = classifier()
    features = torch.cat([network.features(part) for part in images.split(BATCH)])
    return Seen(features, network.head(features).softmax(1))
