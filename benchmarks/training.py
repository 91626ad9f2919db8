"""The project's training step against a plain PyTorch loop, on one thread, in turns."""

import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import torch
from torch.utils.data import DataLoader

from aae import data, training
from aae.analysis import metrics
from aae.config import PRESETS, Config
from aae.data import download
from benchmarks import peers, plain, report

MEANINGS = {
    "plain_images_per_second": "the plain loop: DataLoader, three encoder passes, three Adams, batch 100; CPU time",
    "ratio_batch_100": "times faster: the project's step on the same networks, batch 100",
    "ratio_defaults": "times faster: the project's step at its defaults (batch 500, three discriminator updates)",
    "fraction_of_floor": "bare matrix products and Adam of that first step, as a share of its time",
    "ratio_to_pythae": "times faster than pythae 0.1.2: the project's step on the same networks, batch 100",
    "ratio_to_pythae_defaults": "times faster than that: the project's step at its defaults",
    "bfloat16": "1 where this processor multiplies bfloat16 matrices in hardware, which the project then uses",
    "plain_mse": "test images after equal epochs: the plain loop",
    "plain_prior_distance": "the same: sliced W1 of its codes to the prior",
    "project_mse": "the project at its defaults",
    "project_prior_distance": "the same",
    "prior_distance_floor": "two samples of the prior",
}
HIDDEN = (1000, 1000)  # encoder, decoder and discriminator, as in the paper
DEFAULTS = replace(PRESETS["aae"], hidden=HIDDEN)
SAME = replace(
    DEFAULTS, discriminator_hidden=HIDDEN, batch_norm=False, batch_size=100, discriminator_steps=1, ema_decay=0.0
)
PLAIN = replace(SAME, learning_rate=1e-3, discriminator_learning_rate=2e-4)
PLAIN_WEIGHT = 1.0  # of the generator phase beside the reconstruction
ROUND = 3000  # images of each contestant in a round


def measure(rounds: int, epochs: int) -> dict[str, float]:
    """Time the contestants in turns on MNIST; then train each for some epochs and evaluate the codes."""
    torch.set_num_threads(1)
    training.tune_process()
    images = data.load("mnist")
    contestants = [plain_steps(), project_steps(SAME, images), project_steps(DEFAULTS, images), floor_steps(SAME)]
    if peers.is_installed():
        contestants.append(peers.steps(PLAIN, images.train.pixels[:ROUND]))
    speeds = [[images_per_second(steps) for steps in contestants] for _ in range(rounds)]
    _, same, defaults, floor, *peer = medians([[speed / row[0] for speed in row] for row in speeds])
    return {
        "plain_images_per_second": statistics.median(row[0] for row in speeds),
        "ratio_batch_100": same,
        "ratio_defaults": defaults,
        "fraction_of_floor": same / floor,
        **({"ratio_to_pythae": same / peer[0], "ratio_to_pythae_defaults": defaults / peer[0]} if peer else {}),
        "bfloat16": float(training.bfloat16_is_fast()),
        **(quality(images, epochs) if epochs else {}),
    }


def medians(rows: list[list[float]]) -> list[float]:
    """The median of each column."""
    return [statistics.median(column) for column in zip(*rows, strict=True)]


def images_per_second(steps: Iterator[int]) -> float:
    """Images for each second of CPU, over the next ROUND of them."""
    seen, begin = 0, time.process_time()
    while seen < ROUND:
        seen += next(steps)
    return seen / (time.process_time() - begin)


def mnist_dataset():
    """MNIST as tutorials load it: each image through PIL to a tensor."""
    datasets = download.torchvision_datasets()
    from torchvision.transforms import ToTensor

    return datasets.MNIST(data.root(), train=True, transform=ToTensor())


def plain_steps() -> Iterator[int]:
    """The plain loop, a step at a time: how many images each took."""
    contestant, dataset = plain.start(PLAIN), mnist_dataset()
    while True:
        for batch, _ in DataLoader(dataset, PLAIN.batch_size, shuffle=True):
            plain.step(contestant, batch.flatten(1), PLAIN_WEIGHT)
            yield len(batch)


def project_steps(config: Config, images: data.Data) -> Iterator[int]:
    """The project's loop, likewise."""
    state = training.start(config)
    per_epoch = training.steps_per_epoch(config, len(images.train.labels))
    for epoch in itertools.count():
        for rows in training.epoch_order(config, len(images.train.labels), epoch, per_epoch):
            training.timed_step(state, images.train, rows, progress=0.0)
            yield len(rows)


def floor_steps(config: Config) -> Iterator[int]:
    """The matrix products and the Adam updates that the step cannot do without, and nothing else."""
    model, n = training.start(config).model, config.batch_size
    encoder, decoder = linears(model.encoder), linears(model.decoder)
    discriminator = linears(model.discriminators["z"])
    products = linear_products(*encoder[0], n)[::2]  # the gradient of the images is not needed
    for shape in [*encoder[1:], *decoder]:
        products += linear_products(*shape, n)
    for shape in discriminator:
        products += linear_products(*shape, 2 * n)  # real and fake
        products += linear_products(*shape, n)[:2]  # the encoder's turn: forward, and back to the codes
    optimizers = training.make_optimizers(model)
    for parameter in model.parameters():
        parameter.grad = torch.randn_like(parameter)
    while True:
        for product in products:
            product()
        for optimizer in optimizers.values():
            optimizer.step()
        yield n


def linears(network: torch.nn.Module) -> list[tuple[int, int]]:
    """The shapes of a network's weight matrices."""
    return [(rows, columns) for rows, columns in (w.shape for w in network.parameters() if w.ndim == 2)]


def linear_products(n_out: int, n_in: int, n: int) -> list[Callable[[], torch.Tensor]]:
    """Forward, gradient of the input and gradient of the weight of a linear layer on n rows."""
    kind = torch.bfloat16 if training.bfloat16_is_fast() else torch.float32
    x, y, weight = (torch.randn(*shape).to(kind) for shape in ((n, n_in), (n, n_out), (n_out, n_in)))
    return [lambda: x @ weight.T, lambda: y @ weight, lambda: y.T @ x]


def quality(images: data.Data, epochs: int) -> dict[str, float]:
    """Reconstruction and distance to the prior after equal epochs."""
    contestant = plain.start(PLAIN)
    plain.train(contestant, mnist_dataset(), epochs, PLAIN_WEIGHT)
    state = training.start(replace(DEFAULTS, epochs=epochs))
    for _ in training.train(state, images):
        pass
    ours, theirs = (metrics.evaluate(model, images) for model in (state.best_model, contestant.model))
    return {
        "plain_mse": theirs["reconstruction_mse"],
        "plain_prior_distance": theirs["prior_distance"],
        "project_mse": ours["reconstruction_mse"],
        "project_prior_distance": ours["prior_distance"],
        "prior_distance_floor": ours["prior_distance_floor"],
    }


if __name__ == "__main__":
    report.run(measure, MEANINGS, rounds=5, epochs=2)
