"""The rules of the code: imports run one way, nothing slow or foreign is imported early, files stay small."""

import ast
import graphlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = [  # each layer may import from those before it, and from its own
    {"aae.texts", "aae.files", "aae.locks", "aae.draws", "aae.scratch", "aae.storage", "aae.cluster", "aae.grids"},
    {"aae.config"},
    {"aae.data", "aae.models.priors", "aae.models.losses", "aae.analysis.attributes", "aae.own"},
    {"aae.models"},
    {"aae.analysis"},
    {"aae.training"},
    {"aae.runs"},
    {"aae.figures", "aae.jobs", "aae.sweeps"},
    {"aae.cli", "aae.app.words", "aae.app.state", "aae.app.links", "aae.app.notices", "aae.app.server"},
    {"aae.app.browser"},
    {"aae.app.runs"},
    {"aae.app.views"},
    {"aae.app.train", "aae.app.tune"},
    {"aae.app"},
    {"aae.site"},
    {"aae.__main__"},
    {"pages"},
    {"streamlit_app"},
]
FILES = [*ROOT.glob("aae/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "streamlit_app.py"]
BENCHMARKS = [*ROOT.glob("benchmarks/*.py")]


def layer(module):
    for number, names in enumerate(LAYERS):
        if any(module == name or module.startswith(name + ".") for name in names):
            return number
    return None


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path):
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    above = [name for name in imported(path) if (layer(name) or 0) > (layer(module) or 0)]
    assert not above or module == "aae"


def test_no_import_runs_in_a_circle():
    """Imports inside functions count as well; a package's own names are those of the files in it."""
    files = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in FILES}

    def target(name):
        return name if name in files else name.rpartition(".")[0]

    graph = {module: {target(name) for name in imported(path)} & files.keys() for module, path in files.items()}
    assert list(graphlib.TopologicalSorter(graph).static_order())  # raises CycleError


def test_every_module_has_its_layer():
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in FILES]
    assert [name for name in modules if layer(name) is None] == ["aae.__init__"]


def test_the_package_imports_neither_the_web_nor_what_is_slow():
    modules = [
        path.stem for path in ROOT.glob("aae/*") if path.stem not in ("__init__", "__main__", "__pycache__", "app")
    ]
    code = "import sys; " + "; ".join(f"import aae.{name}" for name in modules)
    code += (
        "; print([m for m in ('streamlit', 'plotly', 'torchvision', 'sklearn', 'optuna', 'ray') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]", done.stderr


TRAINS = """
import sys
from pathlib import Path
from aae import data, runs, training
from tests.job_tools import TINY
state = training.start(TINY)
list(training.train(state, data.load("digits"), 1))
runs.save_state(state, Path(sys.argv[1]))
runs.load_state(Path(sys.argv[1]))
print([name for name in ("torch._dynamo", "torch._inductor", "sympy") if name in sys.modules])
"""


def test_a_training_does_not_wait_for_what_only_compilers_need(tmp_path):
    command = [sys.executable, "-c", TRAINS, str(tmp_path / "state.safetensors")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]", done.stderr


def test_pages_are_thin():
    assert max(len(path.read_text().splitlines()) for path in ROOT.glob("pages/*.py")) <= 70


@pytest.mark.parametrize("path", [*FILES, *BENCHMARKS], ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_classes_are_short(path):
    text = path.read_text()
    classes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef)]
    lengths = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in classes}
    assert len(text.splitlines()) <= 300
    assert {name: length for name, length in lengths.items() if length > 150} == {}


def test_checkpoints_stay_small():
    sizes = [path.stat().st_size for path in ROOT.glob("checkpoints/*")]
    assert sum(sizes) < 80e6 and max(sizes) < 15e6
