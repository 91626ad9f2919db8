"""What the README says is so."""

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from aae import runs
from aae.__main__ import make_parser
from aae.config import PRESETS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
COMMANDS = re.findall(r"^python -m aae (.+?)(?: +#.*)?$", README, re.MULTILINE)


def rows(header):
    """The cells of the Markdown table whose header begins so."""
    lines = README[README.index(f"| {header} |") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]


def test_the_table_of_shipped_runs_is_what_their_headers_hold():
    listed = {row[0]: row[1:] for row in rows("run")}
    assert set(listed) == set(runs.shipped())
    for name, path in runs.shipped().items():
        run = runs.load(path)
        told = run.metrics
        expected = [str(run.config.epochs), f"{run.cpu_seconds:.0f}", f"{told['reconstruction_mse']:.4f}"]
        expected += [f"{told['prior_distance']:.3f}", f"{told['prior_distance'] / told['prior_distance_floor']:.1f}"]
        expected += [f"{100 * told['coverage']:.0f} %"]
        assert listed[name] == expected


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_understood(command):
    make_parser().parse_args(shlex.split(command))


def test_shipped_runs_are_those_of_the_presets():
    for name, path in runs.shipped().items():
        assert runs.load(path).config == PRESETS[name]


def test_ci_calls_the_test_command():
    script = (ROOT / ".ci/run").read_text().splitlines()[-1]
    shown = subprocess.run(["bash", "-c", script.replace("eval", "echo")], cwd=ROOT, capture_output=True, text=True)
    assert shown.stdout.count("pip install") == 1 and shown.stdout.rstrip().endswith("-m pytest")


def test_every_file_that_it_links_exists():
    for target in re.findall(r"\]\(((?!http)[^)]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_papers_tables_are_those_that_were_kept():
    from benchmarks import paper

    assert paper.markdown(paper.load()) in README


def test_the_comparison_over_seeds_is_the_one_that_was_kept():
    from benchmarks import compare

    assert json.loads(compare.RESULTS.read_text())["markdown"] in README


def test_the_recipes_tried_are_those_that_were_kept():
    from benchmarks import search

    assert search.markdown() in README
