"""Clusters against references: assignments, matching, mutual information; the page and what it gives away."""

import itertools
import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load as parse
from sklearn.metrics import mutual_info_score
from streamlit.testing.v1 import AppTest

from aae import data, runs
from aae.analysis import clusters, metrics
from aae.app.browser import clustered
from aae.app.runs import catalogue, testimages
from aae.app.views import choosers, clustering
from aae.app.views import clusters as view
from aae.config import Config
from aae.models.autoencoder import AutoEncoder

MAIN = Path(__file__).resolve().parents[1] / "aae/app/main.py"


def logits(n=400, k=7, seed=0):
    return 3 * torch.randn(n, k, generator=torch.Generator().manual_seed(seed))


def labels(n=400, classes=4, seed=1):
    return torch.randint(classes, (n,), generator=torch.Generator().manual_seed(seed))


def make(heads=False, k=6, dim=2):
    torch.manual_seed(0)
    config = Config(dataset="digits", hidden=(16,), n_categories=k, latent_dim=dim, cluster_heads=heads)
    model, test = AutoEncoder(config), data.load_test("digits")
    spread(model, test)
    shown = test.labels.to(torch.uint8)
    metrics_ = {"reconstruction_mse": 0.1, "prior_distance": 0.1, "prior_distance_floor": 0.1}
    codes = torch.randn(len(shown), dim).half()
    return runs.Run(f"x{heads}{k}", config, model.state_dict(), codes, shown, [], metrics_)


@torch.no_grad()
def spread(model, images):
    """Let no category be likelier than the others, so that each has members."""
    y = metrics.encode_all(model, images).y_logits
    model.encoder[-1].bias[-y.shape[1] :] -= y.mean(0)


@pytest.fixture(params=[False, True], ids=["conditional", "heads"])
def run(request):
    return make(heads=request.param)


# The library


def test_an_assignment_is_the_most_likely_cluster_and_each_cluster_has_its_clearest_example():
    y = logits()
    found, q = clusters.assign(y), y.double().softmax(1)
    assert torch.equal(found.cluster, y.argmax(1))
    assert torch.allclose(found.log_confidence.exp(), q.amax(1))
    assert torch.equal(found.examples, q.argmax(0))


def test_the_papers_protocol_is_the_error_of_the_examples_labels():
    y, truth = logits(), labels()
    counts, examples = clusters.count(y.argmax(1), truth, 7, 4), clusters.assign(y).examples
    expected = metrics.clustering_error(y, truth, metrics.name_clusters(y, truth))
    assert clusters.error(counts, truth[examples]) == pytest.approx(expected)


@pytest.mark.parametrize("k", [3, 4, 6])
def test_matching_is_the_best_of_all_one_to_one_matchings(k):
    y, truth = logits(k=k), labels()
    counts = clusters.count(y.argmax(1), truth, k, 4)
    matched = clusters.match(counts)
    taken = matched[matched != clusters.UNNAMED].tolist()
    assert len(taken) == len(set(taken)) == min(k, 4)
    padded = torch.cat([counts, torch.zeros(max(0, 4 - k), 4)])
    best = max(sum(padded[p[c], c] for c in range(4)) for p in itertools.permutations(range(len(padded)), 4))
    assert clusters.error(counts, matched) == pytest.approx(1 - best.item() / 400)
    assert metrics.hungarian_error(y, truth) == pytest.approx(clusters.error(counts, matched))


def test_the_conditional_entropy_is_none_where_all_is_sure_and_log_k_where_nothing_is():
    sure, even = torch.eye(4), torch.full((3, 4), 0.25)
    assert clusters.conditional_entropy(sure) == pytest.approx(0, abs=1e-5)
    assert clusters.conditional_entropy(even) == pytest.approx(math.log(4))
    mixed = torch.tensor([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0], [0.8, 0.1, 0.1]])
    expected = (math.log(2) - 0.8 * math.log(0.8) - 0.2 * math.log(0.1)) / 3
    assert clusters.conditional_entropy(mixed) == pytest.approx(expected, rel=1e-5)


def test_mutual_information_is_over_the_mean_entropy():
    found, truth = logits().argmax(1), labels()
    entropies = (mutual_info_score(x, x) for x in (found, truth))
    expected = mutual_info_score(truth, found) / (sum(entropies) / 2)
    assert clusters.mutual_information(found, truth) == pytest.approx(expected)
    assert clusters.mutual_information(truth + 3, truth) == pytest.approx(1)


# What the browser is given


def test_the_file_holds_heads_labels_and_members_in_the_order_of_confidence(run):
    found = clusters.assign(metrics.encode_all(run.model(), data.load_test("digits")).y_logits)
    tensors = parse(clustered.clusters_file(run, found))
    k = run.config.n_categories
    expected = run.model().sample(torch.zeros(k, 2), torch.eye(k))
    assert (tensors["heads"] / 255 - expected).abs().max() <= 0.5 / 255 + 1e-6
    assert torch.equal(tensors["clusters"].long(), found.cluster) and torch.equal(tensors["labels"], run.test_labels)
    assert tensors["order"].sort().values.tolist() == list(range(len(run.test_labels)))
    assert (found.log_confidence[tensors["order"].long()].diff() <= 0).all()
    assert tensors["confidence"].float().allclose(found.log_confidence.exp().float(), atol=1e-3)


def test_the_map_has_the_clusters_in_place_of_the_classes_and_their_heads(run):
    shown = clustering.payload(run)
    assert (shown["map"] is None) == (not run.config.cluster_heads) == (shown["labelled_map"] is None)
    if not run.config.cluster_heads:
        return
    assert shown["map"]["class_names"] == [str(k) for k in range(6)] and shown["map"]["noun"] == "cluster"
    assert shown["labelled_map"]["class_names"] == list(run.class_names)
    assert shown["map"]["codes"] != shown["labelled_map"]["codes"]
    heads = torch.tensor(shown["map"]["heads"])
    assert torch.allclose(heads, run.model().heads.weight.T, atol=1e-5)


def test_a_payload_is_small_and_its_scores_are_the_librarys(run):
    shown = clustering.payload(run)
    assert len(json.dumps(shown)) < 8000
    y = metrics.encode_all(run.model(), data.load_test("digits")).y_logits
    names = metrics.name_clusters(y, run.test_labels.long())
    assert shown["scores"]["named"] == names.tolist()
    counts = view.members(run)
    assert clusters.error(counts, torch.tensor(shown["scores"]["matched"])) == pytest.approx(
        metrics.hungarian_error(y, run.test_labels.long())
    )


def test_without_the_images_the_members_are_those_of_the_file(run, monkeypatch):
    found = clusters.assign(metrics.encode_all(run.model(), data.load_test("digits")).y_logits)
    there = clustering.payload(run)
    monkeypatch.setattr(testimages, "of", lambda run: testimages.Found(None, testimages.ABSENT))
    shown = clustering.payload(replace(run, test_assignment=found))
    assert shown["images"] is None and shown["scores"] == there["scores"]
    assert (shown["map"] is None) == (there["map"] is None)


def test_without_the_images_and_an_assignment_there_are_heads_alone(run, monkeypatch):
    monkeypatch.setattr(testimages, "of", lambda run: testimages.Found(None, testimages.ABSENT))
    shown = clustering.payload(run)
    assert shown["scores"] is None and shown["map"] is None and shown["images"] is None
    assert shown["no_images"] == testimages.ABSENT
    assert parse(clustered.clusters_file(run, None)).keys() == {"heads", "labels"}


@pytest.mark.parametrize(("k", "fits"), [(6, True), (clustered.MOST, True), (clustered.MOST + 1, False), (0, False)])
def test_a_run_fits_with_clusters_that_can_be_rows(k, fits):
    assert choosers.has_clusters(Config(n_categories=k)) == fits


def test_a_run_with_labels_has_no_clusters():
    assert not choosers.has_clusters(Config(labels="classifier", n_categories=10, n_labeled=100))


def test_an_opened_file_without_clusters_is_to_be_seen_elsewhere():
    known = catalogue.shipped_known()
    assert choosers.show_clustered(known["aae"]).endswith(f"{choosers.UNCLUSTERED}: see it on Explore.")
    assert choosers.show_clustered(known["clusters_30"]) == ""


# The page


def open_page(name):
    app = AppTest.from_file(MAIN, default_timeout=60)
    app.query_params["clusters"] = name
    return app.run().switch_page("../../pages/clusters.py").run()


@pytest.mark.parametrize("name", ["clusters_16", "clusters_30", "reduced_clusters"])
def test_the_page_opens_with_every_run_of_clusters_and_keeps_the_errors_back(name):
    app = open_page(name)
    assert not app.exception and [select.value for select in app.selectbox] == [name]
    shown = json.loads(app.get("bidi_component")[0].proto.json)
    payload = shown[0] if isinstance(shown, list) else shown
    assert payload["run"] == name and payload["n_clusters"] == runs.load(runs.shipped()[name]).config.n_categories
    assert not any("rror" in caption.value for caption in app.caption)


def test_a_link_to_a_run_without_clusters_says_why_and_shows_another():
    app = open_page("aae")
    assert not app.exception and app.selectbox(key="clusters").value == "clusters_16"
    assert any(choosers.UNCLUSTERED in warning.value for warning in app.warning)
