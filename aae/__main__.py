"""python -m aae train | evaluate | show | list."""

import argparse
import json
import shlex
import signal
import sys
import time
from dataclasses import fields, replace
from pathlib import Path
from types import UnionType
from typing import Any, NoReturn, get_origin, get_type_hints

import torch
from tqdm import tqdm

from aae import data, figures, jobs, metrics, own, runs, training
from aae.config import CHOICES, PRESETS, Config, ConfigError, refuse

SAVE_EVERY = 30  # seconds between savings of the training state, at ends of epochs
INTERRUPTED = 130  # exit code after Ctrl-C, as shells have it
REPORTED = ("reconstruction_mse", "reconstruction_bce", "prior_distance", "prior_distance_floor", "coverage")
USER_ERRORS = (ConfigError, data.DataError, runs.RunError)


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message}; see {self.prog} --help\n")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code: 0, 1 for training that diverged, 2 for wrong input, 130 after Ctrl-C."""
    options = make_parser().parse_args(arguments)
    try:
        return options.command(options)
    except USER_ERRORS as error:
        print(error, file=sys.stderr)
        return 2
    except training.Diverged as error:
        print(f"stopped: {error}", file=sys.stderr)
        return 1


def make_parser() -> Parser:
    parser = Parser(prog="python -m aae", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)

    command = commands.add_parser("train", help="train a preset and write its run file")
    command.set_defaults(command=train)
    command.add_argument("preset", metavar="PRESET", help=f"one of {', '.join(PRESETS)}")
    command.add_argument(
        "--data",
        metavar="D",
        help=f"one of {', '.join(CHOICES['dataset'])}, or a .zip, .tar, .npz or .npy file, or a folder, of your own",
    )
    command.add_argument("--prior-image", type=Path, metavar="FILE", help="the picture that prior=drawn is of")
    command.add_argument("--epochs", type=int, metavar="N")
    command.add_argument("--seed", type=int, metavar="S")
    command.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="any field of aae.config")
    command.add_argument(
        "--out", type=Path, metavar="FILE", help="the run file (default: runs/PRESET-seedS.safetensors)"
    )
    command.add_argument("--resume", action="store_true", help="go on from where the run of this name was stopped")
    command.add_argument("--snapshots", type=int, default=10, metavar="N", help="keep the test codes every N epochs")
    command.add_argument("--threads", type=int, default=1, metavar="T", help="of the processor (default: 1)")

    command = commands.add_parser("evaluate", help="measure runs on the test images of their data set")
    command.set_defaults(command=evaluate)
    command.add_argument("runs", nargs="+", metavar="RUN", help="a run file, or a shipped run's name")
    command.add_argument("--json", action="store_true", help="print a list with one object a run")

    command = commands.add_parser("show", help="draw a figure of a run")
    command.set_defaults(command=show)
    command.add_argument("run", metavar="RUN", help="a run file, or a shipped run's name")
    command.add_argument("--figure", choices=figures.FIGURES, default="manifold")
    command.add_argument("--out", type=Path, required=True, metavar="FILE.png")

    command = commands.add_parser("work", help="train a job of the app, as long as standard input is open")
    command.set_defaults(command=lambda options: jobs.work(options.folder))
    command.add_argument("folder", type=Path, metavar="FOLDER")

    commands.add_parser("list", help="presets, and the runs that are shipped").set_defaults(command=list_all)
    return parser


# train


def train(options: argparse.Namespace) -> int:
    """Train, with progress on stderr; resumable after Ctrl-C or a crash."""
    config = make_config(options)
    out = options.out or Path("runs") / f"{options.preset}-seed{config.seed}{runs.SUFFIX}"
    torch.set_num_threads(checked("--threads", options.threads, 1))
    state = make_state(config, out, options.resume)
    images = data.load_for(config)
    finished = follow(state, images, out, checked("--snapshots", options.snapshots, 0))
    if not finished:
        print(f"stopped after step {state.step}; go on with: {this_command('--resume')}", file=sys.stderr)
        return INTERRUPTED
    run = runs.finish(state, images, out.stem)
    runs.save(run, out)
    runs.state_path(out).unlink(missing_ok=True)
    print(f"{out}: {describe(run.metrics)}")
    return 0


def make_config(options: argparse.Namespace) -> Config:
    """The preset with the options of the command line. Raises ConfigError."""
    if options.preset not in PRESETS:
        raise refuse("preset", options.preset, f"must be one of {', '.join(PRESETS)}")
    dataset = options.data
    if dataset and own.is_brought(dataset):
        dataset, report = own.bring(Path(dataset))
        print(*report.lines(), sep="\n", file=sys.stderr)
    drawing = options.prior_image and own.read_drawing(options.prior_image)
    changes = {"dataset": dataset, "prior_image": drawing, "epochs": options.epochs, "seed": options.seed}
    changes = {name: value for name, value in changes.items() if value is not None}
    for assignment in options.set:
        name, _, text = assignment.partition("=")
        changes[name] = parse_value(name, text)
    preset = PRESETS[options.preset]
    config = replace(data.fit(preset, changes.get("dataset", preset.dataset)), **changes)
    data.check(config)
    return config


def parse_value(name: str, text: str) -> Any:
    """The value of a Config field as a command line writes it: 512,512, 0.1, true, none, gaussian."""
    kinds = get_type_hints(Config)
    if name not in kinds:
        raise refuse(
            "--set", name, f"must be FIELD=VALUE with FIELD one of {', '.join(f.name for f in fields(Config))}"
        )
    kind = kinds[name]
    if kind is str:
        return text
    if isinstance(kind, UnionType) and text.lower() == "none":
        return None
    listed = get_origin(kind) is tuple
    try:
        return json.loads(f"[{text.strip('[]()')}]" if listed else text.lower())
    except ValueError as error:
        example = "512,512" if listed else {bool: "true"}.get(kind, "2")
        raise refuse(name, text, f"cannot be read: write it like {name}={example}") from error


def checked(name: str, value: int, least: int) -> int:
    if value < least:
        raise refuse(name, value, f"must be at least {least}")
    return value


def make_state(config: Config, out: Path, resume: bool) -> training.State:
    """A new training state, or with resume the saved one; refuses to overwrite what took time to make."""
    saved = runs.state_path(out)
    if out.suffix != runs.SUFFIX:
        raise refuse("--out", str(out), f"must end in {runs.SUFFIX}")
    if out.exists():
        raise refuse("--out", str(out), "is there already: name another file, or remove it first")
    if not saved.exists():
        return training.start(config)
    if not resume:
        raise refuse("--out", str(out), f"was begun already: add --resume, or remove {saved}")
    state = runs.load_state(saved)
    for name, value in config.to_json().items():
        if value != state.config.to_json()[name] and name != "n_classes":  # which the data set gives
            raise refuse(
                name, value, f"the run to resume has {state.config.to_json()[name]!r}: use that, or another --out"
            )
    return state


def follow(state: training.State, images: data.Data, out: Path, snapshot_every: int) -> bool:
    """Train under a progress bar, saving the state now and then; whether the last epoch was reached."""
    config, interrupted = state.config, []
    previous = signal.signal(signal.SIGINT, lambda *_: interrupted.append(True))
    per_epoch = training.steps_per_epoch(config, len(images.train.labels))
    saved = time.monotonic()
    bar = tqdm(total=per_epoch * config.epochs, initial=state.step, unit="step", desc=out.stem, dynamic_ncols=True)

    def stop() -> bool:
        bar.update(state.step - bar.n)
        return bool(interrupted)

    try:
        for record in training.train(state, images, snapshot_every, stop):
            bar.set_postfix_str(f"epoch {record['epoch']}/{config.epochs} {describe(record)}", refresh=False)
            if time.monotonic() - saved > SAVE_EVERY:
                runs.save_state(state, runs.state_path(out))
                saved = time.monotonic()
        bar.update(state.step - bar.n)
    finally:
        bar.close()
        signal.signal(signal.SIGINT, previous)
    if interrupted:
        runs.save_state(state, runs.state_path(out))
    return not interrupted


def describe(values: dict[str, Any]) -> str:
    """The figures that tell most, in one line."""
    return f"mse {values['reconstruction_mse']:.4f}, distance to the prior {values['prior_distance']:.3f}" + (
        f" (floor {values['prior_distance_floor']:.3f})"
    )


def this_command(*more: str) -> str:
    """The command that was given, to be given again."""
    words = sys.argv[1:] + [word for word in more if word not in sys.argv]
    return shlex.join(["python", "-m", "aae", *words])


# evaluate, show, list


def evaluate(options: argparse.Namespace) -> int:
    """Measure every run anew; a table, or JSON."""
    rows = [measure(runs.load(runs.find(name))) for name in options.runs]
    if options.json:
        print(json.dumps(rows, indent=2))
        return 0
    heads = "".join(f"{name:>22}" for name in REPORTED)
    print(f"{'run':<20}{'data':<10}{'seed':>5}{'epochs':>7}{'CPU s':>7}{'wrong':>9}{heads}")
    for row in rows:
        first = f"{row['run']:<20}{row['dataset']:<10}{row['seed']:>5}{row['epochs']:>7}{row['cpu_seconds']:>7.0f}"
        print(f"{first}{wrong(row):>9}" + "".join(f"{row[name]:>22.4f}" for name in REPORTED))
    return 0


def wrong(values: dict[str, Any]) -> str:
    """The share of images in a wrong class, or in a cluster of another one, in percent; - where there is no y."""
    error = values.get("classification_error", values.get("clustering_error"))
    return "-" if error is None else f"{100 * error:.2f} %"


def measure(run: runs.Run) -> dict[str, Any]:
    """A run's metrics on the test images, as stored and as just now."""
    config = run.config
    about = {"run": run.name, "dataset": config.dataset, "seed": config.seed, "epochs": config.epochs}
    measured = metrics.evaluate(run.model(), data.load_for(config))
    return {**about, "cpu_seconds": run.cpu_seconds, **measured, "recorded": run.metrics}


def show(options: argparse.Namespace) -> int:
    """Write one figure of a run as PNG."""
    run = runs.load(runs.find(options.run))
    if options.out.suffix.lower() != ".png":
        raise refuse("--out", str(options.out), "must end in .png")
    picture = figures.enlarge(figures.FIGURES[options.figure](run))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    picture.save(options.out)
    return 0


def list_all(_: argparse.Namespace) -> int:
    """Print the presets, what each changes of the defaults, and the shipped runs with what they reached."""
    print("presets:")
    for name, config in PRESETS.items():
        changes = {k: v for k, v in config.to_json().items() if v != Config().to_json()[k]}
        print(f"  {name:<16}{', '.join(f'{k}={v}' for k, v in changes.items()) or 'the defaults of aae.config'}")
    print("shipped runs:")
    for name, path in runs.shipped().items():
        run = runs.load(path)
        print(f"  {name:<16}{run.config.dataset}, seed {run.config.seed}: {describe(run.metrics)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
