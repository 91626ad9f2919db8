"""python -m aae sweep: trainings of a preset with some fields varied; python -m aae trial: one of them as a run."""

import argparse
import json
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from tqdm import tqdm

from aae import cluster, data, runs, sweeps
from aae.cli import endings
from aae.cli.arguments import Commands, checked, path, whole
from aae.cli.train import MAX_THREADS, add_config_to, check_out, make_config
from aae.cli.words import describe
from aae.config import refuse
from aae.data import custom


def add_to(commands: Commands) -> None:
    """The two commands and their options."""
    command = commands.add_parser("sweep", help="train a preset with some fields varied; compare on validation images")
    command.set_defaults(command=sweep)
    add_config_to(command)
    command.add_argument("--vary", action="append", default=[], metavar="FIELD=A,B,C", help="or FIELD=LOW..HIGH")
    command.add_argument("--sampler", metavar="S", help=f"one of {', '.join(sweeps.SAMPLERS)} (default: grid, or tpe)")
    command.add_argument("--trials", type=whole, metavar="N", help="how many (default: the whole grid, or 20)")
    command.add_argument("--seeds", type=whole, default=1, metavar="K", help="a trial is the mean of K (default: 1)")
    command.add_argument("--metric", metavar="M", help=f"to be small: one of {', '.join(sweeps.METRICS)}")
    command.add_argument("--no-pruning", action="store_true", help="train also bad trials to their end")
    command.add_argument("--threads", type=whole, default=1, metavar="T", help="of the processor (default: 1)")
    command.add_argument(
        "--out", type=path, metavar="FOLDER", help="default: runs/sweep-PRESET; goes on if it is there"
    )
    command.add_argument("--json", action="store_true", help="print an object with all trials")
    command = commands.add_parser("trial", help="make a run of a sweep's trial, measured on the test images")
    command.set_defaults(command=trial)
    command.add_argument("folder", type=path, metavar="FOLDER", help="of the sweep")
    command.add_argument("number", type=whole, metavar="N", help="of the trial")
    command.add_argument("--out", type=path, metavar="FILE", help="the run file (default: FOLDER-N.safetensors)")


def sweep(options: argparse.Namespace) -> int:
    """Run the trials that are left, with progress on stderr. All is checked before work begins."""
    threads = checked("--threads", options.threads, 1, MAX_THREADS)
    for text in options.vary:
        sweeps.Vary.parse(text)  # before a file of data is read
    config, given = make_config(options, sweeps.held_out)
    pruning = not options.no_pruning
    plan = sweeps.Plan.make(
        config, options.vary, options.sampler, options.trials, options.seeds, options.metric, pruning
    )
    folder = options.out or Path("runs") / f"sweep-{options.preset}"
    sweeps.check_folder(folder, plan)
    if cluster.is_asked():
        cluster.connect()
    torch.set_num_threads(threads)
    with endings.raised(), sweeps.claimed(folder, plan) as claimed:
        if given:
            custom.keep(given)
        images = data.load_training(config)
        with endings.noted() as received:
            return follow(claimed, images, received, options)


def follow(sweep: sweeps.Sweep, images: data.Data, received: list[int], options: argparse.Namespace) -> int:
    """Run trials under a progress bar until the end or a signal; the exit code."""
    done = sum(row.status != sweeps.RUNNING for row in sweeps.rows(sweep))
    with tqdm(total=sweep.plan.n_trials, initial=done, unit="trial", desc=sweep.folder.name, dynamic_ncols=True) as bar:
        for moment in moments(sweep, images, lambda: bool(received)):
            if moment.epoch:
                bar.set_postfix_str(f"trial {moment.trial}: epoch {moment.epoch}/{moment.epochs}", refresh=False)
            bar.update(round(moment.trial + moment.share, 2) - bar.n)
    if received:
        again = shlex.join(["python", "-m", "aae", *options.words])
        print(f"stopped; the trials are kept, go on with: {again}", file=sys.stderr)
        return endings.SIGNALLED + received[0]
    print(json.dumps(summary(sweep), indent=2) if options.json else table(sweep))
    return 0


def moments(sweep: sweeps.Sweep, images: data.Data, stop: Callable[[], bool]) -> Iterator[sweeps.Moment]:
    """The sweep as it goes on, here or on a cluster."""
    return sweeps.spread(sweep, stop) if cluster.is_asked() else sweeps.run(sweep, images, stop)


def summary(sweep: sweeps.Sweep) -> dict:
    """All that a sweep came to, as JSON."""
    found = sweeps.rows(sweep)
    best = sweeps.best(found)
    return {
        "folder": str(sweep.folder),
        "plan": sweep.plan.to_json(),
        "best": best and best.trial,
        "importance": sweeps.importance(sweep),
        "trials": [row.to_json() for row in found],
    }


def table(sweep: sweeps.Sweep) -> str:
    """The trials, the best first, then why others have no value; what mattered, and how a trial becomes a run."""
    found = sweeps.rows(sweep)
    order = {name: place for place, name in enumerate((sweeps.FINISHED, sweeps.PRUNED, sweeps.FAILED))}
    found.sort(key=lambda row: (order.get(row.status, 3), row.value or 0.0, row.trial))
    lines = [f"{'trial':>5}  {sweep.plan.metric:<31}fields", *map(line, found)]
    if shares := sweeps.importance(sweep):
        lines.append("importance: " + ", ".join(f"{name} {share:.0%}" for name, share in shares.items()))
    if best := sweeps.best(found):
        lines.append(
            f"the best as a run: {shlex.join(['python', '-m', 'aae', 'trial', str(sweep.folder), f'{best.trial}'])}"
        )
    return "\n".join(lines)


def line(row: sweeps.Row) -> str:
    """One trial."""
    value = "" if row.value is None else f"{row.value:.5f}"
    spread = "" if row.spread is None else f" ± {row.spread:.5f}"
    at = f" (pruned, epoch {row.epoch})" if row.status == sweeps.PRUNED else ""
    fields = " ".join(f"{name}={text}" for name, text in row.written.items())
    text = f"{row.trial:>5}  {(value + spread + at) or row.status:<30} {fields}"
    return f"{text}  {row.problem}" if row.problem else text


def trial(options: argparse.Namespace) -> int:
    """Write the run of a trial; its model measured on the test images."""
    out = options.out or options.folder.with_name(f"{options.folder.name}-{options.number}{runs.SUFFIX}")
    if options.number < 0:
        raise refuse("N", options.number, "trials are numbered from 0")
    sweeps.check_begun(options.folder)
    check_out(out, False)
    run = sweeps.run_of(options.folder, options.number, out.stem)
    runs.save(run, out, replace=False)
    print(f"{out}: {describe(run.metrics)}")
    return 0
