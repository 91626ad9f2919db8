import json
from dataclasses import replace

import pytest

from aae.config import PRESETS, Config, ConfigError


@pytest.mark.parametrize("name", PRESETS)
def test_presets_survive_json(name):
    config = PRESETS[name]
    assert Config.from_json(json.loads(json.dumps(config.to_json()))) == config


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"dataset": "cats"}, "dataset='cats': must be one of mnist"),
        ({"hidden": (0,)}, "hidden=0: must lie between"),
        ({"hidden": 512}, "hidden=512: must be a list"),
        ({"hidden": ()}, "depth=0"),
        ({"latent_dim": 2.5}, "latent_dim=2.5: must be a int"),
        ({"latent_dim": True}, "latent_dim=True"),
        ({"learning_rate": float("nan")}, "learning_rate=nan: must be a finite float"),
        ({"regularizer_weight": (1.0,)}, "must hold 2 values"),
        ({"regularizer_weight": (0.0, 1.0)}, "geometrically"),
        ({"prior": "mixture", "latent_dim": 3}, "set latent_dim=2"),
        ({"prior": "drawn"}, "paint on the Train page"),
        ({"prior": "drawn", "prior_image": "0" * 4096}, "not all 0"),
        ({"prior": "drawn", "prior_image": "g" * 4096}, "hexadecimal"),
        ({"prior_image": "f" * 4096}, "set prior='drawn'"),
        ({"dataset": "own-../../etc/pass"}, "must be one of"),
        ({"regularizer": "kl"}, "posterior='gaussian'"),
        ({"labels": "decoder", "n_labeled": 100}, "the decoder needs every label: leave n_labeled=None"),
        ({"labels": "discriminator", "n_labeled": 105}, "balanced"),
        ({"labels": "classifier"}, "set n_categories=10"),
        ({"n_labeled": 100}, "no label is used"),
        ({"cluster_heads": True}, "set n_categories"),
    ],
)
def test_nonsense_is_refused_with_its_rule(changes, words):
    with pytest.raises(ConfigError, match=r"=.*: ") as error:
        replace(Config(), **changes)
    assert words in str(error.value)


def test_unknown_fields_are_named():
    with pytest.raises(ConfigError, match="unknown field 'colour'"):
        Config.from_json({"colour": "red"})


def test_whole_numbers_may_stand_for_floats():
    assert replace(Config(), prior_std=5).prior_std == 5.0
