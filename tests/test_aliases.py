"""Former names of config fields still work wherever a config is read."""

import copy
import json
import pickle
from dataclasses import replace

import pytest

from aae import runs, training
from aae.__main__ import make_parser
from aae.cli.train import make_config, resumed
from aae.config import ALIASES, PRESETS, SEMI, Config, ConfigError, to_former, to_present
from aae.jobs import records
from aae.runs import format
from benchmarks import paper, search
from tests.job_tools import TINY

BASE = replace(SEMI, dataset="digits", hidden=(16,), discriminator_hidden=(8,), n_labeled=100, ema_decay=0.9)
VALUES = {"latent_dim": 7, "ema_decay": 0.5, "pseudo_label_threshold": 0.6, "pseudo_label_start": 0.7}
VALUES |= {"distribution_alignment": True}


@pytest.fixture(params=ALIASES)
def old(request):
    return request.param


@pytest.fixture
def config(old):
    return replace(BASE, **{ALIASES[old]: VALUES[ALIASES[old]]})


@pytest.fixture
def former(config):
    """The config as it was written before fields were renamed."""
    values = to_former(json.loads(json.dumps(config.to_json())))
    assert not set(values) & set(ALIASES.values()) and set(ALIASES) < set(values)
    return values


def options(preset, *assignments):
    words = [word for each in assignments for word in ("--set", each)]
    return make_parser().parse_args(["train", preset, "--data", "digits", *words])


def test_every_alias_is_the_name_of_no_field_but_of_one_that_there_is():
    fields = set(Config().to_json())
    assert not fields & set(ALIASES) and set(ALIASES.values()) <= fields


def test_a_former_config_is_read(former, config):
    assert Config.from_json(former) == config
    assert Config.from_json({**former, **config.to_json()}) == config


def test_a_field_has_one_value(old, former):
    new = ALIASES[old]
    other = Config().to_json()[new]
    with pytest.raises(ConfigError, match=f"^{new}=.*: its former name {old} says .*: leave {old} out"):
        Config.from_json({**former, new: other})


def test_attributes_and_calls_know_the_former_name(old, config):
    assert getattr(config, old) == VALUES[ALIASES[old]]
    assert Config(**{**to_present(BASE.to_json()), ALIASES[old]: VALUES[ALIASES[old]]}) == config
    values = {name: value for name, value in BASE.to_json().items() if name != ALIASES[old]}
    assert Config(**values, **{old: VALUES[ALIASES[old]]}) == config


def test_other_attributes_are_missing_and_copies_are_equal(config):
    with pytest.raises(AttributeError, match="'Config' object has no attribute 'colour'"):
        config.colour  # noqa: B018
    assert copy.deepcopy(config) == pickle.loads(pickle.dumps(config)) == config


def test_a_command_line_may_use_the_former_name(old):
    new, value = ALIASES[old], str(VALUES[ALIASES[old]])
    expected, _ = make_config(options("clusters_10", f"{new}={value}"))
    assert make_config(options("clusters_10", f"{old}={value}"))[0] == expected
    assert make_config(options("clusters_10", f"{old}={value}", f"{new}={value}"))


def test_a_command_line_gives_one_value(old):
    new = ALIASES[old]
    values = ("true", "false") if new == "distribution_alignment" else ("1", "0.9" if new != "latent_dim" else "2")
    with pytest.raises(ConfigError, match=f"^{new}=.*leave {old} out"):
        make_config(options("clusters_10", f"{old}={values[0]}", f"{new}={values[1]}"))


def test_errors_name_the_present_field(old):
    with pytest.raises(ConfigError, match=f"^{ALIASES[old]}=.*cannot be read"):
        make_config(options("clusters_10", f"{old}=many"))
    with pytest.raises(ConfigError, match=f"^{ALIASES[old]}="):
        Config.from_json({old: "many"})


def test_run_files_and_jobs_of_before_are_read(former, config):
    header = {"config": former, "name": "a job", "owner": "me", "created": 1.0, "series": ""}
    assert records.parse_asked(header).config == config
    assert format.parse_config("a run", former) == config


def test_a_training_of_before_is_resumed(former, config, tmp_path, monkeypatch):
    state = training.start(config)
    with monkeypatch.context() as before:
        before.setattr(Config, "to_json", lambda self: former)
        runs.save_state(state, runs.state_path(tmp_path / "x.safetensors"))
    again = resumed(config, tmp_path / "x.safetensors", "cpu")
    assert again.config == config
    with pytest.raises(ConfigError, match=f"^{next(iter(VALUES))}="):
        resumed(replace(config, latent_dim=9), tmp_path / "x.safetensors", "cpu")


def test_shipped_runs_are_the_presets_that_they_were_trained_with():
    for name, path in runs.shipped().items():
        assert replace(runs.load(path).config, seed=0, n_classes=10) == replace(PRESETS[name], seed=0, n_classes=10)


def test_results_of_before_belong_to_the_same_configs():
    assert all(search.known(replace(trial.config, seed=seed)) for trial in search.TRIALS for seed in trial.seeds)
    assert all(paper.known(row) for row in paper.ROWS)


def test_digests_of_configs_stay_as_they_were():
    """benchmarks.paper names run files by a digest of the former JSON, fields in order."""
    of_before = [result["config"] for result in paper.load() if ALIASES.keys() & result["config"].keys()]
    assert of_before
    for stored in of_before:
        assert json.dumps(to_former(to_present(stored))) == json.dumps(stored)


def test_new_files_have_the_present_names():
    assert set(ALIASES.values()) <= set(TINY.to_json()) and not set(ALIASES) & set(TINY.to_json())
