"""The classifier of MNIST behind the scores of generated images: train it, or measure the shipped one."""

import torch
from safetensors.torch import save
from torch.nn.functional import cross_entropy

from aae import data, files
from aae.analysis import features
from aae.data import augment
from benchmarks import report

EPOCHS, BATCH, RATE, SHIFT, DISTORTION = 10, 128, 4e-3, 2, 0.2
MEANINGS = {"accuracy": "of the shipped classifier, on MNIST's 10,000 test images", "n": "test images"}


def train(images: data.Images, seed: int = 0) -> features.Classifier:
    """A classifier, trained on images moved and distorted at random, with a cosine learning rate."""
    torch.manual_seed(seed)
    network, generator = features.Classifier(), torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, EPOCHS * (len(images.labels) // BATCH))
    for _ in range(EPOCHS):
        for index in torch.randperm(len(images.labels), generator=generator).split(BATCH):
            if len(index) == BATCH:
                _step(network, optimizer, images.rows(index), generator)
                schedule.step()
    return network.eval()


def _step(network: features.Classifier, optimizer: torch.optim.Optimizer, batch: data.Images, generator) -> None:
    pixels = batch.floats().view(-1, features.SIDE, features.SIDE)
    moved = augment.distorted(augment.shifted(pixels, SHIFT, generator), DISTORTION, generator)
    loss = cross_entropy(network(moved.flatten(1)), batch.labels, label_smoothing=0.05)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def measure(train_anew: int = 0) -> dict[str, float]:
    """The shipped classifier's accuracy; with train_anew=1, of one that is trained now and takes its place."""
    mnist = data.load("mnist")
    if train_anew:
        network = train(mnist.train)
        kept = {name: tensor.half() if tensor.is_floating_point() else tensor
                for name, tensor in network.state_dict().items()}  # fmt: skip
        features.FILE.parent.mkdir(exist_ok=True)
        files.write_atomically(features.FILE, save(kept))
        features.classifier.cache_clear()
    seen = features.see(mnist.test.floats())
    accuracy = (seen.probabilities.argmax(1) == mnist.test.labels).float().mean().item()
    return {"accuracy": accuracy, "n": len(mnist.test.labels)}


if __name__ == "__main__":
    report.run(measure, MEANINGS, train_anew=0)
