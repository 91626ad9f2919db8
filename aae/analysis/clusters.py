"""Clusters of images: assignments by q(y | x), sizes, and how well clusters match the classes."""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Categorical

UNNAMED = -1  # in place of a class


class Assignment(NamedTuple):
    """Which cluster each image is in, and how certainly."""

    cluster: Tensor  # [N] int64, argmax of q(y | x)
    log_confidence: Tensor  # [N] float64, log q(y | x) of that cluster
    examples: Tensor  # [K] int64, the image with the highest q(y_k | x): it names the cluster (Section 6)


def assign(y_logits: Tensor) -> Assignment:
    """The assignment by logits of q(y | x) [N, K]."""
    log_q = y_logits.double().log_softmax(1)  # float32 would round many of them to 0
    highest = log_q.max(1)
    return Assignment(highest.indices, highest.values, log_q.argmax(0))


def count(clusters: Tensor, labels: Tensor, n_clusters: int, n_classes: int) -> Tensor:
    """How many images of each class are in each cluster [K, n_classes], of clusters [N] and labels [N]."""
    pairs = clusters * n_classes + labels
    return torch.bincount(pairs, minlength=n_clusters * n_classes).view(n_clusters, n_classes)


def match(counts: Tensor) -> Tensor:
    """The class of each cluster [K] so that most images agree, each class at most once (Kuhn 1955); else UNNAMED."""
    from scipy.optimize import linear_sum_assignment

    clusters, classes = linear_sum_assignment(counts.numpy(), maximize=True)
    matched = np.full(len(counts), UNNAMED)
    matched[clusters] = classes
    return torch.from_numpy(matched)


def error(counts: Tensor, names: Tensor) -> float:
    """The share of images in a cluster that is named [K] after another class, or UNNAMED."""
    right = counts.gather(1, names.clamp(min=0)[:, None]).squeeze(1) * (names != UNNAMED)
    return 1 - right.sum().item() / counts.sum().item()


def conditional_entropy(y: Tensor) -> float:
    """H(y | x), the mean entropy of q(y | x) [N, K], in nats: 0 where each image is surely in one cluster.

    Of trainings, that with the least has clusters with gaps between them (Grandvalet 2005); no label is seen.
    """
    return Categorical(probs=y).entropy().mean().item()


def mutual_information(clusters: Tensor, labels: Tensor) -> float:
    """Of clusters [N] and labels [N], over the mean of their entropies: 0 independent, 1 the same partition."""
    from sklearn.metrics import normalized_mutual_info_score

    return float(normalized_mutual_info_score(labels.numpy(), clusters.numpy()))
