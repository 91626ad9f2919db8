import json
from dataclasses import replace

import pytest
import torch
from safetensors.torch import save_file

from aae import data, runs, training
from aae.analysis import metrics
from aae.analysis.clusters import assign
from aae.config import PRESETS, Config, ConfigError
from aae.data import Data
from aae.runs import format

TINY = {"dataset": "digits", "hidden": (16,), "discriminator_hidden": (8,), "epochs": 1, "batch_size": 64}
CONFIG = replace(Config(), **TINY)


@pytest.fixture(scope="module")
def run():
    images = Data(*(part.rows(slice(200)) for part in data.load("digits")))
    state = training.start(CONFIG)
    list(training.train(state, images, snapshot_every=1))
    return runs.finish(state, images, "tiny")


@pytest.fixture
def file(run, tmp_path):
    runs.save(run, tmp_path / "tiny.safetensors")
    return tmp_path / "tiny.safetensors"


def test_a_run_survives_its_file(run, file):
    loaded = runs.load(file)
    assert (loaded.name, loaded.config, loaded.metrics, loaded.history) == ("tiny", CONFIG, run.metrics, run.history)
    assert torch.equal(loaded.test_codes, run.test_codes)
    assert list(loaded.snapshots) == [0, 1]
    images = Data(*(part.rows(slice(200)) for part in data.load("digits")))
    assert metrics.evaluate(loaded.model(), images) == run.metrics
    assert torch.allclose(metrics.encode_all(loaded.model(), images.test).mean, loaded.test_codes.float(), atol=2e-3)
    assert list(file.parent.iterdir()) == [file]


def test_a_gaussian_posterior_keeps_its_spread(tmp_path):
    images = Data(*(part.rows(slice(50)) for part in data.load("digits")))
    state = training.start(replace(CONFIG, posterior="gaussian"))
    run = runs.finish(state, images, "wide")
    runs.save(run, tmp_path / "wide.safetensors")
    spread = runs.load(tmp_path / "wide.safetensors").test_posterior_std
    code = metrics.encode_all(run.model(), images.test)
    assert torch.allclose(spread.float(), (0.5 * code.logvar).exp(), atol=2e-3)


def test_a_run_keeps_which_category_each_test_image_is_in(tmp_path):
    images = Data(*(part.rows(slice(50)) for part in data.load("digits")))
    state = training.start(replace(CONFIG, n_categories=6, regularizer="adversarial"))
    run = runs.finish(state, images, "clusters")
    runs.save(run, tmp_path / "clusters.safetensors")
    kept = runs.load(tmp_path / "clusters.safetensors").test_assignment
    expected = assign(metrics.encode_all(run.model(), images.test).y_logits)
    assert torch.equal(kept.cluster, expected.cluster) and torch.equal(kept.examples, expected.examples)
    assert torch.allclose(kept.log_confidence, expected.log_confidence, atol=1e-6)


def test_a_foreign_file_is_not_a_run(tmp_path):
    save_file({"a": torch.ones(2)}, tmp_path / "foreign.safetensors")
    with pytest.raises(runs.RunError, match="not a run of this project"):
        runs.load(tmp_path / "foreign.safetensors")
    with pytest.raises(runs.RunError, match="cannot be read"):
        runs.load(tmp_path / "absent.safetensors")
    with pytest.raises(runs.RunError, match="neither a file nor a shipped run"):
        runs.find("nonsense")
    with pytest.raises(runs.RunError, match="did you mean digits"):
        runs.find("digit")


def test_what_could_not_be_read_again_is_not_written(run, tmp_path):
    with pytest.raises(runs.RunError, match=r"metrics\.coverage is nan"):
        runs.save(replace(run, metrics={**run.metrics, "coverage": float("nan")}), tmp_path / "x.safetensors")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("changes", "n_snapshots"),
    [({"hidden": (8192, 8192)}, 0), ({"latent_dim": 300}, 10), ({"latent_dim": 512}, 0), ({"epochs": 100_000}, 0)],
)
def test_a_run_that_no_file_could_hold_is_refused_before_it_is_trained(changes, n_snapshots):
    with pytest.raises(ConfigError, match="run file"):
        runs.check_size(replace(Config(), **changes), n_snapshots)


def test_what_is_estimated_of_a_file_is_no_less_than_what_it_takes(run, monkeypatch):
    for config in (CONFIG, replace(PRESETS["semi_100_extras"], **TINY), replace(PRESETS["clusters_10"], **TINY)):
        config = replace(config, pseudo_label_start=0.0)
        state, test = training.start(config), data.load("digits")
        [record] = training.train(state, test)
        written = len(json.dumps(json.dumps({"history": [record]})))  # within the JSON of the file's header
        assert written < runs.RECORD_BYTES + runs.NUMBER_BYTES * config.latent_dim
    monkeypatch.setattr(runs.run, "MAX_BYTES", sum(w.nbytes for w in run.weights.values()))
    with pytest.raises(ConfigError, match="run file"):
        runs.check_size(CONFIG, 1)


def test_a_file_that_cannot_be_written_is_one_line(run, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(runs.RunError, match=r"cannot be written \(Not a directory\): make room, or name another"):
        runs.save(run, tmp_path / "file" / "x.safetensors")
    with pytest.raises(runs.RunError, match="is there already"):
        runs.save(run, tmp_path / "file", replace=False)


@pytest.mark.parametrize(
    "change",
    [
        lambda header, tensors: header["totals"].update(reconstruction="much"),
        lambda header, tensors: header["config"].update(hidden=[32]),
        lambda header, tensors: header["config"].update(colour=1),
        lambda header, tensors: tensors.pop("model.encoder.0.bias"),
        lambda header, tensors: tensors.update({"optimizer.autoencoder.x": torch.ones(1)}),
    ],
)
def test_a_damaged_state_is_refused_in_a_line(change, tmp_path):
    runs.save_state(training.start(CONFIG), tmp_path / "x.state.safetensors")
    content = (tmp_path / "x.state.safetensors").read_bytes()
    with pytest.raises(runs.RunError, match="a training that was stopped, not a run"):
        runs.parse(content, "x")
    tensors, header = format.parse_file(content, "x", "state")
    change(header, tensors)
    (tmp_path / "x.state.safetensors").write_bytes(format.serialize(tensors, "state", header))
    with pytest.raises(runs.RunError, match="does not fit its own config"):
        runs.load_state(tmp_path / "x.state.safetensors")


def test_the_header_is_plain_json(file):
    content = file.read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    assert json.loads(header["__metadata__"]["header"])["config"]["hidden"] == [16]
    assert header["weights.decoder.0.weight"]["dtype"] == "F16"
