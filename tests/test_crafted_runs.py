"""Run files that somebody crafted, or damaged: each is refused in a line, or every figure and analysis of it works."""

import json
import random
import struct
from dataclasses import replace

import numpy as np
import pytest
import torch

from aae import data, figures, runs, training
from aae.analysis import density, metrics, planes
from aae.config import Config, ConfigError
from aae.data import Data
from aae.runs import format
from aae.training import frames

CONFIG = replace(Config(), dataset="digits", hidden=(16,), discriminator_hidden=(8,), epochs=3, batch_size=64)
MODES = {
    "plain": {},
    "posterior": {"posterior": "gaussian"},
    "heads": {"n_categories": 10, "cluster_heads": True},
    "classes": {"n_categories": 10, "labels": "classifier", "latent_dim": 3},
}
NO_NUMBERS = [10**400, 1e300, True, "0.1", "", None, [], [0.1], {}, {"a": 1}, float("nan"), float("inf"), -1, [[[[1]]]]]
FLOOR = "prior_distance_floor"


@pytest.fixture(scope="module")
def contents():
    """A sound file's bytes for each mode."""
    images = Data(*(part.rows(slice(200)) for part in data.load("digits")))
    return {mode: trained(images, **changes) for mode, changes in MODES.items()}


def trained(images, **changes):
    state = training.start(replace(CONFIG, **changes))
    list(training.train(state, images, snapshot_every=1))
    return runs.to_bytes(runs.finish(state, images, "x"))


def rewrite(content, change):
    tensors, header = format.parse_file(content, "x", "run")
    change(tensors, header)
    return format.serialize(tensors, "run", header)


def foreign(metadata, dtype="F32", size=8):
    """A sound .safetensors file of another program."""
    header = {"a": {"dtype": dtype, "shape": [2], "data_offsets": [0, size]}}
    text = json.dumps(header if metadata is None else {"__metadata__": metadata, **header}).encode()
    return struct.pack("<Q", len(text)) + text + bytes(size)


FOREIGN = {
    "none": foreign(None),
    "torch": foreign({"format": "pt"}),
    "jax": foreign({"format": "flax"}),
    "numbers": foreign({"format": "1"}),
    "list": foreign({"format": "[]"}),
    "kind of another": foreign({"format": json.dumps({"kind": "lora", "version": 1})}),
    "no format": foreign({"modelspec.title": "x" * 1000}),
    "bf16": foreign({"format": "pt"}, "BF16", 4),
    "fp8": foreign({"format": "pt"}, "F8_E4M3", 2),
    "fp8 of scales": foreign({"format": "pt"}, "F8_E8M0", 2),
    "int64": foreign(None, "I64", 16),
    "bool": foreign(None, "BOOL", 2),
    "a type of tomorrow": foreign(None, "F999", 2),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_sound_file_of_another_program_is_foreign_and_not_damaged(kind):
    with pytest.raises(runs.RunError, match="not a run of this project: make one") as error:
        runs.parse(FOREIGN[kind], "x")
    assert "damaged" not in str(error.value)


def set_metric(key, value):
    return lambda tensors, header: header["metrics"].update({key: value})


def set_record(key, value, index=1):
    return lambda tensors, header: header["history"][index].update({key: value})


def set_data(key, value):
    return lambda tensors, header: header["data"].update({key: value})


def set_config(**changes):
    return lambda tensors, header: header["config"].update(changes)


def set_tensor(key, make):
    return lambda tensors, header: tensors.update({key: make(tensors.get(key))})


def drop(key):
    return lambda tensors, header: tensors.pop(key)


def repeat(key, times):
    return lambda tensors, header: tensors.update({key: tensors[key].repeat(times, *[1] * (tensors[key].dim() - 1))})


NAN, WIDE = float("nan"), [100_000_000]
CODES, LABELS, WEIGHT = "test_codes", "test_labels", "weights.decoder.0.weight"
HURTFUL = {  # words of the message: what was changed
    "metrics": [set_metric(key, value) for key in ("reconstruction_mse", FLOOR, "coverage") for value in NO_NUMBERS],
    r"metrics\.prior_distance_floor is": [set_metric(FLOOR, 0), set_metric(FLOOR, 0.0), set_metric(FLOOR, 1e-300)],
    r"metrics\.coverage is 1\.5": [set_metric("coverage", 1.5)],
    "numbers from": [
        set_config(latent_dim=3),
        set_metric("code_mean", [0.0]),
        set_metric("code_mean", 0.0),
        set_metric("code_covariance", [[1.0, 0.0], [0.0]]),
        set_metric("code_covariance", [[1.0, 0.0], "01"]),
    ],
    "metrics.colour": [set_metric("colour", value) for value in ("red", [1], None, True)],
    "is None, not": [
        *(lambda t, h, key=key: h["metrics"].pop(key) for key in ("reconstruction_mse", "prior_distance", FLOOR)),
        lambda t, h: h["history"][2].pop("prior_distance"),
        lambda t, h: h["history"][0].clear(),
    ],
    r"history\[[12]\]\.": [
        *(set_record(key, value) for key in ("reconstruction", "seconds") for value in NO_NUMBERS[:-1] if value != -1),
        *(set_record("epoch", value) for value in (1, 0, -1, 3, 4, 2.0, "2", None, True, 10**400)),
        set_record("code_std", [0.1]),
        set_record("code_std", [0.1, "x"]),
        set_record("code_std", 0.1),
        set_record("seconds", -1.0),
        set_record("x" * 100_000, "y" * 100_000),
    ],
    "header is damaged": [
        *(lambda t, h, v=v: h.update(history=v) for v in (3, [3], [[]], None, "x", [{}, None])),
        *(lambda t, h, v=v: h.update(metrics=v) for v in (3, [], None)),
        *(lambda t, h, key=key: h.pop(key) for key in ("config", "metrics", "history", "versions")),
        lambda t, h: h.update(versions=[]),
    ],
    "versions are not all texts": [
        lambda t, h: h["versions"].update(torch=2),
        lambda t, h: h["versions"].update(torch=[]),
    ],
    "unknown field": [set_config(colour=1), set_config(hiden=[8]), set_config(**{"x" * 100_000: 1})],
    "must|needs|lies": [
        set_config(hidden=WIDE),
        set_config(hidden=[]),
        set_config(hidden=[[8]]),
        set_config(hidden="8"),
        set_config(latent_dim=10**400),
        set_config(prior_std=10**400),
        set_config(prior_std=NAN),
        set_config(prior="x" * 100_000),
        set_config(prior="mixture", latent_dim=3),
        set_config(dataset="own-../../etc"),
        set_config(seed=True),
        set_config(labels=None),
    ],
    "has the shape|not one that its config|is missing": [
        set_config(hidden=[8000]),
        set_config(posterior="gaussian"),
        set_config(discriminator_hidden=[8, 8]),
        set_tensor("weights.extra", lambda _: torch.ones(1)),
        set_tensor("extra", lambda _: torch.ones(1)),
        set_tensor("x" * 100_000, lambda _: torch.ones(1)),
        set_tensor("test_spread", lambda _: torch.ones(200, 2).half()),
        set_tensor(WEIGHT, lambda w: w[:1]),
        set_tensor(CODES, lambda w: w[:3]),
        set_tensor(CODES, lambda w: w.flatten()),
        drop(CODES),
        drop(LABELS),
        drop(WEIGHT),
    ],
    "holds torch": [
        *(
            set_tensor(WEIGHT, lambda w, d=d: w.to(d))
            for d in (torch.int8, torch.float64, torch.float32, torch.bfloat16)
        ),
        set_tensor(WEIGHT, lambda w: w.to(torch.float8_e4m3fn)),
        set_tensor("weights.decoder.1.num_batches_tracked", lambda w: w.float()),
        set_tensor(CODES, lambda w: w.float()),
        set_tensor(LABELS, lambda w: w.long()),
        set_tensor(LABELS, lambda w: w.to(torch.int8)),
        set_tensor("snapshot.1.view", lambda w: w.double()),
    ],
    "no numbers": [
        set_tensor(WEIGHT, lambda w: w * NAN),
        set_tensor(CODES, lambda w: w * float("inf")),
        set_tensor("snapshot.1.view", lambda w: w * NAN),
        set_tensor("snapshot.1.accuracy", lambda w: w * NAN),
        set_tensor("snapshot.2.codes", lambda w: w * NAN),
    ],
    "variance is negative": [set_tensor("weights.decoder.1.running_var", lambda w: -w - 1)],
    "test_labels|test_codes": [
        set_tensor(LABELS, lambda w: w * 0 + 10),
        set_tensor(LABELS, lambda w: w * 0 + 255),
        set_tensor(LABELS, lambda w: w[:0]),
        set_tensor(LABELS, lambda w: w[:, None]),
        set_tensor(LABELS, lambda w: w.sum().byte()),
        lambda t, h: [t.update({k: t[k][:0]}) for k in [*t] if k in (CODES, LABELS) or k.endswith("codes")],
        lambda t, h: [repeat(k, 3)(t, h) for k in [*t] if k in (CODES, LABELS) or k.endswith("codes")],
    ],
    "data": [
        *(lambda t, h, v=v: h.update(data=v) for v in (None, [], "x", {}, {"title": "x"}, NAN, 10**400)),
        *(set_data("classes", v) for v in (None, [], ["a"] * 9, ["a"] * 200, [1] * 10, ["a\n"] * 10, ["a" * 999] * 10)),
        *(
            set_data("shape", v)
            for v in (None, [], [1, 8], [1, 9, 9], [8, 8, 1], [1, 8, 10**400], [1, 8, -8], [1.0, 8, 8])
        ),
        *(set_data("title", v) for v in (None, "", 1, "x" * 100_000, "a\nb", "\ud800", "\u202ex")),
        *(set_data("n_test", v) for v in (None, -1, 1.5, True, 10**400, "5")),
    ],
    "must lie|has 10 classes": [set_config(n_classes=n) for n in (0, 9, 11, -1, 10**9, 10**400)],
    "snapshot": [
        set_tensor("snapshot.../x", lambda _: torch.ones(200, 2).half()),
        set_tensor(f"snapshot.{'9' * 5000}", lambda _: torch.ones(200, 2).half()),
        set_tensor("snapshot.1.colour", lambda _: torch.ones(1)),
        set_tensor("snapshot.-1.codes", lambda _: torch.ones(200, 2).half()),
        set_tensor("snapshot.4.codes", lambda _: torch.ones(200, 2).half()),
        set_tensor("snapshot.1", lambda _: torch.ones(200, 2).half()),
        set_tensor("snapshot.1.codes", lambda w: w[:100]),
        drop("snapshot.1.codes"),
        set_tensor("snapshot.1.view", lambda w: -w),
        set_tensor("snapshot.1.view", lambda w: w[:2]),
        set_tensor("snapshot.1.sheet", lambda w: w.view(1, -1)),
        set_tensor("snapshot.1.sheet", lambda w: w.half()),
        set_tensor("snapshot.1.sheet", lambda w: w[:20]),
        set_tensor("snapshot.1.strip", lambda w: w[:0]),
        set_tensor("snapshot.1.opinion", lambda w: 255 - w),
    ],
}
CASES = [(words, i) for words, changes in HURTFUL.items() for i in range(len(changes))]


@pytest.mark.parametrize(("words", "i"), CASES)
def test_what_would_break_a_page_is_refused_at_opening(contents, words, i):
    with pytest.raises(runs.RunError, match=words) as error:
        runs.parse(rewrite(contents["plain"], HURTFUL[words][i]), "x")
    assert_one_line(error)


CATEGORY, CONFIDENCE, EXAMPLES = "test_category", "test_log_confidence", "category_examples"
WRONG_ASSIGNMENTS = {
    "must be at most 0": [set_tensor(CONFIDENCE, lambda t: -t + 1)],
    f"{CATEGORY} must be numbers from 0 to 9": [
        set_tensor(CATEGORY, lambda t: t + 10),
        set_tensor(CATEGORY, lambda t: t - 10),
    ],
    f"{EXAMPLES} must be": [set_tensor(EXAMPLES, lambda t: t + 200), set_tensor(EXAMPLES, lambda t: t - 1000)],
    "no numbers": [set_tensor(CONFIDENCE, lambda t: t * NAN)],
    "is missing": [drop(CATEGORY), drop(CONFIDENCE), drop(EXAMPLES)],
    "has the shape": [set_tensor(CATEGORY, lambda t: t[:9]), set_tensor(EXAMPLES, lambda t: t[:9])],
    "holds torch": [set_tensor(CATEGORY, lambda t: t.long()), set_tensor(CONFIDENCE, lambda t: t.half())],
}
ASSIGNMENTS = [(words, i) for words, changes in WRONG_ASSIGNMENTS.items() for i in range(len(changes))]


@pytest.mark.parametrize("mode", ["heads", "classes"])
@pytest.mark.parametrize(("words", "i"), ASSIGNMENTS)
def test_an_assignment_that_cannot_be_is_refused_at_opening(contents, mode, words, i):
    with pytest.raises(runs.RunError, match=words) as error:
        runs.parse(rewrite(contents[mode], WRONG_ASSIGNMENTS[words][i]), "x")
    assert_one_line(error)


def without_assignment(tensors, header):
    for key in (CATEGORY, CONFIDENCE, EXAMPLES):
        tensors.pop(key)


@pytest.mark.parametrize("mode", ["heads", "classes"])
def test_a_file_of_before_has_no_assignment(contents, mode):
    assert runs.parse(contents[mode], "x").test_assignment is not None
    assert runs.parse(rewrite(contents[mode], without_assignment), "x").test_assignment is None


def assert_one_line(error):
    text = str(error.value)
    assert text.isprintable() and len(text) < 500 and text.startswith("x: ")


def packed(content, text=None, **changes):
    """The same file with other bytes for its header, or other metadata in it."""
    length = int.from_bytes(content[:8], "little")
    told = json.loads(content[8 : 8 + length])
    told["__metadata__"] |= changes
    text = text or json.dumps(told).encode()
    return struct.pack("<Q", len(text)) + text + content[8 + length :]


def damaged(content):
    yield content[:-10]
    yield content[:5]
    yield b""
    yield b"PK\x03\x04" + content
    yield content + b"\0"
    yield content + b"\0" * format.MAX_BYTES
    yield struct.pack("<Q", 2**63) + content
    yield struct.pack("<Q", 50_000_000) + b" " * 60_000_000
    for header in (
        b"not json",
        b"[" * 40_000,
        b"[]",
        b"3",
        b"null",
        b'{"__metadata__": [' + b"[" * 50_000,
        b"\xff" * 8,
    ):
        yield packed(content, text=header)
    for header in ("[" * 100_000, '{"a": ' * 50_000, "", "3", "null", "{}", '{"config": 1e999}', "9" * 5000):
        yield packed(content, header=header)
    for version in (2, 0, "1", None, [1] * 10_000, 10**400):
        yield packed(content, format=json.dumps({"kind": "aae-run", "version": version}))
    for form in ('{"kind": "aae-run"}', "[" * 100_000, '{"kind": ["aae-run"], "version": 1}'):
        yield packed(content, format=form)


def test_a_damaged_file_is_refused_in_a_line(contents):
    for content in damaged(contents["plain"]):
        with pytest.raises(runs.RunError) as error:
            runs.parse(content, "x")
        assert_one_line(error)


@pytest.mark.parametrize("words", ["damaged", "truncated", "bytes, more than", "header holds", "this version reads 1"])
def test_the_reasons_are_told_apart(contents, words):
    assert any(words in reason(content) for content in damaged(contents["plain"]))


def reason(content):
    with pytest.raises(runs.RunError) as error:
        runs.parse(content, "x")
    return str(error.value)


def test_bytes_changed_at_random_are_refused_or_harmless(contents):
    chance = random.Random(0)
    for content in contents.values():
        for _ in range(60):
            changed = bytearray(content)
            end = chance.choice((200, 3000, len(content)))  # mostly in the header, which says what the rest is
            for _ in range(chance.randint(1, 4)):
                changed[chance.randrange(end)] = chance.randrange(256)
            try:
                run = runs.parse(bytes(changed), "x")
            except runs.RunError as error:
                assert str(error).isprintable() and len(str(error)) < 500
            else:
                planes.run_view(run.model(), figures.run_plane(run), run.test_codes)


# What is odd and sound: pages must be able to show all of it


def few(n):
    """The codes of the first n test images alone, in the snapshots too."""
    keys = (CODES, LABELS, "test_spread", CATEGORY, CONFIDENCE)

    def change(tensors, header):
        tensors.update({k: tensors[k][:n].clone() for k in [*tensors] if k in keys or k.endswith("codes")})
        if EXAMPLES in tensors:
            tensors[EXAMPLES] %= n

    return change


ODD_TENSORS = {
    "unchanged": lambda t, h: None,
    "codes far away": set_tensor(CODES, lambda codes: torch.full_like(codes, 60_000.0)),
    "codes all the same": set_tensor(CODES, lambda codes: codes[:1].expand(len(codes), -1).clone()),
    "codes on a line": set_tensor(CODES, lambda codes: codes[:, :1].expand(-1, codes.shape[1]).clone()),
    "one class": set_tensor(LABELS, lambda labels: labels * 0),
    "two classes": set_tensor(LABELS, lambda labels: labels % 2 * 9),
    "weights of zero": set_tensor(WEIGHT, torch.zeros_like),
    "large weights": set_tensor(WEIGHT, lambda w: torch.full_like(w, 65504.0)),
    "small variances": set_tensor("weights.decoder.1.running_var", torch.zeros_like),
    "twenty codes": few(20),
    "three codes": few(3),
    "one code": few(1),
}
ODD_HEADERS = {
    "an older config": lambda t, h: [h["config"].pop(key) for key in ("ema_decay", "corruption", "prior_image")],
    "no history": lambda t, h: h["history"].clear(),
    "no times": lambda t, h: [record.pop("seconds") for record in h["history"]],
    "no description of its data": lambda t, h: h.pop("data"),
    "fields of tomorrow": set_data("licence", "CC0"),
    "no versions": lambda t, h: h["versions"].clear(),
    "no snapshots": lambda t, h: [t.pop(key) for key in [*t] if key.startswith("snapshot.")],
    "codes alone in snapshots": lambda t, h: [
        t.pop(key) for key in [*t] if key.startswith("snapshot.") and not key.endswith("codes")
    ],
    "snapshots of an older version": lambda t, h: [
        t.update({key.removesuffix(".codes"): t.pop(key)}) for key in [*t] if key.startswith("snapshot.1.codes")
    ],
    "metrics of tomorrow": set_metric("parzen", 300.0),
    "losses of tomorrow": set_record("entropy", 0.1),
    "whole numbers": set_metric("reconstruction_mse", 1),
}
ODD = ODD_TENSORS | ODD_HEADERS


@pytest.mark.parametrize("mode", ["plain", "heads", "classes"])
@pytest.mark.parametrize("odd", ODD_TENSORS)
def test_of_a_file_that_is_opened_all_figures_can_be_drawn(contents, mode, odd):
    run = runs.parse(rewrite(contents[mode], ODD[odd]), "x")
    for draw in figures.FIGURES.values():
        try:
            assert min(draw(run).size) > 0
        except ConfigError as error:  # this kind of run has no such figure
            assert "choose a" in str(error)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("odd", ODD)
def test_of_a_file_that_is_opened_all_analyses_can_be_made(contents, mode, odd):
    run = runs.parse(rewrite(contents[mode], ODD[odd]), "x")
    model, codes = run.model(), run.test_codes.float()
    assert runs.parse(runs.to_bytes(run), "x").digest == run.digest
    assert run.cpu_seconds >= 0
    assert f"{run.metrics['prior_distance'] / run.metrics[FLOOR]:.1f}" != "inf"
    view = planes.run_view(model, figures.run_plane(run), run.test_codes)
    assert np.isfinite(view).all() and view[2] > 0
    assert unless_too_few(lambda: density.density(codes[:, :2], view).shape) in ((40, 40), None)
    assert unless_too_few(lambda: density.holes(model, codes, 100).shape[1]) in (codes.shape[1], None)
    assert unless_too_few(lambda: len(density.radial_quantiles(codes))) in (49, None)
    assert 0 <= (unless_too_few(lambda: metrics.coverage(run.config, codes)) or 0) <= 1
    assert metrics.prior_distance(run.config, codes)[FLOOR] > 0
    assert planes.decode(model, codes).shape == (len(codes), 64)
    assert len(planes.decoder_layers(model)) == len(planes.fold_batch_norm(model.decoder))
    assert {part for frame in run.snapshots.values() for part in frame} <= set(frames.PARTS)


@pytest.mark.parametrize("odd", ODD_TENSORS)
def test_of_a_file_that_is_opened_codes_can_be_fitted(contents, odd):
    run = runs.parse(rewrite(contents["plain"], ODD_TENSORS[odd]), "x")
    codes = run.test_codes.float()
    drawn = unless_too_few(lambda: density.fit_mixture(codes).draw(16, seed=0))
    assert drawn is None or (drawn.shape == (16, 2) and drawn.isfinite().all())
    told = unless_too_few(lambda: metrics.leakage(codes, run.test_labels.long())) or {}
    assert all(0 <= share <= 1 for share in told.values())


def unless_too_few(measure):
    """What is measured, or None where a page says that the test images are too few."""
    try:
        return measure()
    except metrics.TooFew as error:
        assert str(error).startswith("Too few")
        return None
