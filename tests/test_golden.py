"""The values that the browser's modules are tested with are those of torch and NumPy today."""

import base64
import json

import golden
import pytest
import torch
from safetensors.torch import load


def agree(stored, fresh):
    """Whether two values are the same, numbers and the tensors of files nearly so."""
    if isinstance(stored, dict) and isinstance(fresh, dict):
        return stored.keys() == fresh.keys() and all(agree(stored[key], fresh[key]) for key in stored)
    if isinstance(stored, list) and isinstance(fresh, list):
        return len(stored) == len(fresh) and all(agree(*pair) for pair in zip(stored, fresh, strict=True))
    if isinstance(stored, float):
        return fresh == pytest.approx(stored, rel=1e-4, abs=1e-5)
    if isinstance(stored, str) and len(stored) > 100:
        a, b = (load(base64.b64decode(text)) for text in (stored, fresh))
        same = (torch.allclose(a[key].float(), b[key].float(), atol=1e-5, equal_nan=True) for key in a)
        return a.keys() == b.keys() and all(same)
    return stored == fresh


@pytest.mark.parametrize("name", golden.FILES)
def test_golden_values_are_current(name):
    stored = json.loads((golden.FOLDER / f"{name}.json").read_text())
    assert agree(stored, json.loads(json.dumps(golden.FILES[name]()))), "run python -m tests.golden"


def test_a_changed_value_is_noticed():
    stored = json.loads((golden.FOLDER / "density.json").read_text())
    assert not agree(stored, {**stored, "level": stored["level"] + 0.01})
    assert not agree(stored, {key: value for key, value in stored.items() if key != "level"})
