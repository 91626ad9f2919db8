"""The curve of errors against labels is of the kept figures, with reported ones named as reported."""

import json
import statistics

import pytest
import torch

from aae import data
from aae.app.views import comparison, labelcurve
from aae.config import PRESETS, Config
from aae.data import UNLABELED
from aae.training.batches import known_labels
from benchmarks import labels_only


def rows():
    kept = json.loads(comparison.TABLES.read_text())
    return {row["row"]: row for row in kept if (row["table"], row["budget"]) == ("table2", "quick")}


@pytest.mark.parametrize(("line", "ends"), [(labelcurve.PLAIN, " labels"), (labelcurve.EXTRAS, " labels, with extras")])
def test_measured_lines_are_the_rows_of_table_2(line, ends):
    line = labelcurve.points()[line]
    points = {f"{point.n_labels}{ends}": point for point in line}
    expected = {name: row for name, row in rows().items() if name.endswith(ends)}
    assert points.keys() == expected.keys() and len(points) == len(line) == 3
    for name, point in points.items():
        assert (point.mean, point.sd, point.n) == tuple(expected[name][key] for key in ("mean", "sd", "n"))
        assert point.source == "python -m benchmarks.paper table2"


def test_reported_figures_are_the_papers_alone_and_are_called_reported():
    reported = labelcurve.points()[labelcurve.REPORTED]
    assert [(point.n_labels, point.mean, point.sd) for point in reported] == [
        ("100", 1.9, 0.1), ("1000", 1.6, 0.08), ("all", 0.85, 0.02),
    ]  # fmt: skip
    assert all(point.n is None for point in reported)
    words = labelcurve.explanation(labelcurve.points())
    assert "not measured here**, ± as they have it: 100 labels 1.90 ± 0.10 %" in words and "Ladder" not in words


def test_labels_alone_are_the_kept_errors(tmp_path, monkeypatch):
    kept = labels_only.result({"100": {"0": 20.0, "1": 24.0}, "all": {"0": 1.5}})
    monkeypatch.setattr(labelcurve, "LABELS_ONLY", tmp_path / "kept.json")
    assert labelcurve.alone() == [] and labelcurve.ALONE not in labelcurve.points()
    labelcurve.LABELS_ONLY.write_text(json.dumps(kept))
    hundred, every = labelcurve.points()[labelcurve.ALONE]
    assert (hundred.mean, hundred.sd, hundred.n) == (22, statistics.stdev([20, 24]), 2)
    assert (every.mean, every.sd, every.n) == (1.5, None, 1)
    assert "100 labels 22.00 ± 2.83 % of 2 runs, all labels 1.50 % of 1 run (`python -m benchmarks.labels_only`)" in (
        labelcurve.explanation(labelcurve.points())
    )
    assert labels_only.markdown(kept).splitlines()[2] == "| 100 | 22.00 ± 2.83 | 2 |"


def test_a_network_trained_on_labels_sees_no_other_image():
    torch.manual_seed(0)
    change = {"dataset": "digits", "hidden": [32], "n_labeled": 100, "labeled_per_step": 50, "seed": 1}
    config = Config.from_json({**PRESETS["semi_100"].to_json(), **change})
    images = data.load("digits", 300)
    labels = known_labels(config, images.train.labels)
    hidden = images.train.pixels.clone()
    hidden[labels == UNLABELED] = 255
    without = images._replace(train=images.train._replace(pixels=hidden))
    models = [labels_only.train(config, given, 200) for given in (images, without)]
    for first, second in zip(*(model.encoder.parameters() for model in models), strict=True):
        assert torch.equal(first, second)
    assert labels_only.error_of(models[0], images.test) < 0.3
