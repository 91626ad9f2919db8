"""The fields under More of the Train form: links restore them, and configs have them."""

import functools
import shlex

import pytest

from aae.__main__ import make_parser
from aae.app.train import form, more
from aae.cli.train import make_config
from aae.config import PRESETS
from tests.page_tools import open_page

open_train = functools.partial(open_page, "train", {"command-form": True})


def test_a_link_sets_the_dimension_and_the_strength_and_the_command_has_them():
    app = open_train(latent_dim="5", regularizer_weight="2.0", learning_rate="0.001")
    assert not app.warning
    config, _ = make_config(make_parser().parse_args(shlex.split(app.code[0].value)[3:]))
    usual = PRESETS["aae"].regularizer_weight
    assert config.regularizer_weight == tuple(2 * weight for weight in usual)
    assert (config.latent_dim, config.learning_rate) == (5, 0.001)


def test_a_link_holds_another_class_out_and_the_command_does():
    app = open_train(model="Anomalies", held_out_class="3", data="Digits 8x8")
    assert not app.warning
    config, _ = make_config(make_parser().parse_args(shlex.split(app.code[0].value)[3:]))
    assert (config.held_out_class, config.latent_dim, config.dataset) == (3, 8, "digits")
    app.selectbox(key="held_out_class").set_value(more.DEFAULT).run()
    config, _ = make_config(make_parser().parse_args(shlex.split(app.code[0].value)[3:]))
    assert config.held_out_class == PRESETS["anomaly"].held_out_class
    app.selectbox(key="model").set_value("Few labels")
    app.selectbox(key="held_out_class").set_value(3).run()
    assert "labels are balanced over all classes" in app.warning[0].value


def test_a_dimension_that_the_prior_cannot_have_is_said():
    app = open_train(latent_dim="5", model="Style")
    assert not app.warning
    app.session_state["prior_shown"] = {"prior": "swiss_roll", "image": ""}, None
    assert "set latent_dim=2" in app.run().warning[0].value


@pytest.mark.parametrize(("preset", "_"), form.MODELS.values())
def test_the_strength_multiplies_what_each_model_has(preset, _):
    config = PRESETS[preset]
    assert more.apply(config, {}) == config
    first, last = config.regularizer_weight
    for times in more.FIELDS[more.STRENGTH][1]:
        changed = more.apply(config, {more.STRENGTH: times, "latent_dim": 3})
        assert changed.regularizer_weight == (times * first, times * last) and changed.latent_dim == 3
