"""The values that the browser's modules must give, by torch and NumPy: `python -m tests.golden` writes them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from aae.analysis import hashing as binary
from aae.analysis import planes, quality
from aae.app.browser import weights
from aae.config import Config
from aae.data import augment
from aae.models import losses
from aae.models.autoencoder import AutoEncoder, mlp
from tests.golden_anomalies import oddness, separation
from tests.golden_tools import encoded, layer_tensors, seeded, shaken, spelled

FOLDER = Path(__file__).parent / "js/golden"
HALVES = [0, 1, 2, 0x3FF, 0x400, 0x3555, 0x3C00, 0x7BFF, 0x7C00, 0x7E00, 0x8000, 0x8001, 0xBC00, 0xFBFF, 0xFC00, 0xFE00]


def tensors() -> dict[str, Any]:
    """Halves by their bits, and a file with every type of tensor."""
    bits = np.array(HALVES + list(range(0, 65536, 997)), dtype=np.uint16)
    stored = {
        "half": torch.tensor([[1.5, -2.0, 6e-8], [float("inf"), float("nan"), 65504.0]]).half(),
        "single": torch.tensor([3.25, -1e-30]),
        "byte": torch.tensor([0, 7, 255], dtype=torch.uint8),
        "whole": torch.tensor([-5, 2**30], dtype=torch.int32),
    }
    return {
        "halves": {"bits": bits.tolist(), "values": spelled(torch.from_numpy(bits.view(np.float16)))},
        "file": encoded(stored),
        "expected": {name: {"shape": list(t.shape), "values": spelled(t)} for name, t in stored.items()},
    }


@torch.no_grad()
def network() -> dict[str, Any]:
    """An MLP with BatchNorm, and a decoder conditioned on the class: inputs and outputs."""
    torch.manual_seed(0)
    plain = shaken(mlp([4, 9, 7, 5], batch_norm=True), 1)
    inputs = torch.randn(6, 4, generator=seeded(2))
    model = AutoEncoder(Config(dataset="digits", hidden=(12,), labels="decoder", latent_dim=3))
    shaken(model, 5)
    codes, share = torch.randn(4, 3, generator=seeded(3)), torch.rand(4, 10, generator=seeded(4))
    share = share / share.sum(1, keepdim=True)
    biases = planes.conditional_biases(model)
    layers = planes.fold_batch_norm(plain)
    first, rest = weights.first_tensors(layers, 1), weights.rest_tensors(layers, 1)
    return {
        "split": {
            "first": encoded(first),
            "rest": encoded(rest),
            "inputs": inputs.tolist(),
            "rough": forward(joined(first, {name: torch.tensor(63.5) for name in rest}), inputs).tolist(),
            "outputs": forward(joined(first, rest), inputs).tolist(),
        },
        "mlp": {
            "file": encoded(layer_tensors(planes.fold_batch_norm(plain))),
            "inputs": inputs.tolist(),
            "outputs": plain(inputs).tolist(),
        },
        "decoder": {
            "file": encoded({**layer_tensors(planes.decoder_layers(model)), "conditional": biases}),
            "codes": codes.tolist(),
            "images": {str(k): planes.decode(model, codes, k).tolist() for k in (0, 3, 9)},
            "shares": share.tolist(),
            "mixtures": model.sample(codes, share).tolist(),
        },
    }


ENCODERS = {
    "deterministic": Config(dataset="digits", hidden=(12,), latent_dim=3, batch_norm=True),
    "gaussian": Config(dataset="digits", hidden=(12,), latent_dim=2, regularizer="kl", posterior="gaussian"),
    "categories": Config(dataset="digits", hidden=(12,), latent_dim=4, n_categories=5, head_norm=True),
    "heads": Config(dataset="digits", hidden=(12,), latent_dim=2, n_categories=6, cluster_heads=True),
}


@torch.no_grad()
def encoders() -> dict[str, Any]:
    """What encoders of each mode give for images: mean, standard deviation, q(y|x), and the place on a map."""
    return {name: encoder(config) for name, config in ENCODERS.items()}


def encoder(config: Config) -> dict[str, Any]:
    torch.manual_seed(9)
    model = shaken(AutoEncoder(config), 10)
    images = torch.rand(3, 64, generator=seeded(11))
    code = model.encode(images)
    heads = {} if model.heads is None else {"heads": model.heads.weight.T}
    return {
        "file": encoded(layer_tensors(planes.fold_batch_norm(model.encoder)) | heads),
        "dim": config.latent_dim,
        "gaussian": config.posterior == "gaussian",
        "images": images.tolist(),
        "mean": code.mean.tolist(),
        "std": None if code.logvar is None else (0.5 * code.logvar).exp().tolist(),
        "y": None if code.y is None else code.y.tolist(),
        "code": model.place(code).tolist(),
    }


@torch.no_grad()
def objective() -> dict[str, Any]:
    """The terms of a loss, of a single image each."""
    pixels, logits = torch.rand(5, 64, generator=seeded(20)), torch.randn(5, 64, generator=seeded(21))
    mean, logvar = torch.randn(5, 3, generator=seeded(22)), torch.randn(5, 3, generator=seeded(23))
    scores = torch.randn(5, generator=seeded(24))
    each = [slice(i, i + 1) for i in range(5)]
    return {
        "pixels": pixels.tolist(), "decoded": logits.sigmoid().tolist(),
        "mean": mean.tolist(), "std": (0.5 * logvar).exp().tolist(), "prior_std": 2.5,
        "scores": scores.sigmoid().tolist(),
        "squared_error": [losses.squared_error(logits[i], pixels[i]).item() for i in each],
        "cross_entropy": [losses.binary_cross_entropy(logits[i], pixels[i]).item() for i in each],
        "kl": [losses.kl_to_gaussian(mean[i], logvar[i], 2.5).item() for i in each],
        "generator": [losses.generator(scores[i]).item() for i in each],
    }  # fmt: skip


def joined(first: dict[str, Tensor], rest: dict[str, Tensor]) -> list[tuple[Tensor, Tensor]]:
    """The (weight [in, out], bias [out]) of each layer whose bits came in two files."""
    n = len(rest)
    whole = [128 * first[f"upper{i}"].double() + rest[f"lower{i}"] for i in range(n)]
    return [(whole[i] * first[f"scale{i}"], first[f"bias{i}"].double()) for i in range(n)]


def forward(layers: list[tuple[Tensor, Tensor]], x: Tensor) -> Tensor:
    """What an MLP with ReLU between its layers makes of inputs [N, in]."""
    x = x.double()
    for i, (weight, bias) in enumerate(layers):
        x = (x.relu() if i else x) @ weight + bias
    return x


def geometry() -> dict[str, Any]:
    """A plane of largest variance in five dimensions, percentiles, and points inside a loop."""
    codes = torch.randn(30, 5, generator=seeded(6)) * torch.tensor([3.0, 0.5, 2.0, 1.0, 0.1])
    plane = planes.pca_plane(codes)
    places = torch.randn(7, 2, generator=seeded(7))
    p = torch.linspace(0.01, 0.99, 15)
    angles = torch.arange(9) * 2 * torch.pi / 9
    loop = (1 + (torch.arange(9) % 2))[:, None] * torch.stack([angles.cos(), angles.sin()], 1)
    points = 2.2 * (2 * torch.rand(60, 2, generator=seeded(8)) - 1)
    return {
        "plane": {"origin": plane.origin.tolist(), "basis": plane.basis.tolist()},
        "codes": codes.tolist(),
        "projected": plane.project(codes).tolist(),
        "places": places.tolist(),
        "lifted": plane.lift(places).tolist(),
        "percentiles": {"std": 2.5, "p": p.tolist(), "x": (2.5 * torch.special.ndtri(p)).tolist()},
        "lasso": {"loop": loop.tolist(), "points": points.tolist(), "inside": winds_around(points, loop).tolist()},
    }


def winds_around(points: Tensor, loop: Tensor) -> Tensor:
    """Whether a loop [M, 2] winds around each point [N, 2]: by the sum of the angles at which its sides are seen."""
    sides = loop[None] - points[:, None]
    angle = torch.atan2(sides[..., 1], sides[..., 0])
    turns = (angle.roll(-1, 1) - angle + torch.pi) % (2 * torch.pi) - torch.pi
    return turns.sum(1).abs() > torch.pi


def neighbours() -> dict[str, Any]:
    """Counts within a radius and nearest codes, in one to eight dimensions, some left out."""
    cases = []
    for dim in (1, 2, 8):
        codes, draws = (torch.randn(n, dim, generator=seeded(n + dim)).round(decimals=3) for n in (60, 90))
        code, radius = torch.full((dim,), 0.2), 0.7 * dim**0.5
        distance, kept = (codes - code).norm(dim=1), torch.arange(60) % 3 > 0
        left = torch.where(kept, distance, torch.inf)
        cases.append({
            "codes": spelled(codes), "draws": spelled(draws), "code": code.tolist(), "radius": radius,
            "count": int((distance < radius).sum()), "nearest": distance.argsort()[:3].tolist(),
            "distances": distance.sort().values[:3].tolist(),
            "left_count": int((left < radius).sum()), "left_nearest": left.argsort()[:3].tolist(),
            "expected": 60 * ((draws - code).norm(dim=1) < radius).double().mean().item(),
        })  # fmt: skip
    return {"cases": cases}


def density() -> dict[str, Any]:
    """A histogram, its blur, and the level around most of its mass."""
    n, points = 12, np.random.default_rng(0).normal(6, 2, (400, 2))
    counts = np.histogram2d(points[:, 1], points[:, 0], bins=[np.arange(n + 1)] * 2)[0]
    blurred = mean_around(counts)
    ordered = np.sort(blurred.ravel())[::-1]
    level = ordered[np.argmax(ordered.cumsum() > 0.9 * ordered.sum())]
    return {
        "n": n, "points": points.tolist(), "counts": counts.ravel().tolist(), "blurred": blurred.ravel().tolist(),
        "share": 0.9, "level": float(level), "deviation": float(np.sqrt(points.var(0).sum())),
    }  # fmt: skip


def mean_around(values: np.ndarray) -> np.ndarray:
    """The mean of each cell and of those around it that there are."""
    padded = np.pad(values, 1, constant_values=np.nan)
    return np.nanmean(np.lib.stride_tricks.sliding_window_view(padded, (3, 3)), axis=(2, 3))


def likeness() -> dict[str, Any]:
    """PSNR and SSIM of pairs of images."""
    cases = []
    for shape in ((1, 12, 16), (1, 8, 8), (1, 5, 20)):
        x, y = (torch.rand(2, shape[1] * shape[2], generator=seeded(seed)) for seed in (12, 13))
        x = (0.3 * x + 0.7 * y).clamp(min=0.2)
        psnr, ssim = quality.psnr(x, y).tolist(), quality.ssim(x, y, shape).tolist()
        cases.append({"shape": shape, "x": spelled(x[0]), "y": spelled(y[0]), "psnr": psnr[0], "ssim": ssim[0]})
    return {"cases": cases}


def corrupt() -> dict[str, Any]:
    """An image under every corruption, and the random numbers that it took."""
    image, cases = torch.rand(1, 9, 12, generator=seeded(14)), []
    drawn = {"gaussian": torch.randn(image.shape, generator=seeded(15))}
    drawn |= dict.fromkeys(("salt_pepper", "masking"), torch.rand(image.shape, generator=seeded(15)))
    drawn |= {"hole": torch.rand(1, 2, generator=seeded(15))}
    drawn |= {"scribbles": torch.rand(1, augment.STROKES, 4, generator=seeded(15))}
    for name, change in augment.CORRUPTIONS.items():
        for strength in (0.0, 0.3, 0.5, 1.0):
            made, numbers = change(image, strength, seeded(15)), drawn[name]
            cases.append({"name": name, "strength": strength, "drawn": spelled(numbers), "made": spelled(made)})
    return {"image": spelled(image), "height": 9, "width": 12, "cases": cases}


def hashing() -> dict[str, Any]:
    """Binary codes by random hyperplanes, and in how many of the first bits they differ."""
    codes = torch.randn(9, 3, generator=seeded(30))
    made = binary.random_hyperplanes(codes, seed=1)
    apart = {n: binary.hamming(made.bits(codes, n), made.bits(codes, n)).int().tolist() for n in (1, 7, 31, 32, 33, 64)}
    return {
        "codes": codes.tolist(), "centre": made.centre.tolist(), "directions": made.directions.tolist(),
        "bits": made.bits(codes, 64).int().tolist(), "apart": apart,
    }  # fmt: skip


MAKERS = (
    tensors,
    network,
    encoders,
    objective,
    geometry,
    neighbours,
    density,
    likeness,
    corrupt,
    separation,
    oddness,
    hashing,
)
FILES = {make.__name__: make for make in MAKERS}


if __name__ == "__main__":
    for name, make in FILES.items():
        (FOLDER / f"{name}.json").write_text(json.dumps(make()) + "\n")
