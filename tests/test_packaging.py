"""What `pip install .` takes: packages, the files beside their modules, and the requirements."""

import fnmatch
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGING = PROJECT["tool"]["setuptools"]


def requirements(name):
    return [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith("-r")]


def test_requirements_are_written_once_or_agree():
    assert PACKAGING["dynamic"]["dependencies"]["file"] == "requirements.txt"
    for extra, packages in PROJECT["project"]["optional-dependencies"].items():
        assert packages == requirements(f"requirements-{extra}.txt")


def test_every_file_of_the_package_is_taken():
    patterns = [pattern.removeprefix("**/") for pattern in PACKAGING["package-data"]["aae"]]
    files = [path for path in (ROOT / "aae").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    left = [path for path in files if path.suffix != ".py" and not any(fnmatch.fnmatch(path.name, p) for p in patterns)]
    assert not left
    folders = {path.parent for path in files if path.suffix == ".py"}
    assert all((folder / "__init__.py").is_file() for folder in folders)
