"""python -m aae train: a preset to a run file, resumable after a signal or a crash."""

import argparse
import os
import shlex
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from aae import data, files, locks, runs, training
from aae.cli import endings, processes
from aae.cli.arguments import Commands, Parser, assignment, checked, path, whole
from aae.cli.words import describe, say
from aae.config import CHOICES, PRESETS, Config, refuse, to_present
from aae.data import custom
from aae.texts import nearest
from aae.training import distributed

SAVE_EVERY = 30  # seconds between savings of the training state, at ends of epochs
MAX_THREADS, MAX_SNAPSHOTS, MAX_PROCESSES = 256, 100_000, 256


def add_to(commands: Commands) -> None:
    """The command and its options."""
    command = commands.add_parser("train", help="train a preset and write its run file")
    command.set_defaults(command=train)
    add_config_to(command)
    command.add_argument(
        "--out", type=path, metavar="FILE", help="the run file (default: runs/PRESET-seedS.safetensors)"
    )
    command.add_argument(
        "--resume",
        action="store_true",
        help="go on where the run of this name was stopped; a finished one: for --epochs",
    )
    command.add_argument("--keep-state", action="store_true", help="of a finished run too, that --resume can extend it")
    command.add_argument("--snapshots", type=whole, default=10, metavar="N", help="keep the test codes every N epochs")
    command.add_argument("--threads", type=whole, default=1, metavar="T", help="of each process (default: 1)")
    command.add_argument(
        "--device",
        default=os.environ.get("AAE_DEVICE") or "cpu",
        metavar="D",
        help="cpu, cuda, or one of several as in cuda:0 (default: the variable AAE_DEVICE, else cpu)",
    )
    command.add_argument("--processes", type=whole, default=1, metavar="N", help="that share minibatches (default: 1)")


def add_config_to(command: Parser) -> None:
    """The options from which make_config() makes a config."""
    command.add_argument("preset", metavar="PRESET", help=f"one of {', '.join(PRESETS)}")
    command.add_argument(
        "--data",
        metavar="D",
        help=f"one of {', '.join(CHOICES['dataset'])}, or a .zip, .tar, .npz or .npy file, or a folder, of your own",
    )
    command.add_argument("--prior-image", type=path, metavar="FILE", help="the picture that prior=drawn is of")
    command.add_argument("--epochs", type=whole, metavar="N")
    command.add_argument("--seed", type=whole, metavar="S")
    command.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="any field of aae.config")


def train(options: argparse.Namespace) -> int:
    """Train, with progress on stderr; resumable after a signal or a crash. All is checked before work begins."""
    threads = checked("--threads", options.threads, 1, MAX_THREADS)
    every = checked("--snapshots", options.snapshots, 0, MAX_SNAPSHOTS)
    several = checked("--processes", options.processes, 1, MAX_PROCESSES)
    processes.check_device(options.device, several)
    if options.out:
        check_out(options.out, options.resume)  # before a file of data is read
    config, given = make_config(options)
    out = options.out or Path("runs") / f"{options.preset}-seed{config.seed}{runs.SUFFIX}"
    check_out(out, options.resume)
    runs.check_size(config, config.epochs // every + 2 if every else 0)
    if several > 1 and not processes.is_one_of_several():
        return processes.launch(options.words, several)
    torch.set_num_threads(threads)
    with endings.raised(), processes.joined(options.device) as device, claimed(out):
        state = resumed(config, out, device) if options.resume else training.start(config, device)
        if given:
            custom.keep(given)
        images = data.load_for(config)
        check_shares(config, len(images.train.labels), several)
        with endings.noted() as received:
            if not distributed.is_first():
                return take_part(state, images, received)
            return train_on(state, images, out, every, received, options)


def make_config(
    options: argparse.Namespace, prepare: Callable[[Config], Config] = lambda preset: preset
) -> tuple[Config, custom.CustomData | None]:
    """The preset with the options of the command line, and the custom data that they name, which are not stored yet.

    prepare() is given the preset before it is fitted to the data.
    Raises ConfigError or DataError.
    """
    preset, changes = chosen_preset(options.preset), read_changes(options)
    given = read_custom(options.data) if options.data and custom.is_custom(options.data) else None
    if given:
        changes["dataset"] = custom.name_of(given)
    name = changes.get("dataset", preset.dataset)
    source = data.unstored(given.pixels, given.labels, given.names) if given else data.stored(name)
    fitted = data.fit(prepare(preset), name, source)
    if (n := changes.get("n_classes", fitted.n_classes)) != fitted.n_classes:
        raise refuse("n_classes", n, f"the data have {fitted.n_classes}: leave it out, and it is set")
    config = replace(fitted, **changes)
    data.check(config, source)
    return config, given


def chosen_preset(name: str) -> Config:
    """A preset. Raises ConfigError."""
    if name not in PRESETS:
        some = ", ".join(list(PRESETS)[:3])
        rule = f"must be one of {some}, ... (all: python -m aae list){nearest(name, PRESETS)}"
        raise refuse("preset", name, rule)
    return PRESETS[name]


def read_changes(options: argparse.Namespace) -> dict[str, Any]:
    """The fields that the options set. Raises ConfigError or DataError."""
    assigned = to_present(dict(map(assignment, options.set)))
    drawing = options.prior_image and custom.read_drawing(options.prior_image)
    changes = {"dataset": options.data, "prior_image": drawing, "epochs": options.epochs, "seed": options.seed}
    return {name: value for name, value in changes.items() if value is not None} | assigned


def read_custom(file: str) -> custom.CustomData:
    """The custom data of a file or a folder, with a word on what was understood of it. Raises DataError."""
    given = custom.parse_path(Path(os.path.expanduser(file)))
    if not processes.is_one_of_several():  # else it was said before they were started
        print(*given.report.lines(), sep="\n", file=sys.stderr)
    return given


def check_out(out: Path, resume: bool) -> None:
    """Refuse a name under which nothing can be written, would be overwritten, or is there to be resumed."""
    name = str(out)
    if out.suffix != runs.SUFFIX or not name.isprintable():
        raise refuse("--out", name, f"must be printable, and end in {runs.SUFFIX}")
    saved = runs.state_path(out)
    try:
        files.check_place(saved)
        files.check_place(lock_path(out))
        finished, begun = os.path.lexists(out), saved.exists()
    except OSError as error:
        raise refuse("--out", name, f"cannot be written ({error.strerror}): name another file") from error
    if finished and resume and not begun:
        rule = "is finished, and was trained without --keep-state: its epochs stay; name another --out to train anew"
        raise refuse("--resume", name, rule)
    if finished and not resume:
        raise refuse("--out", name, "is there already: name another file, or remove it first")
    if begun and not resume:
        raise refuse("--out", name, f"was begun already: add --resume, or remove {saved}")
    if resume and not begun:
        raise refuse("--resume", name, "nothing was begun there: check --out, or leave --resume out")


def check_shares(config: Config, n_images: int, several: int) -> None:
    """Raise ConfigError where a minibatch has not an image for each process."""
    least = n_images // training.steps_per_epoch(config, n_images)
    if several > least:
        raise refuse("--processes", several, f"a minibatch has {least} images: must be at most as many")


def lock_path(out: Path) -> Path:
    """The file that whoever trains a run holds."""
    return out.with_name(f"{out.name}.lock")


@contextmanager
def claimed(out: Path) -> Iterator[None]:
    """Be the only one who trains this run; of several processes that do, the first is."""
    with ExitStack() as held:
        if not distributed.is_first():
            yield
            return
        try:
            held.enter_context(locks.locked(lock_path(out)))
        except BlockingIOError as error:
            raise refuse("--out", str(out), "is being trained by another process: name another file") from error
        except OSError as error:
            raise refuse("--out", str(out), f"cannot be written ({error.strerror}): name another file") from error
        yield


def resumed(config: Config, out: Path, device: torch.device) -> training.State:
    """The saved training state of a run with this config. Raises ConfigError or RunError."""
    state = runs.load_state(runs.state_path(out), device)
    more, was_finished = config.epochs - state.config.epochs, len(state.history) == state.config.epochs
    if was_finished and more > 0:
        training.go_on(state, training.continued(state.config, more))
    elif was_finished and os.path.lexists(out):
        rule = f"the run to resume is finished after {state.config.epochs}: ask for more, or name another --out"
        raise refuse("epochs", config.epochs, rule)
    saved, by_itself = state.config.to_json(), {"n_classes"}  # which the data set gives
    if not config.continued_at:
        by_itself.add("continued_at")  # which is what the training came to
    for name, value in config.to_json().items():
        if value != saved[name] and name not in by_itself:
            raise refuse(name, value, f"the run to resume has {saved[name]!r}: use that, or another --out")
    if os.path.lexists(out):
        check_extended(runs.load(out).config, state.config, out)
    return state


def check_extended(before: Config, after: Config, out: Path) -> None:
    """Raise ConfigError where the run file is not that of which the training goes on, and would be replaced."""
    if before != replace(after, epochs=before.epochs, continued_at=after.continued_at[: len(before.continued_at)]):
        raise refuse("--resume", str(out), "is another run than the one that goes on: move it, or name another --out")


def train_on(
    state: training.State, images: data.Data, out: Path, every: int, received: list[int], options: argparse.Namespace
) -> int:
    """Train until a signal was received, or to the end and write the run; the exit code."""
    saved, extends = runs.state_path(out), options.resume and os.path.lexists(out)
    resume = shlex.join(["python", "-m", "aae", *options.words, *["--resume"] * (not options.resume)])
    try:
        follow(state, images, out, every, received)
    except OSError:  # the terminal was closed between two steps
        runs.save_state(state, saved)
        raise
    if state.step < training.steps_per_epoch(state.config, len(images.train.labels)) * state.config.epochs:
        runs.save_state(state, saved)
        print(f"stopped after step {state.step}; go on with: {resume}", file=sys.stderr)
        return endings.SIGNALLED + received[0]
    write_run(state, images, out, extends)
    if not options.keep_state:
        saved.unlink(missing_ok=True)
    return 0


def write_run(state: training.State, images: data.Data, out: Path, replace: bool) -> None:
    """Write the run of a finished training, whose state is saved before. Raises RunError."""
    kept = save_or_say(state, runs.state_path(out))
    try:
        run = runs.finish(state, images, out.stem)
        runs.save(run, out, replace=replace)
    except runs.RunError as error:
        raise runs.RunError(f"{error}{'; the training is kept, --resume goes on' if kept else ''}") from error
    print(f"{out}: {describe(run.metrics)}")


def follow(state: training.State, images: data.Data, out: Path, every: int, received: list[int]) -> None:
    """Train under a progress bar until the end or a signal, saving the state now and then."""
    config = state.config
    steps = training.steps_per_epoch(config, len(images.train.labels)) * config.epochs
    saved = time.monotonic()
    with tqdm(total=steps, initial=state.step, unit="step", desc=out.stem, dynamic_ncols=True) as bar:

        def stop() -> bool:
            bar.update(state.step - bar.n)
            return told(received)

        for record in training.train(state, images, every, stop, bar.set_postfix_str):
            bar.set_postfix_str(f"epoch {record['epoch']}/{config.epochs} {describe(record)}", refresh=False)
            if time.monotonic() - saved > SAVE_EVERY:
                save_or_say(state, runs.state_path(out))
                saved = time.monotonic()
        bar.update(state.step - bar.n)


def take_part(state: training.State, images: data.Data, received: list[int]) -> int:
    """Train beside the first process, which alone writes and prints; the exit code."""
    for _ in training.train(state, images, stop=lambda: told(received)):
        pass
    return endings.SIGNALLED + received[0] if received else 0


def told(received: list[int]) -> bool:
    """Whether any process of the training has received a signal; then all have."""
    number = distributed.largest(max(received, default=0))
    if number and not received:
        received.append(number)
    return bool(number)


def save_or_say(state: training.State, path: Path) -> bool:
    """Save the state, or say why that failed: a disk may have room again later; whether it was saved."""
    try:
        runs.save_state(state, path)
    except runs.RunError as error:
        say(error, 2)
        return False
    return True
