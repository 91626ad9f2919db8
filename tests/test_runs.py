import json
from dataclasses import replace

import pytest
import torch
from safetensors.torch import save_file

from aae import data, metrics, runs, training
from aae.config import Config
from aae.data import Data

CONFIG = replace(Config(), dataset="digits", hidden=(16,), discriminator_hidden=(8,), epochs=1, batch_size=64)


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
    spread = runs.load(tmp_path / "wide.safetensors").test_spread
    code = metrics.encode_all(run.model(), images.test)
    assert torch.allclose(spread.float(), (0.5 * code.logvar).exp(), atol=2e-3)


def rewrite(file, change_tensors=lambda t: None, change_header=lambda h: None, version=runs.FORMAT):
    tensors, header = runs._parse_file(file.read_bytes(), "x", "run")
    change_tensors(tensors)
    change_header(header)
    content = runs.serialize(tensors, "run", header)
    return content.replace(b'\\"version\\": 1', f'\\"version\\": {version}'.encode())


def broken(file):
    content = file.read_bytes()
    wide = [100_000_000]
    yield "damaged", content[:-10]
    yield "truncated", content[:5]
    yield "damaged|truncated", b"PK\x03\x04" + content
    yield "damaged", (8).to_bytes(8, "little") + b"not json" + content
    yield "damaged", (40_000).to_bytes(8, "little") + b"[" * 40_000
    yield "bytes, more than", content + b"\0" * runs.MAX_BYTES
    yield "header holds", (50_000_000).to_bytes(8, "little") + b" " * 60_000_000
    yield "format 2, this version reads 1: update", rewrite(file, version=2)
    yield "unknown field 'colour'", rewrite(file, change_header=lambda h: h["config"].update(colour=1))
    yield "width|hidden=100000000: must lie", rewrite(file, change_header=lambda h: h["config"].update(hidden=wide))
    yield "has the shape", rewrite(file, change_header=lambda h: h["config"].update(hidden=[8000]))
    yield "not one that its config implies", rewrite(file, lambda t: t.update({"weights.extra": torch.ones(1)}))
    yield "is missing", rewrite(file, lambda t: t.pop("weights.decoder.0.weight"))
    yield "test_codes is missing", rewrite(file, lambda t: t.pop("test_codes"))
    yield "no numbers", rewrite(file, lambda t: t["weights.decoder.0.weight"].fill_(float("nan")))
    yield "no numbers", rewrite(file, lambda t: t["test_codes"].fill_(float("inf")))
    yield "test_codes has the shape", rewrite(file, lambda t: t.update(test_codes=torch.zeros(3, 3)))
    yield "test_spread has the shape", rewrite(file, lambda t: t.update(test_spread=torch.ones(3, 2)))
    yield "no numbers", rewrite(file, lambda t: t.update(test_spread=t["test_codes"] * float("nan")))
    yield "test_labels must be", rewrite(file, lambda t: t.update(test_labels=t["test_labels"].long()))
    yield "names no part", rewrite(file, lambda t: t.update({"snapshot.../x": t["test_codes"].clone()}))
    yield "names no part", rewrite(file, lambda t: t.update({f"snapshot.{'9' * 5000}": t["test_codes"].clone()}))
    yield "names no part", rewrite(file, lambda t: t.update({"snapshot.1.colour": t["test_codes"].clone()}))
    yield "snapshot of epoch 1 is damaged", rewrite(file, lambda t: t.pop("snapshot.1.codes"))
    yield "snapshot of epoch 1 is damaged", rewrite(file, lambda t: t["snapshot.1.view"].mul_(float("nan")))
    yield "snapshot of epoch 1 is damaged", rewrite(file, lambda t: t["snapshot.1.view"].neg_())
    yield "snapshot of epoch 1 is damaged", rewrite(file, lambda t: t.update({"snapshot.1.sheet": torch.ones(2, 2)}))
    yield "snapshot.1 has the shape", rewrite(file, lambda t: t.update({"snapshot.1.codes": torch.ones(2, 2)}))
    yield "damaged", rewrite(file, change_header=lambda h: h.update(history=3))
    yield "damaged", rewrite(file, change_header=lambda h: h.pop("metrics"))
    yield "prior_distance is 'far'", rewrite(file, change_header=lambda h: h["metrics"].update(prior_distance="far"))
    yield "reconstruction_mse is None", rewrite(file, change_header=lambda h: h["metrics"].clear())
    yield "seconds is True", rewrite(file, change_header=lambda h: h["history"][0].update(seconds=True))


def test_every_kind_of_bad_file_has_its_error(file):
    for words, content in broken(file):
        with pytest.raises(runs.RunError, match=words):
            runs.parse(content, "upload")


def test_a_foreign_file_is_not_a_run(tmp_path):
    save_file({"a": torch.ones(2)}, tmp_path / "foreign.safetensors")
    with pytest.raises(runs.RunError, match="not a run of this project"):
        runs.load(tmp_path / "foreign.safetensors")
    with pytest.raises(runs.RunError, match="cannot be read"):
        runs.load(tmp_path / "absent.safetensors")
    with pytest.raises(runs.RunError, match="neither a file nor a shipped run"):
        runs.find("nonsense")


def test_a_failed_write_keeps_the_old_file(file, monkeypatch):
    before = file.read_bytes()
    monkeypatch.setattr(runs.os, "fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        runs.write_atomically(file, b"half")
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_the_header_is_plain_json(file):
    content = file.read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    assert json.loads(header["__metadata__"]["header"])["config"]["hidden"] == [16]
    assert header["weights.decoder.0.weight"]["dtype"] == "F16"
