"""A run for other programs: its encoder and decoder as ONNX, its codes as CSV, and a snippet that loads it."""

import csv
import io
import zipfile
from typing import Any

import torch
from torch import Tensor, nn

from aae.analysis import planes
from aae.runs.run import Run

OPSET, IR = 17, 8  # of ONNX: old enough for every runtime of the last years


class _Graph:
    """Nodes and constants of an ONNX graph, one after the other."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, tensor: Tensor) -> str:
        """A constant; its name."""
        from onnx import numpy_helper

        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(tensor.detach().contiguous().numpy(), name))
        return name

    def add(self, kind: str, *inputs: str, outputs: list[str] | None = None, **attributes: Any) -> str:
        """A node; the name of its first output."""
        from onnx import helper

        outputs = outputs or [f"value{len(self.nodes)}"]
        self.nodes.append(helper.make_node(kind, list(inputs), outputs, **attributes))
        return outputs[0]

    def mlp(self, network: nn.Sequential, value: str) -> str:
        """A network with its BatchNorm folded in."""
        for i, (weight, bias) in enumerate(planes.fold_batch_norm(network)):
            value = self.add("Relu", value) if i else value
            value = self.add("Gemm", value, self.constant(weight.float()), self.constant(bias.float()), transB=1)
        return value

    def model(self, name: str, inputs: dict[str, int], outputs: dict[str, int]) -> bytes:
        """The file of a model with these inputs and outputs [N, width]."""
        from onnx import TensorProto, checker, helper

        first, last = (
            [helper.make_tensor_value_info(key, TensorProto.FLOAT, ["N", width]) for key, width in ends.items()]
            for ends in (inputs, outputs)
        )
        graph = helper.make_graph(self.nodes, name, first, last, self.constants)
        made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
        checker.check_model(made)
        return made.SerializeToString()


@torch.no_grad()
def encoder(run: Run) -> bytes:
    """images [N, n_pixels] in [0, 1] to mean [N, latent_dim], and where there are such logvar, and y [N, K]."""
    model, config, graph = run.model(), run.config, _Graph()
    widths = {"mean": config.latent_dim}
    if config.posterior == "gaussian":
        widths["logvar"] = config.latent_dim
    if config.n_categories:
        widths["logits"] = config.n_categories
    out = graph.mlp(model.encoder, "images")
    graph.add("Split", out, graph.constant(torch.tensor(list(widths.values()))), outputs=list(widths), axis=1)
    if "logits" in widths:
        graph.add("Softmax", "logits", outputs=["y"], axis=1)
        widths["y"] = widths.pop("logits")
    return graph.model("encoder", {"images": config.n_pixels}, widths)


@torch.no_grad()
def decoder(run: Run) -> bytes:
    """z [N, latent_dim], and y [N, K] where the decoder is given a class or cluster, to images [N, n_pixels]."""
    model, config, graph, value = run.model(), run.config, _Graph(), "z"
    inputs = {"z": config.latent_dim}
    if model.heads is not None:
        inputs["y"] = config.n_categories
        value = graph.add("Add", graph.add("MatMul", "y", graph.constant(model.heads.weight.T.float())), "z")
    elif k := planes.n_labels(config):
        inputs["y"] = k
        value = graph.add("Concat", "z", "y", axis=1)
    graph.add("Sigmoid", graph.mlp(model.decoder, value), outputs=["images"])
    return graph.model("decoder", inputs, {"images": config.n_pixels})


def onnx(run: Run) -> bytes:
    """A .zip of encoder.onnx and decoder.onnx."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("encoder.onnx", encoder(run))
        archive.writestr("decoder.onnx", decoder(run))
    return file.getvalue()


def codes(run: Run) -> str:
    """The codes of the test images as CSV: number of the image, class, coordinates."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["image", "class", *(f"z{d}" for d in range(run.config.latent_dim))])
    names = run.class_names
    for i, (code, label) in enumerate(zip(run.test_codes.tolist(), run.test_labels.tolist(), strict=True)):
        writer.writerow([i, names[label], *(f"{z:.5g}" for z in code)])
    return file.getvalue()


def snippet(run: Run, path: str) -> str:
    """Ten lines of Python that load a run and use it."""
    y = ", torch.eye({k})[:1]" if (k := run.config.n_categories or planes.n_labels(run.config)) else ""
    return f"""import torch
from aae import data, runs

run = runs.load({path!r})
model = run.model()
images = data.load(run.config.dataset).test.floats()[:8]  # [8, {run.config.n_pixels}] in [0, 1]
with torch.no_grad():
    code = model.encode(images)
    print(code.mean)
    pixels = model.sample(torch.zeros(1, {run.config.latent_dim}){y.format(k=k)})  # [1, {run.config.n_pixels}]
"""
