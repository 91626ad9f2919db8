"""What the browser needs to show how a run classifies test images; independent of Streamlit."""

import torch
from safetensors.torch import save as serialize
from torch import Tensor

from aae.analysis.clusters import Assignment


def file_of_images(labels: Tensor, y_logits: Tensor) -> bytes:
    """Labels, predictions, q(y|x) of both [N], and the images from the lowest q(y|x) of their label; logits [N, K]."""
    log_q = y_logits.double().log_softmax(1)  # float32 would round many of them to 0
    confidence, predicted = log_q.max(1)
    truth = log_q.gather(1, labels.long()[:, None]).squeeze(1)
    return _file(labels, predicted, confidence, truth.argsort(stable=True), truth)


def file_of_assignment(labels: Tensor, found: Assignment) -> bytes:
    """The same where q(y|x) is known of the predicted class alone: first the images that are most surely wrong."""
    signed = torch.where(found.cluster == labels, 1.0, -1.0) * found.log_confidence.exp()
    return _file(labels, found.cluster, found.log_confidence, signed.argsort(stable=True))


def _file(labels: Tensor, predicted: Tensor, confidence: Tensor, order: Tensor, truth: Tensor | None = None) -> bytes:
    tensors = {"labels": labels.to(torch.uint8), "predicted": predicted.to(torch.uint8), "order": order.int()}
    tensors["confidence"] = confidence.exp().half()
    return serialize(tensors if truth is None else {**tensors, "truth": truth.exp().half()})
