"""Which category each test image of a run is in, as tensors of its file; files of before have none of them."""

import torch
from torch import Tensor

from aae.analysis.clusters import Assignment
from aae.config import Config

CATEGORY, CONFIDENCE, EXAMPLES = "test_category", "test_log_confidence", "category_examples"


def expected(config: Config, n: int) -> dict[str, tuple[torch.dtype, tuple[int, ...]]]:
    """The type and shape of each of these tensors of a run with n test images."""
    if not config.n_categories:
        return {}
    of_images = {CATEGORY: (torch.int16, (n,)), CONFIDENCE: (torch.float32, (n,))}
    return {**of_images, EXAMPLES: (torch.int32, (config.n_categories,))}


def to_tensors(assignment: Assignment | None) -> dict[str, Tensor]:
    """What is stored of an assignment."""
    if assignment is None:
        return {}
    cluster, confidence, examples = assignment
    return {CATEGORY: cluster.short(), CONFIDENCE: confidence.clamp(max=0).float(), EXAMPLES: examples.int()}


def from_tensors(tensors: dict[str, Tensor]) -> Assignment | None:
    """The assignment that is stored."""
    if CATEGORY not in tensors:
        return None
    return Assignment(tensors[CATEGORY].long(), tensors[CONFIDENCE].double(), tensors[EXAMPLES].long())


def problem(config: Config, tensors: dict[str, Tensor], n: int) -> str:
    """Why the stored values cannot be an assignment of n test images; nothing where they can."""
    if CATEGORY not in tensors:
        return ""
    highest = {CATEGORY: config.n_categories - 1, CONFIDENCE: 0, EXAMPLES: n - 1}
    for key, most in highest.items():
        if tensors[key].max() > most or (key != CONFIDENCE and tensors[key].min() < 0):
            return f"{key} must be {'at most 0' if key == CONFIDENCE else f'numbers from 0 to {most}'}"
    return ""
