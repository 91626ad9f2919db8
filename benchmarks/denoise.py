"""PSNR and SSIM of reconstructions from corrupted test images, against the strength of each corruption."""

import argparse
import json
from pathlib import Path
from typing import Any

import torch

from aae import data, files, runs
from aae.analysis import denoising
from aae.data.augment import CORRUPTIONS

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
        "over images. PSNR: of the mean squared error of all images.",
        "dataset": DATASET,
        "strengths": STRENGTHS,
        "curves": curves,
    }


def lines(curves: dict[str, Any], strength: float = 0.5) -> list[str]:
    """The figures at one strength, for people."""
    at = STRENGTHS.index(strength)
    found = [f"{'at strength ' + str(strength):<24}{'PSNR in dB':>18}{'SSIM':>20}"]
    for corruption, models in curves.items():
        for name, figures in models.items():
            psnr, ssim = (figures[metric][at] for metric in METRICS)
            cells = f"{psnr[0]:>10.2f} ± {psnr[1]:.2f}{ssim[0]:>13.3f} ± {ssim[1]:.3f}"
            found.append(f"{corruption:<12}{name:<16}{cells}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=2000, metavar="N", help="test images (default: 2000)")
    parser.add_argument("--seeds", type=int, default=3, metavar="N", help="of each corruption (default: 3)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    kept = result(measure(options.images, options.seeds), options.images, options.seeds)
    files.write_atomically(RESULTS, (json.dumps(kept) + "\n").encode())
    print(json.dumps(kept) if options.json else "\n".join(lines(kept["curves"])))


if __name__ == "__main__":
    main()
