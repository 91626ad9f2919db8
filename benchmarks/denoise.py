"""PSNR and SSIM of reconstructions from corrupted test images, against the strength of each corruption."""

import json
from pathlib import Path
from typing import Any

import torch

from aae import data, files, runs
from aae.analysis import denoising
from aae.cli.arguments import between
from aae.data.augment import CORRUPTIONS
from benchmarks import report

RESULTS = Path(__file__).parent / "results" / "denoise.json"
DATASET = "mnist"
NAMES = ("ae", "vae", "aae", "denoising_ae", "denoising_aae")
STRENGTHS = tuple(k / 10 for k in range(11))
METRICS = ("psnr", "ssim")


def measure(n: int, seeds: int) -> dict[str, dict[str, dict[str, list]]]:
    """The [mean, standard error] at each strength, by corruption, by model, and by metric."""
    images = data.load_test(DATASET).rows(slice(n)).floats()
    models = {name: runs.load(runs.shipped()[name]).model() for name in NAMES}
    curves = {}
    for corruption in CORRUPTIONS:
        points = [denoising.measure(models, images, corruption, strength, range(seeds)) for strength in STRENGTHS]
        curves[corruption] = {
            name: {metric: [rounded(point[name][metric]) for point in points] for metric in METRICS}
            for name in points[0]
        }
    return curves


def rounded(pair: tuple[float, float] | None) -> list[float] | None:
    """A mean and its standard error in four digits after the point."""
    return pair and [round(figure, 4) for figure in pair]


def result(curves: dict[str, Any], n: int, seeds: int) -> dict[str, Any]:
    """What is kept."""
    return {
        "command": "python -m benchmarks.denoise",
        "about": f"The first {n:,} test images of MNIST, {seeds} seeds of each corruption: means, with standard errors "
        "over images. PSNR: of the mean squared error of all images. Encoders are given Gaussian noise as it is, as in "
        "training; the corrupted image itself is clipped to [0, 1].",
        "dataset": DATASET,
        "strengths": STRENGTHS,
        "curves": curves,
    }


def markdown(kept: dict[str, Any], strength: float = 0.5) -> str:
    """The figures at one strength, as a Markdown table: a row a corruption, a column a model."""
    names, at = next(iter(kept["curves"].values())), kept["strengths"].index(strength)
    rows = [("corruption", *names), ("---",) * (1 + len(names))]
    for corruption, models in kept["curves"].items():
        rows.append((corruption, *(cell(*(models[name][metric][at] for metric in METRICS)) for name in names)))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def cell(psnr: list[float], ssim: list[float]) -> str:
    """PSNR and SSIM with their standard errors."""
    return f"{psnr[0]:.1f} ± {psnr[1]:.2f} dB, {ssim[0]:.2f} ± {ssim[1]:.3f}"


def main() -> None:
    parser = report.parser(__doc__)
    number = between(2, data.describe("mnist").n_test)
    parser.add_argument("--images", type=number, default=2000, metavar="N", help="test images (default: 2000)")
    parser.add_argument("--seeds", type=report.SEEDS, default=3, metavar="N", help="of each corruption (default: 3)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    kept = result(measure(options.images, options.seeds), options.images, options.seeds)
    files.write_atomically(RESULTS, (json.dumps(kept) + "\n").encode())
    print(json.dumps(kept) if options.json else markdown(kept))


if __name__ == "__main__":
    main()
