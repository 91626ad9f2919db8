"""The bytes of a run: a .safetensors file whose header holds config, history and metrics as JSON.

Files may be uploads: nothing is unpickled, limits come before reading, and what a page, a figure or a
command reads of a run is checked here, before a network is built.
"""

import io
import json
import warnings
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from safetensors import SafetensorError
from safetensors.torch import load as parse_tensors
from safetensors.torch import save as serialize_tensors
from torch import Tensor

from aae.config import Config, ConfigError
from aae.config.datasets import KNOWN, Description
from aae.models.autoencoder import AutoEncoder
from aae.runs import assigned
from aae.texts import one_line, quoted, shown
from aae.training import frames

FORMAT = 1
MAX_BYTES = 64_000_000  # of a run file
MAX_HEADER_BYTES = 4_000_000
MAX_CODES = frames.MAX_CODES
MAX_PICTURE = 4_000_000  # pixels
WEIGHTS, SNAPSHOT = "weights.", "snapshot."
PICTURES = ("sheet", "strip", "opinion")
MOST_OF_NAME = 200  # characters of a file's name in a message
LARGEST = 1e12  # of any figure
BOUNDS = {  # smallest and largest value, both allowed; of other figures: -LARGEST, LARGEST
    "reconstruction_mse": (0.0, LARGEST),
    "reconstruction_bce": (0.0, LARGEST),
    "prior_distance": (0.0, LARGEST),
    "prior_distance_floor": (1e-9, LARGEST),  # which distances are divided by
    "seconds": (0.0, LARGEST),
    **dict.fromkeys(("coverage", "classification_error", "clustering_error", "hungarian_error"), (0.0, 1.0)),
}
VECTORS = {"code_std": 1, "code_mean": 1, "code_covariance": 2}  # dimensions; other figures have none
SHOWN = ("reconstruction_mse", "prior_distance", "prior_distance_floor")  # of every epoch, and of the run
HEADER_TYPES: dict[str, dict[str, type]] = {
    "run": {"config": dict, "history": list, "metrics": dict, "versions": dict},
    "state": {"config": dict, "history": list, "totals": dict, "step": int, "seconds": float},
}
UNSOUND = (ValueError, AttributeError, TypeError, RecursionError, KeyError, RuntimeError, SafetensorError)


class RunError(ValueError):
    """A file that is not a sound run; the text names the file, what was wrong and the remedy in one line."""

    def __init__(self, text: str):
        super().__init__(one_line(text))


def refuse(name: str | Path, problem: str, remedy: str = "train it again") -> RunError:
    """An error in one shape: file: what was wrong: remedy."""
    return RunError(f"{one_line(name, MOST_OF_NAME)}: {problem}: {remedy}")


# Bytes


def serialize(tensors: dict[str, Tensor], kind: str, header: dict[str, Any]) -> bytes:
    """Tensors and a JSON header as the bytes of a .safetensors file."""
    metadata = {"format": json.dumps({"kind": f"aae-{kind}", "version": FORMAT}), "header": json.dumps(header)}
    return serialize_tensors({key: t.contiguous() for key, t in tensors.items()}, metadata=metadata)


def parse_file(content: bytes, name: str, kind: str) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors and our header of a .safetensors file of this kind. Raises RunError."""
    metadata = _read_metadata(content, name)
    _check_kind(metadata, name, kind)
    try:
        tensors = parse_tensors(content)
    except UNSOUND as error:
        raise refuse(name, f"damaged ({error})", "copy or train it again") from error
    return tensors, _parse_header(metadata.get("header"), name, kind)


def _read_metadata(content: bytes, name: str) -> dict[str, Any]:
    """What the writer of a .safetensors file said of it; possibly nothing."""
    length = int.from_bytes(content[:8], "little")
    if len(content) < 8 or length > len(content) - 8:
        raise refuse(name, "not a .safetensors file, or a truncated one", "copy or train it again")
    if length > MAX_HEADER_BYTES:
        raise refuse(name, f"its header holds {length:,} bytes, more than {MAX_HEADER_BYTES:,}")
    try:
        metadata = json.loads(content[8 : 8 + length]).get("__metadata__")
    except UNSOUND as error:
        problem = f"damaged, or not a .safetensors file ({error})"
        raise refuse(name, problem, "copy or train it again") from error
    return metadata if isinstance(metadata, dict) else {}


def _check_kind(metadata: dict[str, Any], name: str, kind: str) -> None:
    """Refuse files of other programs, of another kind, and of other versions."""
    try:
        made_by = json.loads(metadata["format"])
        found, version = made_by["kind"], made_by["version"]
    except UNSOUND:
        found = version = None
    if kind == "run" and found == "aae-state":
        raise refuse(name, "a training that was stopped, not a run", "go on with it by --resume, and take its run")
    if found != f"aae-{kind}":
        problem = f"a .safetensors file, but not a {kind} of this project"
        raise refuse(name, problem, "make one with python -m aae train")
    if version != FORMAT:
        raise refuse(name, f"format {quoted(version)}, this version reads {FORMAT}", "update the project")


def _parse_header(text: Any, name: str, kind: str) -> dict[str, Any]:
    try:
        header = json.loads(text)
        wrong = [key for key, type_ in HEADER_TYPES[kind].items() if not isinstance(header[key], type_)]
    except UNSOUND as error:
        raise refuse(name, f"its header is damaged ({error!r})", "copy or train it again") from error
    if wrong or not all(isinstance(record, dict) for record in header["history"]):
        raise refuse(name, f"its header is damaged ({wrong or 'history'})", "copy or train it again")
    return header


def snapshot_tensors(snapshots: dict[int, dict[str, Tensor]]) -> dict[str, Tensor]:
    """The parts of all frames, each under a name of its own."""
    return {f"{SNAPSHOT}{epoch}.{part}": t for epoch, frame in snapshots.items() for part, t in frame.items()}


def parse_snapshots(name: str, tensors: dict[str, Tensor]) -> dict[int, dict[str, Tensor]]:
    """The frames among the tensors of a file, by epoch; older files have the codes alone, and no part's name."""
    snapshots: dict[int, dict[str, Tensor]] = {}
    for key, tensor in part(tensors, SNAPSHOT).items():
        epoch, _, kind = key.partition(".")
        if not (epoch.isascii() and epoch.isdecimal() and len(epoch) < 7 and (kind or "codes") in frames.PARTS):
            raise refuse(name, f"{SNAPSHOT}{shown(key)} names no part of a snapshot")
        frame = snapshots.setdefault(int(epoch), {})
        if frame.setdefault(kind or "codes", tensor) is not tensor:
            raise refuse(name, f"{SNAPSHOT}{shown(key)} is there twice")
    return dict(sorted(snapshots.items()))


def part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The tensors whose names begin so, without that beginning."""
    return {key.removeprefix(prefix): t for key, t in tensors.items() if key.startswith(prefix)}


# What is checked of a run: numbers first, then tensors


def parse_config(name: str, values: dict[str, Any]) -> Config:
    """The config of a header; fields that an older version did not have are as by default. Raises RunError."""
    try:
        return Config.from_json(values)
    except ConfigError as error:
        raise RunError(f"{one_line(name, MOST_OF_NAME)}: {error}") from error


def parse_description(name: str, config: Config, header: dict[str, Any]) -> Description | None:
    """What a header says of the data set; of older versions it says nothing. Raises RunError."""
    if "data" not in header:
        return None
    try:
        described = Description.from_json(header["data"])
    except ValueError as error:
        raise refuse(name, str(error)) from error
    if (described.n_classes, described.shape) != (config.n_classes, config.image_shape):
        found = f"{described.n_classes} classes and images {list(described.shape)}"
        problem = f"its data have {found}, its config {config.n_classes} and {list(config.image_shape)}"
        raise refuse(name, problem)
    return described


def check_figures(name: str, config: Config, header: dict[str, Any]) -> None:
    """Refuse metrics, records of epochs and versions that could not be shown. Raises RunError."""
    _check_numbers(name, "metrics", header["metrics"], SHOWN, config.latent_dim)
    epochs = [0]
    for i, record in enumerate(header["history"]):
        _check_numbers(name, f"history[{i}]", record, SHOWN, config.latent_dim)
        epochs.append(record.get("epoch"))
        if type(epochs[-1]) is not int or not epochs[-2] < epochs[-1] <= config.epochs:
            raise refuse(name, f"history[{i}].epoch is {quoted(epochs[-1])}: they must grow from 1 to {config.epochs}")
    if not all(isinstance(value, str) for value in header["versions"].values()):
        raise refuse(name, "its versions are not all texts")


def _check_numbers(name: str, where: str, figures: dict[str, Any], required: tuple[str, ...], dim: int) -> None:
    """Refuse figures that are no numbers within their bounds, or vectors and matrices of such."""
    for key in (*required, *figures):
        (low, high), depth = BOUNDS.get(key, (-LARGEST, LARGEST)), VECTORS.get(key, 0)
        for value in _flat(figures.get(key), dim, depth):
            if type(value) not in (int, float) or not low <= value <= high:
                expected = f"{' x '.join([str(dim)] * depth)} numbers" if depth else "a number"
                problem = f"{where}.{shown(key)} is {quoted(figures.get(key))}, not {expected}"
                raise refuse(name, f"{problem} from {low:g} to {high:g}")


def _flat(figure: Any, dim: int, depth: int) -> list[Any]:
    """The numbers of a vector or matrix [dim, ...] of this depth; None where it is none."""
    if not depth:
        return [figure]
    if type(figure) is not list or len(figure) != dim:
        return [None]
    return [number for item in figure for number in _flat(item, dim, depth - 1)]


def check_tensors(name: str, config: Config, tensors: dict[str, Tensor], snapshots: dict) -> None:
    """Refuse tensors that are not what the config implies. Raises RunError."""
    labels = tensors.get("test_labels", torch.empty(0))
    n_test = KNOWN[config.dataset].n_test if config.dataset in KNOWN else MAX_CODES
    n, most = len(labels) if labels.dim() else 0, min(MAX_CODES, n_test)
    expected, optional = expected_tensors(config, n), assigned.expected(config, n)
    given = {key: t for key, t in tensors.items() if not key.startswith(SNAPSHOT)}
    if optional.keys() & given.keys():
        expected |= optional
    for key in sorted(given.keys() ^ expected.keys()):
        problem = "missing" if key in expected else "not one that its config implies"
        raise refuse(name, f"the tensor {shown(key)} is {problem}")
    for key, (dtype, shape) in expected.items():
        _check_tensor(name, key, given[key], dtype, shape)
    if not 0 < n <= most or labels.max() >= config.n_classes:
        raise refuse(name, f"test_labels must be 1 to {most:,} bytes below {config.n_classes}")
    if problem := assigned.problem(config, tensors, n):
        raise refuse(name, problem)
    if any(key.endswith("running_var") and (t < 0).any() for key, t in given.items()):
        raise refuse(name, "a variance is negative")
    for epoch, frame in snapshots.items():
        _check_frame(name, epoch, frame, config, n)


def expected_tensors(config: Config, n: int) -> dict[str, tuple[torch.dtype, tuple[int, ...]]]:
    """The type and shape of each tensor that a run with n test images must have, but for its snapshots."""
    with torch.device("meta"):  # shapes without memory: an uploaded config may have any width
        weights = AutoEncoder(config).state_dict()
    expected = {
        WEIGHTS + key: (torch.float16 if w.is_floating_point() else w.dtype, tuple(w.shape))
        for key, w in weights.items()
    }
    codes = ["test_codes"] + ["test_spread"] * (config.posterior == "gaussian")
    expected |= dict.fromkeys(codes, (torch.float16, (n, config.latent_dim)))
    return {**expected, "test_labels": (torch.uint8, (n,))}


def _check_tensor(name: str, key: str, tensor: Tensor, dtype: torch.dtype, shape: tuple[int, ...]) -> None:
    found = tuple(tensor.shape)
    if found != shape:
        raise refuse(name, f"{key} has the shape {shown(found)} where its config implies {shape}")
    if tensor.dtype != dtype:
        raise refuse(name, f"{key} holds {tensor.dtype}, not {dtype}")
    if tensor.is_floating_point() and not tensor.isfinite().all():
        raise refuse(name, f"{key} holds values that are no numbers (NaN or infinity)")


def _check_frame(name: str, epoch: int, frame: dict[str, Tensor], config: Config, n: int) -> None:
    """Refuse frames without codes, views that are no squares, and pictures that are none."""
    codes, view, accuracy = (torch.float16, (n, config.latent_dim)), (torch.float32, (3,)), (torch.float32, (1,))
    kinds = {"codes": codes, "view": view, "accuracy": accuracy}
    for key in kinds.keys() & frame.keys():
        _check_tensor(name, f"{SNAPSHOT}{epoch}.{key}", frame[key], *kinds[key])
    problems = {
        "has no codes": "codes" not in frame,
        "is of no epoch of this training": epoch > config.epochs,
        "has a view that is no square": "view" in frame and not frame["view"][2] > 0,
        "has a picture that is none": any(not is_picture(frame[key]) for key in PICTURES if key in frame),
    }
    for problem, found in problems.items():
        if found:
            raise refuse(name, f"the snapshot of epoch {epoch} {problem}")


def is_picture(tensor: Tensor) -> bool:
    """Whether a tensor holds the bytes of a WebP picture that a browser can be given."""
    if tensor.dtype != torch.uint8 or tensor.dim() != 1:
        return False
    content = io.BytesIO(tensor.numpy().tobytes())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's, of many pixels: our own limit is lower
            with Image.open(content, formats=["WEBP"]) as picture:
                return picture.width * picture.height <= MAX_PICTURE
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
