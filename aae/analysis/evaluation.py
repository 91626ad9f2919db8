"""Everything that a model is measured by, each with its sample size and standard error."""

from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

import torch
from torch import Tensor

from aae.analysis import features, generation, metrics, planes, quality
from aae.data import Data, Images
from aae.models.autoencoder import AutoEncoder, Code

N_GENERATED = 5000  # images for each draw of the scores of generated images
N_DRAWS = 3  # of them, each of its own seed
N_WIDTH = 1000  # images on which the Parzen window's width is chosen


class Metric(NamedTuple):
    """What a figure means."""

    title: str
    better: str  # "lower" or "higher"; "": neither
    about: str
    source: str = ""
    digits: int = 3


class Figure(NamedTuple):
    """A measured value."""

    value: float
    error: float | None  # standard error
    n: int  # images, draws or dimensions that it is of


METRICS = {
    "mse": Metric("reconstruction MSE", "lower", "squared error per pixel of reconstructions of test images", digits=4),
    "bce": Metric("reconstruction BCE", "lower", "cross-entropy of reconstructions, nats per test image", digits=1),
    "psnr": Metric("PSNR", "higher", "peak signal-to-noise ratio of reconstructions, decibels", digits=2),
    "ssim": Metric("SSIM", "higher", "structural similarity of reconstructions and test images", "Wang et al. 2004"),
    "prior_distance": Metric("distance to the prior", "lower",
        "sliced Wasserstein distance of the test codes to draws of the prior"),
    "coverage": Metric("coverage", "higher", "share of draws of the prior with a test code nearby"),
    "leakage": Metric("label leakage", "",
        "accuracy of a linear classifier from the code to the class, on held-out test codes"),
    "active_units": Metric("active units", "", "dimensions of the code that vary from image to image",
        "Burda et al. 2016", 0),
    "kl": Metric("KL", "", "KL divergence of the posteriors to the prior, nats per image, summed over dimensions",
        "Kingma & Welling 2014", 2),
    "sensitivity": Metric("sensitivity", "lower",
        "distance over the pixels that an image moves where its code moves by a standard deviation of the prior"),
    "parzen": Metric("Parzen log-likelihood", "higher",
        "log density of test images under Gaussian windows around 10,000 generated images, nats; the width of the "
        "windows is the best one for images that the run held out, or, where it held out none, was trained on",
        "Breuleux et al. 2011; Makhzani et al. 2015, Table 1", 1),
    "inception_score": Metric("IS (MNIST features)", "higher",
        "exp E KL(p(y|x) || p(y)) of generated images by this project's classifier, not by Inception",
        "Salimans et al. 2016", 2),
    "frechet": Metric("Fréchet distance (MNIST features)", "lower",
        "squared Fréchet distance of generated and training images in this project's features, not Inception's",
        "Heusel et al. 2017", 2),
    "precision": Metric("precision", "higher", "share of generated images among the training images, in features",
        "Kynkäänniemi et al. 2019"),
    "recall": Metric("recall", "higher", "share of training images among the generated images, in features",
        "Kynkäänniemi et al. 2019"),
}  # fmt: skip


def measure(model: AutoEncoder, data: Data) -> dict[str, Figure]:
    """Every figure of a model that its mode and data set allow, by the names of METRICS."""
    code = metrics.encode_all(model, data.test)
    return {
        **reconstructions(model, data.test, code),
        **codes(model, code, data.test.labels),
        **smoothness(model),
        **generated(lambda n, seed: planes.generate(model, n, seed), data, model.config.dataset),
    }


def of_images(data: Data, dataset: str) -> dict[str, Figure]:
    """The scores of generated images, of training images in their place: what a perfect model would get."""

    def draw(n: int, seed: int) -> Tensor:
        rest = data.train.rows(slice(N_GENERATED, -N_WIDTH))  # the first are compared with, the last choose the width
        order = torch.randperm(len(rest.labels), generator=torch.Generator().manual_seed(seed))
        return rest.rows(order[:n]).floats()

    return generated(draw, data, dataset)


def over(values: Tensor) -> Figure:
    """The mean of independent values [N]."""
    values = values.double()
    return Figure(values.mean().item(), values.std().item() / len(values) ** 0.5, len(values))


@torch.no_grad()
def reconstructions(model: AutoEncoder, images: Images, code: Code) -> dict[str, Figure]:
    """How well images are reconstructed from the means of their posteriors."""
    parts = [slice(i, i + metrics.BATCH) for i in range(0, len(images.labels), metrics.BATCH)]
    made = torch.cat([model.reconstruct(code.rows(part), images.labels[part]).sigmoid() for part in parts])
    pixels, shape = images.floats(), model.config.image_shape
    bce = torch.nn.functional.binary_cross_entropy(made, pixels, reduction="none").sum(1)
    ssim = torch.cat([quality.ssim(made[part], pixels[part], shape) for part in parts])
    squares = (made - pixels).square().mean(1)
    return {"mse": over(squares), "bce": over(bce), "psnr": over(-10 * squares.log10()), "ssim": over(ssim)}


def codes(model: AutoEncoder, code: Code, labels: Tensor) -> dict[str, Figure]:
    """How the codes lie in their prior, and what they tell of the class."""
    config, n = model.config, len(labels)
    found = {"active_units": Figure(quality.active_units(code.mean), None, config.latent_dim)}
    if config.regularizer != "none":
        found["prior_distance"] = Figure(metrics.prior_distance(config, code.mean)["prior_distance"], None, n)
        with suppress(metrics.TooFew):
            share = metrics.coverage(config, code.mean)
            found["coverage"] = Figure(share, generation.standard_error(share, n), n)
    with suppress(metrics.TooFew):
        accuracy = metrics.leakage(code.mean, labels)["linear"]
        found["leakage"] = Figure(accuracy, generation.standard_error(accuracy, n - n // 2), n - n // 2)
    if code.logvar is not None and config.prior == "gaussian":
        found["kl"] = over(quality.kl_terms(code.mean, code.logvar, config.prior_std).sum(1))
    return found


def smoothness(model: AutoEncoder) -> dict[str, Figure]:
    """How fast decoded images change along the latent space."""
    config = model.config
    if config.regularizer == "none":
        return {}
    z, y = planes.prior_samples(model, N_GENERATED), planes.classes_in_turn(config, N_GENERATED)
    generator, scale = torch.Generator().manual_seed(0), z.std().item()
    return {"sensitivity": over(generation.sensitivity(lambda code: model.sample(code, y), z, scale, generator))}


def generated(draw: Callable[[int, int], Tensor], data: Data, dataset: str) -> dict[str, Figure]:
    """The scores of images that draw(n, seed) gives; those by features only where these are of the data set."""
    unseen = data.validation if len(data.validation.labels) else data.train
    width = unseen.rows(slice(-N_WIDTH, None))
    likelihood = metrics.parzen(draw(metrics.PARZEN_SAMPLES, 0), data._replace(validation=width))
    found = {"parzen": Figure(likelihood["parzen"], likelihood["parzen_standard_error"], len(data.test.labels))}
    if not features.fits(dataset):
        return found
    real = features.see(data.train.rows(slice(N_GENERATED)).floats()).features
    seen = [features.see(draw(N_GENERATED, seed)) for seed in range(N_DRAWS)]
    shares = [generation.precision_and_recall(real, each.features) for each in seen]
    by_draw = {
        "inception_score": [generation.inception_score(each.probabilities) for each in seen],
        "frechet": [generation.frechet_distance(real, each.features) for each in seen],
        "precision": [precision for precision, _ in shares],
        "recall": [recall for _, recall in shares],
    }
    spread = {name: over(torch.tensor(values)) for name, values in by_draw.items()}
    return found | {name: Figure(value, error, N_GENERATED) for name, (value, error, _) in spread.items()}
