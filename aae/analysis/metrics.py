"""Metrics of a run: reconstruction errors, and the distance of its codes from the prior."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np
import torch
from torch import Tensor

from aae.analysis import clusters
from aae.config import Config
from aae.data import Data, Images
from aae.models import losses, priors
from aae.models.autoencoder import AutoEncoder, Code

N_DIRECTIONS = 128
N_PRIOR_DRAWS = 5  # fresh prior samples over which a distance, and that of two prior samples, are means
NEARBY_QUANTILE = 0.99
BATCH = 2000
FEWEST = 50  # codes: the least from which a distribution is estimated


class TooFew(ValueError):
    """Too few test images, or too few that differ, for a figure; the text says how many, and how many it takes."""


def require(n: int, of: str, figure: str) -> None:
    """Raise TooFew where a figure needs more."""
    if n < FEWEST:
        raise TooFew(f"Too few {of}: {n}; {figure} takes at least {FEWEST}.")


@contextmanager
def in_eval_mode(model: AutoEncoder) -> Iterator[None]:
    """Let BatchNorm use its running statistics; afterwards the model is in the mode that it was in."""
    was_training = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(was_training)


@torch.no_grad()
def encode_all(model: AutoEncoder, images: Images) -> Code:
    """The codes of all images in eval mode, z the mean of the posterior."""
    with in_eval_mode(model):
        parts = [model.encode(images.rows(slice(i, i + BATCH)).floats()) for i in range(0, len(images.labels), BATCH)]
    joined: list[Any] = [column[0] if column[0] is None else torch.cat(column) for column in zip(*parts, strict=True)]
    return Code(*joined)


@torch.no_grad()
def reconstruction(model: AutoEncoder, images: Images, code: Code | None = None) -> dict[str, float]:
    """Mean squared error per pixel, and Bernoulli cross-entropy in nats per image, from posterior means."""
    code = code or encode_all(model, images)
    totals = torch.zeros(2, dtype=torch.float64, device=images.pixels.device)
    with in_eval_mode(model):
        for i in range(0, len(images.labels), BATCH):
            rows = images.rows(slice(i, i + BATCH))
            logits, pixels = model.reconstruct(code.rows(slice(i, i + BATCH)), rows.labels), rows.floats()
            sums = torch.stack([losses.squared_error(logits, pixels), losses.binary_cross_entropy(logits, pixels)])
            totals += len(rows.labels) * sums
    squared, bce = (totals / len(images.labels)).tolist()
    return {"reconstruction_mse": squared / images.pixels.shape[1], "reconstruction_bce": bce}


def sliced_wasserstein(a: Tensor, b: Tensor, generator: torch.Generator, n_directions: int = N_DIRECTIONS) -> float:
    """W1 between two samples [N, dim] along random unit directions, the mean over directions."""
    directions = torch.randn(a.shape[1], n_directions, generator=generator, device=a.device)
    directions /= directions.norm(dim=0)
    return ((a @ directions).sort(0).values - (b @ directions).sort(0).values).abs().mean().item()


def prior_distance(config: Config, codes: Tensor, seed: int = 0, n_draws: int = N_PRIOR_DRAWS) -> dict[str, float]:
    """Sliced W1 from codes [N, latent_dim] to prior samples of that size, and between two prior samples."""
    generator = torch.Generator(codes.device).manual_seed(seed)
    distances, floors = [], []
    for _ in range(n_draws):
        first, second = (priors.sample(config, len(codes), generator) for _ in range(2))
        distances.append(sliced_wasserstein(codes, first, generator))
        floors.append(sliced_wasserstein(second, first, generator))
    return {"prior_distance": float(np.mean(distances)), "prior_distance_floor": float(np.mean(floors))}


def nearest(points: Tensor, queries: Tensor) -> np.ndarray:
    """The distance from each query [M, dim] to the nearest of the points [N, dim] [M]."""
    from sklearn.neighbors import NearestNeighbors

    return NearestNeighbors(n_neighbors=1).fit(points.numpy()).kneighbors(queries.numpy())[0][:, 0]


def coverage(config: Config, codes: Tensor, seed: int = 0) -> float:
    """The share of prior mass with a code nearby: as near as 99 % of the mass has one of as many prior samples.

    Raises TooFew.
    """
    require(len(codes), "test images", "coverage of the prior")
    generator = torch.Generator().manual_seed(seed)
    reference, queries = (priors.sample(config, len(codes), generator) for _ in range(2))
    radius = np.quantile(nearest(reference, queries), NEARBY_QUANTILE)
    return float((nearest(codes, queries) <= radius).mean())


def classification_error(y: Tensor, labels: Tensor) -> float:
    """The share of images whose most likely category [N, K] is not their class [N] (Table 2)."""
    return (y.argmax(1) != labels).float().mean().item()


def name_clusters(y_logits: Tensor, labels: Tensor) -> Tensor:
    """The class of each cluster [K]: that of the example with the highest q(y_k | x), of logits [N, K] (Section 6)."""
    return labels[most_confident(y_logits, 1)[0]]


def most_confident(y_logits: Tensor, n: int) -> Tensor:
    """The n examples with the highest q(y_k | x) for each category [n, K], of logits [N, K]; all N where n is more."""
    return (
        y_logits.double().log_softmax(1).topk(min(n, len(y_logits)), dim=0).indices
    )  # float32 would round many of them to 1


def clustering_error(y: Tensor, labels: Tensor, names: Tensor) -> float:
    """The share of images whose cluster is named [K] after another class; clusters may share a name (Table 3)."""
    return (names[y.argmax(1)] != labels).float().mean().item()


def hungarian_error(y: Tensor, labels: Tensor) -> float:
    """The same under the best matching of clusters to classes one to one: what other papers call 1 - accuracy."""
    counts = clusters.count(y.argmax(1), labels, y.shape[1], int(labels.max()) + 1).cpu()
    return clusters.error(counts, clusters.match(counts))


def category_errors(
    config: Config, code: Code, labels: Tensor, naming_code: Code, naming_labels: Tensor
) -> dict[str, float]:
    """The error of y: of classification if y was trained on labels, else of clusters named by the examples."""
    if code.y_logits is None:
        return {}
    if config.labels == "classifier":
        return {"classification_error": classification_error(code.y_logits, labels)}
    names = name_clusters(naming_code.y_logits, naming_labels)
    return {
        "clustering_error": clustering_error(code.y_logits, labels, names),
        "hungarian_error": hungarian_error(code.y_logits, labels),
        "n_clusters_used": len(code.y_logits.argmax(1).unique()),
    }


def evaluate(model: AutoEncoder, data: Data) -> dict[str, Any]:
    """Every metric of a model on its test images; its clusters are named by the monitored images."""
    code, naming = encode_all(model, data.test), data.monitored
    z, covered = code.mean.double(), {}
    with suppress(TooFew):
        covered["coverage"] = coverage(model.config, code.mean)
    return {
        **category_errors(model.config, code, data.test.labels, encode_all(model, naming), naming.labels),
        **reconstruction(model, data.test, code),
        **prior_distance(model.config, code.mean),
        **covered,
        "code_mean": z.mean(0).tolist(),
        "code_covariance": torch.atleast_2d(torch.cov(z.T)).tolist(),
    }


PARZEN_SAMPLES = 10_000
PARZEN_WIDTHS = np.linspace(0.1, 0.3, 11)  # of the window, in pixel ranges


def parzen(samples: Tensor, data: Data) -> dict[str, float]:
    """Mean log-likelihood of the test images in nats, its standard error, and the window's width (Table 1).

    Each sample [N, n_pixels] is the mean of a Gaussian window; its width is the best one for the held-out images.
    """
    held_out = data.validation.floats()
    width = max(PARZEN_WIDTHS, key=lambda sigma: window_log_likelihood(samples, held_out, sigma).mean().item())
    likelihood = window_log_likelihood(samples, data.test.floats(), width)
    error = likelihood.std().item() / len(likelihood) ** 0.5
    return {"parzen": likelihood.mean().item(), "parzen_standard_error": error, "parzen_width": float(width)}


def window_log_likelihood(samples: Tensor, images: Tensor, sigma: float) -> Tensor:
    """log 1/N Σ_n N(x; sample_n, sigma² I) of each image x [B, n_pixels], in nats [B]."""
    n, dim = samples.shape
    constant = np.log(n) + dim * np.log(sigma * np.sqrt(2 * np.pi))
    squares = [torch.cdist(part, samples).square() for part in images.split(BATCH)]
    return torch.cat([(-d / (2 * sigma**2)).logsumexp(1) for d in squares]) - constant


def leakage(codes: Tensor, labels: Tensor) -> dict[str, float]:
    """Accuracy of a linear and of a small nonlinear classifier from codes [N, dim] to labels [N]: half against half.

    Also that of always naming the most frequent class ("guess"). Raises TooFew, also for classes.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier

    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))  # MNIST's halves differ in writers
    x, y, half = codes[order].numpy(), labels[order].numpy(), len(labels) // 2
    counts = np.unique(y[:half], return_counts=True)[1]
    require(len(labels), "test images", "a classifier")
    if len(counts) < 2:
        raise TooFew("Too few classes: a classifier takes test images of at least two.")
    held_out = counts.min() > 1 and half // 10 >= len(counts)  # there are enough to stop early by
    classifiers = {"linear": LogisticRegression(), "mlp": MLPClassifier((64,), early_stopping=held_out, random_state=0)}
    scores = {name: _accuracy(each, x, y, half) for name, each in classifiers.items()}
    return {**scores, "guess": float((y[half:] == np.bincount(y[:half]).argmax()).mean())}


def _accuracy(classifier: Any, x: np.ndarray, y: np.ndarray, half: int) -> float:
    """Of a classifier that learns from so many standardized codes, on the others."""
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    with warnings.catch_warnings(action="ignore"):  # of convergence, which few images never reach
        fitted = make_pipeline(StandardScaler(), classifier).fit(x[:half], y[:half])
    return float(fitted.score(x[half:], y[half:]))
