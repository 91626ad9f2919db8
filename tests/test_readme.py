"""What the README says is so."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from aae import runs
from aae.__main__ import make_parser
from aae.config import PRESETS
from benchmarks import results

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
COMMANDS = re.findall(r"^python -m aae (.+?)(?: +#.*)?$", README, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_understood(command):
    make_parser().parse_args(shlex.split(command))


def test_shipped_runs_are_those_of_the_presets():
    for name, path in runs.shipped().items():
        assert runs.load(path).config == PRESETS[name]


def test_ci_calls_the_test_command():
    script = next(line for line in (ROOT / ".ci/run").read_text().splitlines() if line.startswith("eval"))
    shown = subprocess.run(["bash", "-c", script.replace("eval", "echo")], cwd=ROOT, capture_output=True, text=True)
    assert shown.stdout.count("pip install") == 1 and shown.stdout.rstrip().endswith("-m pytest -n 2 --dist loadfile")


def test_every_file_that_it_links_exists():
    for target in re.findall(r"\]\(((?!http)[^)]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_benchmark_that_documents_name_exists():
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")]
    named = {name for page in pages for name in re.findall(r"python -m benchmarks\.(\w+)", page.read_text())}
    assert len(named) > 10
    assert {name for name in named if not (ROOT / f"benchmarks/{name}.py").is_file()} == set()


def test_every_variable_that_is_read_is_documented():
    code = "".join(path.read_text() for path in ROOT.glob("aae/**/*.py"))
    read = set(re.findall(r'"(AAE_[A-Z_]*[A-Z])"', code))
    assert len(read) > 8
    assert {name for name in read if f"`{name}" not in README and f"{name}=" not in README} == set()


def test_the_page_of_results_is_what_its_command_prints():
    from benchmarks import results, scale

    assert results.PAGE.read_text() == results.markdown()
    assert scale.PAGE.read_text() == scale.markdown()


@pytest.mark.parametrize("page", results.pages(), ids=lambda page: page.name)
def test_generated_pages_are_what_their_command_writes(page):
    assert page.read_text() == results.pages()[page], "python -m benchmarks.results --write"
