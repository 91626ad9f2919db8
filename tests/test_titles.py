"""Titles for people: each shipped run has its own, and others are called by their configs and their owners' names."""

import math
from dataclasses import replace

import pytest

from aae import runs
from aae.app.runs import catalogue
from aae.config import PRESETS, Config
from aae.runs import titles


def test_every_shipped_run_has_a_title_of_its_own_in_the_order_of_the_groups():
    entries = {id: titles.entry(id, known.config) for id, known in catalogue.shipped_known().items()}
    assert entries == dict(titles.SHIPPED) and list(entries) == list(titles.SHIPPED)
    assert len({entry.title for entry in entries.values()}) == len(entries)
    places = [titles.GROUPS.index(entry.group) for entry in entries.values()]
    assert places == sorted(places)
    for entry in entries.values():
        assert entry.sentence.startswith("Shows ") and entry.sentence.endswith(".") and len(entry.title) < 40


def test_what_is_said_of_the_failures_was_measured():
    collapsed, weak, strong = (
        runs.load(runs.shipped()[name]) for name in ("collapsed_vae", "weak_discriminator", "strong_discriminator")
    )
    kl = [record["kl"] for record in collapsed.history]
    chance = 2 * math.log(2)
    assert round(max(kl), 1) == 1.7 and round(kl[-1], 3) == 0.002
    assert collapsed.test_codes.float().std(0).max() < 0.05
    assert min(record["discriminator"] for record in weak.history) > chance
    assert weak.metrics["prior_distance"] > 100 * weak.metrics["prior_distance_floor"]
    assert round(strong.history[-1]["discriminator"], 2) == 0.18
    assert strong.metrics["prior_distance"] > 4 * strong.metrics["prior_distance_floor"]


@pytest.mark.parametrize(("id", "name"), [("aae", "vae"), ("digits", "aae_mixture")])
def test_another_model_in_a_shipped_ones_place_does_not_take_its_title(id, name):
    entry = titles.entry(id, PRESETS[name])
    assert entry.title == f"{id} – {titles.title(PRESETS[name])}" and entry.sentence != titles.SHIPPED[id].sentence


@pytest.mark.parametrize(
    ("preset", "title"),
    [
        ("aae", "AAE · Gaussian prior"),
        ("ae", "AE · no prior"),
        ("vae", "VAE · Gaussian prior"),
        ("labels_mixture_10k", "AAE · ten petals, 10,000 labels"),
        ("labels_swiss_roll", "AAE · swiss roll, all labels"),
        ("gaussian_8d", "AAE · Gaussian prior, 8-D"),
        ("reduced_100", "AAE · 2-D, 100 labels"),
        ("clusters_10", "AAE · 5-D, 10 clusters"),
        ("cvae", "VAE · style, 2-D"),
        ("digits", "AAE · Gaussian prior, Digits 8x8"),
    ],
)
def test_others_are_called_by_what_they_are_after_their_owners_name(preset, title):
    entry = titles.entry("my first one (yours)", PRESETS[preset], titles.YOURS)
    assert entry.title == f"my first one – {title}" and entry.group == titles.YOURS


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_can_be_described(preset):
    config = PRESETS[preset]
    assert titles.about(config, "MNIST").endswith("MNIST.") and titles.sentence(config).startswith("Shows ")
    assert titles.group_of(config) in titles.GROUPS and titles.title(config)


def test_the_words_say_what_a_model_is():
    said = titles.about(Config(), "MNIST")
    assert said == "Adversarial autoencoder, 2-D code, Gaussian prior, MNIST."
    painted = replace(Config(), prior="drawn", prior_image="1" * 4096)
    assert "painted prior" in titles.about(painted)


def test_a_run_has_its_title():
    assert runs.load(runs.find("aae_swiss_roll")).title == "AAE · swiss roll"
