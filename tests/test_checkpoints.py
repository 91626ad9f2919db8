"""Every shipped run loads, stays small, and reproduces its recorded metrics where its data set is at hand."""

import pytest
import torch

from aae import data, runs
from aae.analysis import clusters, metrics

SHIPPED = runs.shipped()


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_run_is_what_its_header_says(name):
    run = runs.load(SHIPPED[name])
    if data.missing_files(run.config.dataset):
        pytest.skip(f"{run.config.dataset} is not in {data.root()}")
    images = data.load(run.config.dataset, run.config.n_validation)
    code = metrics.encode_all(run.model(), images.test)
    assert torch.allclose(run.model().place(code)[: runs.MAX_CODES], run.test_codes.float(), atol=0.05, rtol=1e-2)
    assert torch.equal(images.test.labels[: runs.MAX_CODES], run.test_labels.long())
    if run.test_assignment:
        same = run.test_assignment.cluster == code.y_logits[: runs.MAX_CODES].argmax(1)
        assert same.float().mean() > 0.999  # some are about as likely in two
    measured = metrics.evaluate(run.model(), images)
    scalars = {key: value for key, value in run.metrics.items() if not isinstance(value, list)}
    assert {key: measured[key] for key in scalars} == pytest.approx(scalars, rel=0.01)


@pytest.mark.parametrize("name", [name for name in SHIPPED if runs.load(SHIPPED[name]).config.labels == "unused"])
def test_a_shipped_run_of_clusters_has_its_members(name):
    run = runs.load(SHIPPED[name])
    found = run.test_assignment
    assert (found is not None) == (run.config.n_categories > 0)
    if found is not None:
        counts = clusters.count(found.cluster, run.test_labels.long(), run.config.n_categories, 10)
        assert clusters.error(counts, clusters.match(counts)) == pytest.approx(run.metrics["hungarian_error"], abs=1e-3)


@pytest.mark.parametrize("name", [name for name in SHIPPED if runs.load(SHIPPED[name]).config.labels == "classifier"])
def test_a_shipped_run_with_a_classifier_has_its_predictions(name):
    run = runs.load(SHIPPED[name])
    wrong = run.test_assignment.cluster != run.test_labels.long()
    assert wrong.float().mean().item() == pytest.approx(run.metrics["classification_error"], abs=1e-6)
