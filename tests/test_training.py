import itertools
import math
from dataclasses import replace

import pytest
import torch

from aae import data, runs, training
from aae.analysis import metrics
from aae.config import PRESETS, Config, ConfigError
from aae.data import Data, Images, augment
from aae.models import losses
from aae.training import phases

TINY = replace(
    Config(), dataset="digits", hidden=(16,), discriminator_hidden=(8,), batch_size=32, epochs=2, ema_decay=0.9
)
CLASSIFIER = replace(TINY, labels="classifier", n_categories=10, n_labeled=50)
# with every seed:
DIVERGING = {"learning_rate": 1.0, "batch_norm": False, "hidden": (16,) * 6, "batch_size": 64, "epochs": 50}


def tiny_data(n=100):
    return Data(*(images.rows(slice(n)) for images in data.load("digits")))


def trained(config, images=None):
    state = training.start(config)
    for _ in training.train(state, images or tiny_data()):
        pass
    return state


def weights(state):
    parts = [*state.model.state_dict().items(), *state.averaged.state_dict().items()]
    return {f"{i}{key}": tensor.clone() for i, (key, tensor) in enumerate(parts)}


def same(a, b):
    return all(torch.equal(a[key], b[key]) for key in a)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_trains_saves_loads_and_resumes_tiny(name, tmp_path, bfloat16):
    config = replace(
        PRESETS[name],
        dataset="digits",
        hidden=(16,),
        epochs=2,
        batch_size=32,
        n_labeled=PRESETS[name].n_labeled and 50,
        n_validation=min(PRESETS[name].n_validation, 50),
    )
    images, state = tiny_data(), training.start(config)
    next(training.train(state, images))
    runs.save_state(state, tmp_path / "half.safetensors")
    resumed = runs.load_state(tmp_path / "half.safetensors")
    for one in (state, resumed):
        list(training.train(one, images))
    assert [record["epoch"] for record in state.history] == [1, 2]
    assert all(math.isfinite(record["reconstruction"]) for record in state.history)
    assert same(weights(state), weights(resumed))
    runs.save(runs.finish(state, images, name), tmp_path / "run.safetensors")
    loaded = runs.load(tmp_path / "run.safetensors")
    assert metrics.evaluate(loaded.model(), images) == loaded.metrics


def test_same_seed_same_weights(bfloat16):
    assert same(weights(trained(TINY)), weights(trained(TINY)))
    assert not same(weights(trained(TINY)), weights(trained(replace(TINY, seed=1))))


@pytest.mark.parametrize("config", [TINY, replace(PRESETS["vae"], dataset="digits", hidden=(16,)), CLASSIFIER])
@pytest.mark.parametrize("killed_after", [1, 4, 5])
def test_killed_and_resumed_equals_uninterrupted(tmp_path, config, killed_after, bfloat16):
    config = replace(config, epochs=2, batch_size=32)
    whole = trained(config)
    state = training.start(config)
    calls = itertools.count()
    list(training.train(state, tiny_data(), stop=lambda: next(calls) >= killed_after))
    assert state.step == killed_after
    runs.save_state(state, tmp_path / "x.state.safetensors")
    resumed = runs.load_state(tmp_path / "x.state.safetensors")
    list(training.train(resumed, tiny_data()))
    assert same(weights(whole), weights(resumed))
    for a, b in zip(whole.history, resumed.history, strict=True):
        assert {**a, "seconds": 0} == {**b, "seconds": 0}


@pytest.mark.parametrize(
    ("n", "batch_size"), [(1001, 100), (1001, 2), (1000, 2), (7, 3), (5, 4), (3, 2), (2, 2), (25, 24), (25, 500)]
)
def test_an_epoch_covers_every_image_once_in_batches_of_two_or_more(n, batch_size):
    config = replace(TINY, batch_size=batch_size)
    order = training.epoch_order(config, n, 0, training.steps_per_epoch(config, n))
    sizes = list(map(len, order))
    assert sorted(torch.cat(order).tolist()) == list(range(n))
    assert min(sizes) > 1 and max(sizes) - min(sizes) <= 1  # BatchNorm needs two
    assert max(sizes) <= batch_size + (n % 2 and batch_size == 2)


def test_every_epoch_has_an_order_of_its_own():
    assert not torch.equal(*(training.epoch_order(TINY, 1001, epoch, 10)[0] for epoch in (0, 1)))


@pytest.mark.parametrize("batch_size", [2, 24, 100_000])
def test_any_batch_size_trains_an_odd_number_of_images(batch_size):
    assert len(trained(replace(CLASSIFIER, n_labeled=20, batch_size=batch_size), tiny_data(51)).history) == 2


PHASES = {
    "reconstruction_phase": {"encoder", "decoder"},
    "discriminator_phase": {"discriminators"},
    "generator_phase": {"encoder"},
    "classification_phase": {"encoder"},
    "pseudo_phase": {"encoder"},
    "kl_phase": {"encoder"},
}


@pytest.mark.parametrize("phase", PHASES)
def test_a_phase_changes_exactly_its_own_networks(phase):
    config = CLASSIFIER
    if phase == "kl_phase":
        config = replace(TINY, regularizer="kl", posterior="gaussian")
    state = training.start(config)
    model = state.model
    images = tiny_data(40).train
    batch = training.make_batch(config, images, torch.arange(40), torch.Generator())
    batch = batch._replace(pseudo=torch.zeros_like(batch.labels))
    code = model.encode(batch.inputs, torch.Generator())
    getattr(phases, phase)(model, code, batch, torch.Generator()).backward()
    touched = {
        name.split(".")[0] for name, p in model.named_parameters() if p.grad is not None and p.grad.abs().sum() > 0
    }
    assert touched == PHASES[phase]


def test_with_heads_reconstruction_moves_them_and_the_repulsion_only_them():
    config = replace(TINY, n_categories=4, cluster_heads=True)
    model = training.start(config).model
    batch = training.make_batch(config, tiny_data().train, torch.arange(40), torch.Generator())

    def touched(loss):
        model.zero_grad()
        loss.backward()
        return {name.split(".")[0] for name, p in model.named_parameters() if p.grad is not None and p.grad.any()}

    code = model.encode(batch.inputs)
    assert touched(training.reconstruction_phase(model, code, batch)) == {"encoder", "decoder", "heads"}
    assert touched(losses.head_repulsion(model.heads.weight.T, 99.0)) == {"heads"}


@pytest.mark.parametrize(
    ("phase", "networks"),
    [("reconstruction", {"encoder", "decoder"}), ("discriminator", {"discriminators"}), ("generator", {"encoder"})],
)
def test_a_single_phase_updates_exactly_its_own_networks(phase, networks):
    state, images = training.start(TINY), data.load("digits").train
    for other in ("reconstruction", "discriminator", "generator"):  # so that Adam has moments of all of them
        training.single_phase(state, training.make_batch(TINY, images, torch.arange(32), None), other, None)
    before = {name: p.detach().clone() for name, p in state.model.named_parameters()}
    batch = training.make_batch(TINY, images, torch.arange(32), None)
    training.single_phase(state, batch, phase, None)
    moved = {name.split(".")[0] for name, p in state.model.named_parameters() if not torch.equal(p, before[name])}
    assert moved == networks


@pytest.mark.parametrize(
    ("changes", "phase"),
    [
        ({}, "reconstruction"),
        ({"likelihood": "bernoulli", "labels": "both"}, "reconstruction"),
        ({"labels": "both"}, "discriminator"),  # the arrows are the generator's: what it would do now
        ({"n_categories": 4, "cluster_heads": True}, "generator"),
        ({"regularizer": "kl", "posterior": "gaussian"}, "kl"),
    ],
)
def test_arrows_are_the_way_down_of_each_image_s_own_loss(changes, phase):
    """An arrow is -∂loss/∂z of the phase for the image alone, as torch.autograd has it; along it that loss falls."""
    config = replace(TINY, **changes)
    model, images = training.start(config).model, tiny_data().train.rows(slice(5))
    ((name, arrows),) = training.pushes(model, images, [phase]).items()
    assert model.training and name == {"discriminator": "generator"}.get(phase, phase)
    model.eval()

    def loss(i, z):
        row = images.rows(slice(i, i + 1))
        batch, code = training.Batch(row.floats(), row.floats(), row.labels), model.encode(row.floats())
        return getattr(phases, f"{name}_phase")(model, code._replace(z=z, mean=z), batch, None)

    for i, z in enumerate(model.encode(images.floats()).mean.detach().split(1)):
        moved = z.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(loss(i, moved), moved)
        assert torch.allclose(arrows[i], -gradient[0], rtol=1e-3, atol=1e-5)
        assert arrows[i].any() and loss(i, z + 1e-3 * arrows[i] / arrows[i].norm()) < loss(i, z)


def test_arrows_leave_the_training_as_it_is():
    """Neither weights, gradients, averages of BatchNorm nor random numbers change."""
    state, images = training.start(TINY), tiny_data().train
    before = [tensor.clone() for tensor in state.model.state_dict().values()]
    random = torch.get_rng_state()
    assert set(training.pushes(state.model, images, [*training.PLAYED_BY][:3])) == {"reconstruction", "generator"}
    assert all(map(torch.equal, before, state.model.state_dict().values()))
    assert torch.equal(random, torch.get_rng_state())
    assert all(p.grad is None and p.requires_grad for p in state.model.parameters())


def test_the_shared_pass_has_the_gradients_of_separate_phases():
    """The fast step answers to the sum of the phases; one encoder pass each gives the same gradient."""
    config = replace(TINY, batch_norm=False)
    model = training.start(config).model
    batch = training.make_batch(config, tiny_data().train, torch.arange(60), torch.Generator())
    phases = [training.reconstruction_phase, training.generator_phase]

    def gradient(shared):
        model.zero_grad()
        code = model.encode(batch.inputs)
        for phase in phases:
            code = code if shared else model.encode(batch.inputs)
            phase(model, code, batch, torch.Generator()).backward(retain_graph=True)
        return torch.cat([p.grad.flatten() for p in model.encoder.parameters()])

    assert torch.allclose(gradient(True), gradient(False), atol=1e-5)


def test_labels_choose_the_component_of_the_prior():
    config = replace(TINY, labels="discriminator", prior="mixture", n_labeled=50)
    labels = torch.tensor([3] * 500 + [data.UNLABELED] * 500)
    batch = training.Batch(torch.empty(0), torch.empty(0), labels)
    real = training.draw_real(config, "z", batch, torch.Generator().manual_seed(0))
    centre = 1.4 * torch.tensor([math.cos(0.6 * math.pi), math.sin(0.6 * math.pi)])
    assert (real[:500].mean(0) - centre).norm() < 0.1
    assert real[500:].mean(0).norm() < 0.15


def test_weights_and_rates_follow_the_schedule():
    assert training.regularizer_weight(TINY, 0.0) == pytest.approx(15)
    assert training.regularizer_weight(TINY, 0.5) == pytest.approx(math.sqrt(15 * 40))
    assert training.regularizer_weight(TINY, 1.0) == pytest.approx(40)
    optimizers = training.start(TINY).optimizers
    for progress, share in [(0.0, 1.0), (0.3, 1.0), (1.0, 0.01)]:
        training.set_rates(optimizers, TINY, progress)
        assert optimizers["autoencoder"].param_groups[0]["lr"] == pytest.approx(2e-3 * share)
        assert optimizers["discriminator"].param_groups[0]["lr"] == pytest.approx(1e-3 * share)


def healthy_record(**changes):
    record = {"epoch": 9, "discriminator": 1.3, "prior_distance": 0.05, "prior_distance_floor": 0.02}
    return {**record, "code_std": [1.0, 1.0], **changes}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reconstruction": float("nan")}, "learning_rate"),
        ({"code_std": [1.0, 0.001]}, "collapsed"),
        ({"discriminator": 2 * math.log(2), "prior_distance": 0.9}, "2 ln 2"),
    ],
)
def test_divergence_is_said(changes, words):
    with pytest.raises(training.Diverged, match=words):
        training.check_health(TINY, [healthy_record(**changes)] * training.PATIENCE, tiny_data().train)


def test_health_is_not_doubted_without_reason():
    at_equilibrium = healthy_record(discriminator=2 * math.log(2))
    training.check_health(TINY, [at_equilibrium] * training.PATIENCE, tiny_data().train)
    training.check_health(TINY, [healthy_record(code_std=[1.0, 0.001])] * (training.PATIENCE - 1), tiny_data().train)


def test_images_that_hardly_differ_may_share_a_code():
    black = Images(torch.zeros(50, 64, dtype=torch.uint8), torch.zeros(50, dtype=torch.long))
    training.check_health(TINY, [healthy_record(code_std=[0.0, 0.0])] * training.PATIENCE, black)
    with pytest.raises(training.Diverged, match="reconstruction is nan"):
        training.check_health(TINY, [healthy_record(reconstruction=math.nan)], black)


def test_a_learning_rate_of_one_diverges_and_says_so(bfloat16):
    with pytest.raises(training.Diverged):
        trained(replace(TINY, **DIVERGING), data.load("digits"))


def test_labels_are_balanced_and_come_from_the_training_images():
    labels = data.load("digits").train.labels
    hidden = data.hide_labels(labels, 100, 10, seed=3)
    known = hidden != data.UNLABELED
    assert torch.equal(hidden[known], labels[known])
    assert torch.bincount(hidden[known]).tolist() == [10] * 10
    assert not torch.equal(hidden, data.hide_labels(labels, 100, 10, seed=4))


def test_labeled_images_stand_beside_each_minibatch_where_not_all_are():
    labels = data.load("digits").train.labels
    images = data.Images(data.load("digits").train.pixels, data.hide_labels(labels, 20, 10, seed=0))
    rows, config = torch.arange(50), replace(CLASSIFIER, n_labeled=20, labeled_per_step=7)
    seen = training.make_batch(config, images, rows, torch.Generator().manual_seed(0)).labels
    assert torch.equal(seen[:50], images.labels[:50]) and len(seen) == 57
    assert (seen[50:] != data.UNLABELED).all()
    alone = training.make_batch(replace(config, n_labeled=None), images, rows, torch.Generator().manual_seed(0))
    assert len(alone.labels) == 50


def test_the_trained_head_is_the_head_that_classifies(bfloat16):
    images = data.load("digits")
    state = trained(replace(CLASSIFIER, n_labeled=None, epochs=4, hidden=(64,)), images)
    code = metrics.encode_all(state.best_model, images.test)
    assert (code.y.argmax(1) == images.test.labels).float().mean() > 0.85


def test_losses_have_their_hand_values():
    zero = torch.zeros(4, 6)
    assert losses.squared_error(zero, torch.ones(4, 6)).item() == pytest.approx(6 * 0.25)
    assert losses.binary_cross_entropy(zero, torch.ones(4, 6)).item() == pytest.approx(6 * math.log(2))
    assert losses.discriminator(torch.zeros(3), torch.zeros(3)).item() == pytest.approx(2 * math.log(2))
    assert losses.generator(torch.zeros(3)).item() == pytest.approx(math.log(2))
    mean, logvar = torch.randn(5, 3), torch.randn(5, 3)
    posterior = torch.distributions.Normal(mean, (0.5 * logvar).exp())
    reference = torch.distributions.kl_divergence(posterior, torch.distributions.Normal(0.0, 2.0)).sum(1).mean()
    assert losses.kl_to_gaussian(mean, logvar, 2.0).item() == pytest.approx(reference.item(), rel=1e-5)
    heads = torch.tensor([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0]])
    assert losses.head_repulsion(heads, 3.0).item() == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("kind", "changed"), [("gaussian", (0.99, 1.0)), ("masking", (0.25, 0.35)), ("salt_pepper", (0.25, 0.35))]
)
def test_the_input_is_corrupted_and_the_target_is_not(kind, changed):
    config = replace(TINY, corruption=kind, input_noise=0.3)
    images = Images(torch.full((200, 64), 100, dtype=torch.uint8), torch.zeros(200, dtype=torch.long))
    batch = training.make_batch(config, images, torch.arange(200), torch.Generator())
    assert torch.equal(batch.images, images.floats())
    low, high = changed
    assert low <= (batch.inputs != batch.images).float().mean() <= high
    if kind == "gaussian":
        assert (batch.inputs - batch.images).std().item() == pytest.approx(0.3, rel=0.05)
    if kind == "salt_pepper":
        assert (batch.inputs == 1).float().mean().item() == pytest.approx(0.15, abs=0.03)


@pytest.mark.parametrize("name", [name for name in PRESETS if name.startswith("denoising")])
def test_denoising_presets_see_corrupted_inputs(name):
    images = Images(torch.full((20, 784), 100, dtype=torch.uint8), torch.zeros(20, dtype=torch.long))
    batch = training.make_batch(PRESETS[name], images, torch.arange(20), torch.Generator())
    assert (batch.inputs - batch.images).square().mean() > 0.1


def test_inputs_are_moved_by_at_most_the_shift():
    images = torch.zeros(500, 8, 8)
    images[:, 4, 4] = 1
    places = augment.shifted(images, 2, torch.Generator()).nonzero()[:, 1:]
    assert sorted(set(map(tuple, places.tolist()))) == [(y, x) for y in range(2, 7) for x in range(2, 7)]
    batch = training.make_batch(replace(TINY, shift=3), tiny_data().train, torch.arange(60), torch.Generator())
    assert not torch.equal(batch.images, batch.inputs)


def test_distorted_inputs_turn_about_the_middle_and_keep_their_range():
    images = torch.zeros(300, 28, 28)
    images[:, 12:16, 4:24] = 1  # a bar across the middle
    moved = augment.distorted(images, 0.3, torch.Generator().manual_seed(0))
    assert moved.min() >= 0 and moved.max() <= 1 + 1e-6
    assert (moved[:, 13:15, 13:15] > 0.9).float().mean() > 0.95  # the middle stays
    mass = moved.sum((1, 2)) / 80
    assert 0.7 < mass.min() < 0.95 and 1.05 < mass.max() < 1.45  # scaled by up to e^±0.15 each way
    assert torch.equal(augment.distorted(images, 0.0, torch.Generator()), images)


def test_the_teacher_labels_only_unlabeled_images_that_it_is_sure_of():
    config = replace(CLASSIFIER, n_labeled=20, pseudo_label_threshold=0.5)
    model = training.start(config).model
    labels = data.hide_labels(tiny_data().train.labels, 20, 10, 0)
    images = tiny_data().train.floats()
    batch = training.Batch(images, images, labels)
    given = training.pseudo_labels(model, batch)
    confidence, category = model.encode(images).y.max(1)
    asked = (labels == data.UNLABELED) & (confidence > 0.5)
    assert torch.equal(given, torch.where(asked, category, data.UNLABELED))


def test_an_aligned_teacher_uses_all_categories_alike():
    y = torch.tensor([[0.9, 0.1], [0.6, 0.4], [0.6, 0.4]])
    expected = torch.tensor([[0.9 / 0.7, 0.1 / 0.3], [0.6 / 0.7, 0.4 / 0.3], [0.6 / 0.7, 0.4 / 0.3]])
    torch.testing.assert_close(training.aligned(y, y.mean(0)), expected / expected.sum(1, keepdim=True))
    even = torch.tensor([[0.8, 0.2], [0.2, 0.8]])
    torch.testing.assert_close(training.aligned(even, even.mean(0)), even)
    unused = torch.tensor([[1.0, 0.0], [1.0, 0.0]])  # nothing is made of nothing
    torch.testing.assert_close(training.aligned(unused, unused.mean(0)), unused)


@pytest.mark.parametrize("is_aligned", [False, True])
def test_the_teacher_is_aligned_where_the_config_says_so(is_aligned):
    config = replace(TINY, n_categories=6, pseudo_label_threshold=0.0001, distribution_alignment=is_aligned)
    model, images = training.start(config).model, tiny_data().train.floats()
    model.encoder[-1].bias.data[-1] += 4.0  # one category takes nearly all
    batch = training.Batch(images, images, torch.full((len(images),), data.UNLABELED))
    share = (training.pseudo_labels(model, batch) == 5).float().mean().item()
    assert share < 0.6 if is_aligned else share > 0.9


def test_without_labels_training_sees_none_and_the_teacher_may_name_all(monkeypatch):
    config, seen = replace(TINY, n_categories=6, pseudo_label_threshold=0.1, pseudo_label_start=0.0), []
    original = training.make_batch
    monkeypatch.setattr(training.loop, "make_batch", lambda *args: seen.append(original(*args)) or seen[-1])
    state = trained(config)
    assert all((batch.labels == data.UNLABELED).all() for batch in seen)
    assert (training.pseudo_labels(state.averaged.module, seen[0]) >= 0).any()


def test_classification_ignores_rows_without_a_label():
    logits = torch.randn(6, 10)
    labels = torch.tensor([3, -1, -1, 7, -1, 0])
    known = labels >= 0
    reference = torch.nn.functional.cross_entropy(logits[known], labels[known])
    assert losses.classification(logits, labels).item() == pytest.approx(reference.item(), rel=1e-6)
    assert losses.classification(logits, torch.full((6,), -1)).item() == 0


def test_unlabeled_images_are_images():
    assert Images(torch.full((1, 2), 255, dtype=torch.uint8), torch.tensor([1])).floats().tolist() == [[1.0, 1.0]]


def test_going_on_is_bit_for_bit_what_its_config_trains_from_the_start(tmp_path):
    config = replace(TINY, regularizer_weight=(1.0, 9.0), epochs=3)
    state, images = trained(config), tiny_data()
    runs.save_state(state, tmp_path / "x.state.safetensors")
    state, more = runs.load_state(tmp_path / "x.state.safetensors"), training.continued(config, 2)
    training.go_on(state, more)
    assert (more.epochs, more.continued_at) == (5, (3,)) and training.continued(more, 1).continued_at == (3, 5)
    assert [record["epoch"] for record in training.train(state, images)] == [4, 5]
    at_once, straight = trained(more), trained(replace(config, epochs=5))
    assert same(weights(state), weights(at_once)) and not same(weights(state), weights(straight))
    figures = [{name: v for name, v in record.items() if name != "seconds"} for record in at_once.history]
    assert figures == [{name: record[name] for name in figures[0]} for record in state.history]


def test_the_schedules_of_a_training_that_goes_on_are_those_of_all_epochs_from_there():
    config = replace(TINY, epochs=9, continued_at=(2, 5))
    assert [training.scheduled_epochs(config, epoch) for epoch in range(9)] == [2, 2, 5, 5, 5, 9, 9, 9, 9]
    for wrong in ((9,), (5, 5), (5, 2)):
        with pytest.raises(ConfigError, match="continued_at"):
            replace(TINY, epochs=9, continued_at=wrong)
