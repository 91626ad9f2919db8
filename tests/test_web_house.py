"""The browser's modules: small files, imports that run one way, and nothing that only a build could resolve."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[1] / "aae/web"
ABOVE = ["address.js", "mount.js", "site"]
FLOORS = ["math", "link", "dom.js", "css.js", "follow", "data", "map", "layers", "panels", "commands", "kinds", *ABOVE]
# Each folder, or file, may import from those before it, and from its own; what is not named is above all of them.
FILES = sorted(WEB.glob("**/*.js"))
IMPORT = re.compile(
    r"""^(?:import|export)\b[^"=]*?\bfrom\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)""", re.M
)
COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.S | re.M)


def imported(path):
    """The modules that a file imports, types left aside."""
    for match in IMPORT.finditer(COMMENT.sub("", path.read_text())):
        yield match[1] or match[2] or match[3]


def floor(path):
    """The number of a module's floor."""
    folder = path.relative_to(WEB).parts[0]
    return FLOORS.index(folder) if folder in FLOORS else len(FLOORS)


def name(path):
    return str(path.relative_to(WEB))


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_are_relative_files_and_run_one_way(path):
    for target in imported(path):
        assert target.startswith("."), f"{target} needs a bundler or a network"
        found = (path.parent / target).resolve()
        assert found.is_file(), target
        assert floor(found) <= floor(path), f"{target} is above"


def test_no_import_runs_in_a_circle():
    graph = {path: [(path.parent / target).resolve() for target in imported(path)] for path in FILES}
    done = set()

    def visit(path, above):
        assert path not in above, " -> ".join(map(name, [*above, path]))
        if path not in done:
            for target in graph[path]:
                visit(target, [*above, path])
            done.add(path)

    for path in FILES:
        visit(path, [])


@pytest.mark.parametrize("path", FILES, ids=name)
def test_files_and_lines_are_short(path):
    lines = path.read_text().splitlines()
    assert len(lines) <= 200 and max(map(len, lines)) <= 120


@pytest.mark.parametrize("path", FILES, ids=name)
def test_nothing_is_global(path):
    assert "globalThis" not in path.read_text() and not re.search(r"\bwindow\.\w+\s*=[^=]", path.read_text())


def test_every_folder_has_its_floor():
    assert {path.name for path in WEB.iterdir() if path.is_dir()} == {name for name in FLOORS if "." not in name}
