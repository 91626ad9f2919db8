"""python -m aae export-site: pages of runs as a folder that any web server serves."""

import argparse
import os
from pathlib import Path

from aae import files, runs
from aae.cli.arguments import Commands, path
from aae.config import refuse

USUAL = ("aae", "ae", "vae", "supervised_2d", "reduced_100", "clusters_16")  # each page but Anomalies has one of them


def add_to(commands: Commands) -> None:
    """The command and its options."""
    command = commands.add_parser("export-site", help="write a site of runs that needs no server of its own")
    command.set_defaults(command=export_site)
    command.add_argument("out", type=path, metavar="OUT", help="a folder that is not there yet, or is empty")
    usual = ", ".join(USUAL)
    command.add_argument("runs", nargs="*", metavar="RUN", help=f"run files, or shipped runs' names; default: {usual}")
    command.add_argument("--images", action="store_true", help="with the test images of data sets that are here")


def export_site(options: argparse.Namespace) -> int:
    """Write the site, whole or not at all. Raises ConfigError or RunError."""
    check_out(options.out)
    found = find_all(options.runs or USUAL)
    from aae.app.server import blobs
    from aae.site import export  # and Streamlit with it, whose pages these are

    try:
        size = export.write(options.out, found, options.images)
    except OSError as error:
        raise refused(options.out, f"cannot be written ({error.strerror})", "name another folder") from error
    except blobs.Unwritable as error:
        raise runs.RunError(str(error)) from error
    print(f"{options.out}: {size / 1e6:.1f} MB; look at it: python -m http.server --directory {options.out}")
    return 0


def check_out(out: Path) -> None:
    """Refuse a place that is taken. Raises ConfigError."""
    try:
        is_taken = any(out.iterdir()) if out.is_dir() else os.path.lexists(out)
        files.check_place(out / "index.html")
    except OSError as error:
        raise refused(out, f"cannot be written ({error.strerror})", "name another folder") from error
    if is_taken:
        raise refused(out, "is there, and not an empty folder", "name another, or remove it first")


def refused(out: Path, rule: str, remedy: str) -> Exception:
    """What is wrong with OUT."""
    return refuse("OUT", str(out), f"{rule}: {remedy}")


def find_all(names: list[str] | tuple[str, ...]) -> list[runs.Run]:
    """The runs of these names or files, each once, as long as it is here. Raises ConfigError or RunError."""
    found = [runs.load(runs.find(name)) for name in dict.fromkeys(names)]
    taken = [run.name for run in found]
    for run in found:
        if taken.count(run.name) > 1:
            raise refuse("RUN", run.name, "names two files: links call a run by its file's name; rename one")
    return found
