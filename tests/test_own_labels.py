"""Labels that a person gave: a field of the config, the training with these labels alone, ten images that lie apart."""

from dataclasses import replace

import pytest
import torch

from aae import data, runs, training
from aae.__main__ import main
from aae.analysis.apart import apart
from aae.app.views import loaders
from aae.config import Config, ConfigError, ownlabels
from aae.data import UNLABELED
from aae.runs import commands, titles
from aae.training.batches import known_labels, make_batch, seeded

LABELS = {3: 5, 0: 9, 1290: 0}  # whatever the data set says of them
GIVEN = Config(
    dataset="digits", hidden=(16,), discriminator_hidden=(8,), batch_size=64, epochs=1, labels="classifier",
    n_categories=10, own_labels=ownlabels.write(LABELS), labeled_per_step=20,
)  # fmt: skip


def test_they_are_in_run_files_and_on_the_command_line(tmp_path):
    assert dict(ownlabels.parse(GIVEN.own_labels)) == LABELS and GIVEN.label_count == 3
    assert Config.from_json(GIVEN.to_json()) == GIVEN
    command = commands.training(GIVEN)
    assert "--set 'own_labels=3:5 0:9 1290:0'" in command
    words = ["train", "semi_100", *commands.assignments(GIVEN, commands.PRESETS["semi_100"])]
    assert main([*words, "--out", str(tmp_path / "run.safetensors"), "--snapshots", "0"]) == 0
    run = runs.load(tmp_path / "run.safetensors")
    assert run.config == GIVEN
    assert "3 own labels" in titles.title(run.config) and "learned with 3 labels" in loaders.mistakes(run)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"own_labels": "0:1,2:3"}, "pairs index:class of different training images"),
        ({"own_labels": "0:1 0:2"}, "of different training images"),
        ({"own_labels": "0:1 "}, "pairs index:class"),
        ({"own_labels": " ".join(f"{i}:1" for i in range(1001))}, "at most 1,000 pairs"),
        ({"own_labels": "-1:1"}, "pairs index:class"),
        ({"own_labels": "٣:1"}, "pairs index:class"),
        ({"own_labels": 3}, "own_labels=3: must be a str"),
        ({"own_labels": "0:10"}, "classes must be below 10"),
        ({"own_labels": "1297:1"}, "numbers must be below 1,297"),
        ({"own_labels": "1000:1", "n_validation": 300}, "numbers must be below 997"),
        ({"own_labels": "0:1", "n_labeled": 100}, "set n_labeled=None"),
        ({"own_labels": "0:1", "held_out_class": 3}, "set held_out_class=None"),
        ({"own_labels": "0:1", "labels": "unused", "n_categories": 0}, "set labels='classifier'"),
    ],
)
def test_bad_ones_are_refused_in_a_line(change, words):
    with pytest.raises(ConfigError) as error:
        replace(GIVEN, **change)
    assert words in str(error.value) and len(str(error.value).splitlines()) == 1


def test_of_another_data_set_as_many_labels_are_drawn():
    fitted = data.fit(replace(GIVEN, own_labels=ownlabels.write(dict.fromkeys(range(25), 1))), "mnist")
    assert fitted.own_labels == "" and fitted.n_labeled == 20
    assert data.fit(GIVEN, "digits") == GIVEN


def test_a_custom_set_with_fewer_images_is_refused_when_it_is_met():
    own = replace(GIVEN, dataset="own-0123456789ab", own_labels="500000:1")
    with pytest.raises(ConfigError, match="there is no image 500000: the 1,297 trained on are numbered from 0"):
        known_labels(own, data.load_train("digits").labels)


def test_training_uses_these_labels_and_no_others(bfloat16):
    images = data.load_for(GIVEN)
    known = known_labels(GIVEN, images.train.labels)
    assert {int(i): int(known[i]) for i in (known != UNLABELED).nonzero()} == LABELS
    batch = make_batch(GIVEN, images.train._replace(labels=known), torch.arange(5), seeded(0))
    assert len(batch.labels) == 5 + GIVEN.labeled_per_step and set(batch.labels[5:].tolist()) <= {*LABELS.values()}

    def trained(labels):
        state = training.start(GIVEN)
        list(training.train(state, images._replace(train=images.train._replace(labels=labels))))
        return list(state.model.parameters())

    shuffled = images.train.labels.roll(1)  # the data set's own labels change nothing
    for first, second in zip(trained(images.train.labels), trained(shuffled), strict=True):
        assert torch.equal(first, second)


def test_images_that_lie_apart_are_the_nearest_to_centres():
    images = data.load_train("digits")
    rows = apart(images, 10, 1)
    assert len(set(rows)) == 10 and rows == apart(images, 10, 1) and rows != apart(images, 10, 2)
    pixels = images.floats()
    between = torch.cdist(pixels[rows], pixels[rows]).fill_diagonal_(torch.inf).amin()
    drawn = [torch.randperm(len(pixels), generator=torch.Generator().manual_seed(i))[:10] for i in range(20)]
    closest = [torch.cdist(pixels[ten], pixels[ten]).fill_diagonal_(torch.inf).amin() for ten in drawn]
    assert between > torch.stack(closest).mean()
