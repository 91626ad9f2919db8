"""How well images are found by a few bits, and reconstructed from a few bytes: `python -m benchmarks.compression`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from aae import data, files, runs
from aae.analysis import hashing, metrics
from benchmarks import report

RESULTS = Path(__file__).parent / "results" / "compression.json"
COMMAND = "python -m benchmarks.compression"
RUNS = ("ae", "vae", "aae", "gaussian_8d", "denoising_ae", "denoising_aae", "reduced_10d")
BITS = (2, 4, 8, 12, 16, 24, 32, 48, 64)
SEEDS = range(3)  # of random directions
N_QUERIES, K = 500, 10
BYTES = 2  # of a number: float16
COMPONENTS = (1, 2, 4, 8, 15, 30, 60)


def search(database: Tensor, queries: Tensor, same: Tensor, made: list[hashing.Hash]) -> list[list[float]]:
    """Precision of the K nearest by each number of bits: mean and standard deviation over the hashes."""
    found = []
    for n in BITS:
        each = [hashing.precision_at(K, hashing.hamming(hash.bits(queries, n), hash.bits(database, n)), same).mean()
                for hash in made if n <= hash.directions.shape[1]]  # fmt: skip
        if each:
            values = torch.stack(each)
            found.append([n, values.mean().item(), values.std().item() if len(each) > 1 else 0.0])
    return found


def searches(mnist: data.Data) -> Iterator[dict[str, Any]]:
    """Test images: the first N_QUERIES are looked for among the others, by the codes of runs and by their pixels."""
    labels, pixels = mnist.test.labels, mnist.test.floats()
    same = labels[:N_QUERIES, None] == labels[None, N_QUERIES:]
    trained = mnist.train.rows(slice(10_000)).floats()
    for name in RUNS:
        run = runs.load(runs.shipped()[name])
        code = run.model().place(metrics.encode_all(run.model(), mnist.test))
        hashes = [hashing.random_hyperplanes(code, seed) for seed in SEEDS]
        yield {"of": name, "precision": search(code[N_QUERIES:], code[:N_QUERIES], same, hashes)}
    by_pixels = {
        "pixels, random projections": [hashing.random_projections(trained, seed) for seed in SEEDS],
        "pixels, principal components": [hashing.principal_components(trained)],
    }
    for name, hashes in by_pixels.items():
        yield {"of": name, "precision": search(pixels[N_QUERIES:], pixels[:N_QUERIES], same, hashes)}


def sizes(mnist: data.Data) -> Iterator[dict[str, Any]]:
    """Bytes of a code in float16, and the error of what is reconstructed from it; beside principal components."""
    for name in RUNS:
        run = runs.load(runs.shipped()[name])
        if run.config.n_categories == 0:
            error = metrics.reconstruction(run.model(), mnist.test)["reconstruction_mse"]
            yield {"of": name, "bytes": BYTES * run.config.latent_dim, "mse": error}
    train, test = mnist.train.rows(slice(10_000)).floats(), mnist.test.floats()
    directions = torch.pca_lowrank(train, q=max(COMPONENTS), niter=4)[2]
    for n in COMPONENTS:
        kept = directions[:, :n]
        made = (test - train.mean(0)) @ kept @ kept.T + train.mean(0)
        yield {"of": "principal components", "bytes": BYTES * n, "mse": (made - test).square().mean().item()}


def main() -> None:
    """Measure, keep and print."""
    parser = report.parser(__doc__)
    parser.add_argument("--json", action="store_true", help="print what is kept")
    options = parser.parse_args()
    kept = measured()
    files.write_atomically(RESULTS, (json.dumps(kept) + "\n").encode())
    if options.json:
        print(json.dumps(kept))
        return
    for row in kept["search"]:
        print(f"{row['of']:<30}", *(f"{n} bits {mean:.3f} ± {sd:.3f}" for n, mean, sd in row["precision"]), sep="  ")
    for row in kept["size"]:
        print(f"{row['of']:<30}{row['bytes']:>5} bytes  MSE {row['mse']:.4f}")


def measured() -> dict[str, Any]:
    """What is kept."""
    mnist = data.load("mnist")
    about = (
        f"{N_QUERIES:,} test images of MNIST are looked for among the other {len(mnist.test.labels) - N_QUERIES:,}; "
        f"mean ± standard deviation over {len(SEEDS)} draws of random directions."
    )
    return {
        "command": COMMAND,
        "about": about,
        "k": K,
        "search": list(searches(mnist)),
        "size": list(sizes(mnist)),
    }


if __name__ == "__main__":
    main()
