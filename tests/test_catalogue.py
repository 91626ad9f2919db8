"""The runs to choose from: what is sound is shown on every page, what is not is named, and links say when they fail."""

import os
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from aae import runs
from aae.app.runs import catalogue, runcache
from aae.app.views import story
from tests.page_tools import components, maps, open_page

PAGES = ("home", "explore", "compare", "style", "train", "anomalies")
SHIPPED = runs.SHIPPED
DAMAGE = {  # ways to spoil a run file
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-1000]),
    "cut in its header": lambda path: path.write_bytes(path.read_bytes()[:100]),
    "empty": lambda path: path.write_bytes(b""),
    "junk": lambda path: path.write_bytes(b"junk" * 1000),
    "a foreign file": lambda path: save_file({"weight": torch.zeros(3)}, path),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "a dead link": lambda path: (path.unlink(), path.symlink_to("nowhere")),
    "a pipe": lambda path: (path.unlink(), os.mkfifo(path)),
    "too large": lambda path: os.truncate(path, runs.MAX_BYTES + 1),
}


@pytest.fixture
def shipped(monkeypatch, tmp_path):
    """A folder of shipped runs with a few of them."""
    folder = tmp_path / "checkpoints"
    folder.mkdir()
    for name in ("aae", "ae", "digits", "supervised_2d", "vae"):
        shutil.copyfile(SHIPPED / f"{name}.safetensors", folder / f"{name}.safetensors")
    monkeypatch.setattr(runs.run, "SHIPPED", folder)
    return folder


def keep(folder, *names):
    for path in folder.iterdir():
        if path.stem not in names:
            path.unlink()


def shown(app):
    """The runs in the latent pads of a page, and in the scenes of Home's story."""
    told = components(app)
    scenes = [Path(scene["address"]).name for each in told for scene in each.get("scenes", [])]
    of_scenes = [run for name in scenes for run in story.SCENES[name].runs]
    return maps(app) + list(dict.fromkeys(of_scenes))


def warnings(app):
    return [warning.value for warning in app.warning]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("way", ["truncated", "a folder"])
@pytest.mark.parametrize("name", ["aae", "digits", "vae"])
def test_one_damaged_file_is_named_and_every_page_shows_the_others(name, way, page, shipped):
    DAMAGE[way](shipped / f"{name}.safetensors")
    app = open_page(page)
    assert len(app.warning) == 1 and warnings(app)[0].startswith(f"Left out: {name}") and "\n" not in warnings(app)[0]
    assert shown(app) and name not in shown(app)


@pytest.mark.parametrize("way", DAMAGE)
def test_every_way_to_damage_a_file_has_its_line(way, shipped):
    path = shipped / "digits.safetensors"
    DAMAGE[way](path)
    with pytest.raises(runs.RunError) as error:
        runcache.look(path, "digits")
    assert "digits" in str(error.value) and "\n" not in str(error.value) and len(str(error.value)) < 500
    assert "digits" not in catalogue.shipped_known() and len(catalogue.shipped_known()) == 4


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("kept", [(), ("digits",), ("supervised_2d",), ("gaussian_8d",)], ids=str)
def test_every_page_opens_with_whatever_is_there(kept, page, shipped):
    keep(shipped, *kept)
    if kept == ("gaussian_8d",):
        shutil.copyfile(SHIPPED / "gaussian_8d.safetensors", shipped / "gaussian_8d.safetensors")
    app = open_page(page)
    fits = {"compare": kept != ("gaussian_8d",), "style": kept == ("supervised_2d",)}.get(page, True)
    if kept and fits:
        assert shown(app) == [*kept] and not warnings(app)
    else:
        assert shown(app) == [] and len(warnings(app)) == 1
        assert page in ("home", "train") or app.file_uploader  # a run can be opened


def test_a_folder_that_is_missing_is_no_failure(monkeypatch, tmp_path):
    monkeypatch.setattr(runs.run, "SHIPPED", tmp_path / "none")
    for page in PAGES:
        assert len(warnings(open_page(page))) == 1


def test_many_damaged_files_make_one_short_line(shipped):
    for i in range(30):
        (shipped / f"bad{i}.safetensors").write_bytes(b"junk")
    app = open_page("explore")
    assert len(warnings(app)) == 1 and "and 27 more" in warnings(app)[0] and len(warnings(app)[0]) < 800


def test_a_file_that_is_mended_comes_and_goes_is_noticed_without_a_restart(shipped):
    app = open_page("explore")
    path = shipped / "zzz.safetensors"
    for content, names in ((b"junk", 5), (SHIPPED.joinpath("digits.safetensors").read_bytes(), 6), (None, 5)):
        path.write_bytes(content) if content else path.unlink()
        app.run()
        assert not app.exception and len(app.selectbox(key="run").options) == names
        assert bool(warnings(app)) == (content == b"junk")


def test_the_shown_run_may_vanish(shipped):
    app = open_page("explore", run="digits")
    assert shown(app) == ["digits"]
    (shipped / "digits.safetensors").unlink()
    app.run()
    assert not app.exception and shown(app) == ["aae"]


# Memory


def test_runs_in_memory_are_bounded_and_the_longest_unused_go(shipped, monkeypatch):
    monkeypatch.setattr(runcache, "_loaded", type(runcache._loaded)())
    runcache._check.cache_clear()
    monkeypatch.setattr(runcache, "MAX_LOADED", 7_500_000)  # two of those of 3 MB, and the one of .3
    known = catalogue.shipped_known()
    first = runcache.load(known["aae"])
    assert runcache.load(known["aae"]) is first
    for name in ("ae", "digits"):
        runcache.load(known[name])
    assert runcache.load(known["aae"]) is first
    runcache.load(known["vae"])
    assert [path.stem for path, _, _ in runcache._loaded] == ["digits", "aae", "vae"]
    assert runcache.load(known["ae"]).test_codes.equal(runs.load(shipped / "ae.safetensors").test_codes)


# Links

STYLE = "supervised_2d"


@pytest.mark.parametrize(
    ("page", "query", "line", "instead"),
    [
        ("explore", {"run": "gone"}, "No model 'gone' here (any more); showing AAE", "aae"),
        ("explore", {"run": "../../etc/passwd"}, "No model '../../etc/passwd' here (any more); showing AAE", "aae"),
        ("explore", {"run": "mine (yours)"}, "No model 'mine (yours)' here (any more): open its file", "aae"),
        ("explore", {"run": "x" * 5000}, "No model 'xxx", "aae"),
        ("explore", {"plane": "9,9"}, "plane='9,9' in the address must be one of 0,1; showing 0,1.", "aae"),
        ("explore", {"run": STYLE, "label": "17"}, "label='17' in the address must be one of 0, 1", STYLE),
        (
            "style",
            {"styles": "aae"},
            "AAE · Gaussian prior (aae) cannot be shown on this page: its decoder is not conditioned on the class",
            STYLE,
        ),
        ("style", {"pointer": "nonsense"}, "pointer='nonsense' in the address must be one of code, image;", STYLE),
        ("compare", {"runs": "nonsense"}, "No model 'nonsense' here (any more); showing AE · no prior, VAE", "ae"),
        ("compare", {"pointer": ""}, "pointer='' in the address must be one of code, image; showing code.", "ae"),
        ("compare", {"draws": "all"}, "draws='all' in the address must be one of none, the prior, a", "ae"),
        ("compare", {"draws": "the prior", "seed": "99999"}, "seed='99999' in the address must be", "ae"),
        ("compare", {"seed": "-1"}, "seed='-1' in the address", "ae"),
    ],
)  # fmt: skip
def test_what_a_link_asks_for_and_is_not_here_is_said_in_a_line(page, query, line, instead, shipped):
    app = open_page(page, **query)
    assert shown(app)[0] == instead and len(warnings(app)) == 1, warnings(app)
    assert warnings(app)[0].startswith(line) and len(warnings(app)[0]) < 300


def test_a_run_whose_codes_have_other_dimensions_is_not_said_to_be_gone(shipped):
    shutil.copyfile(SHIPPED / "gaussian_8d.safetensors", shipped / "gaussian_8d.safetensors")
    (line,) = warnings(open_page("compare", runs="gaussian_8d"))
    assert "(gaussian_8d) cannot be shown on this page: its codes have more or fewer than two dimensions" in line


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("explore", {}),
        ("explore", {"run": "vae", "plane": "0,1"}),
        ("explore", {"run": "supervised_2d", "label": "7"}),
        ("style", {"styles": "supervised_2d", "pointer": "image"}),
        ("compare", {"runs": ["digits", "aae"], "pointer": "image", "draws": "the prior", "seed": "17"}),
    ],
)
def test_a_link_to_what_is_here_says_nothing(page, query, shipped):
    app = open_page(page, **query)
    assert warnings(app) == []
    assert shown(app)[-1] == (query.get("runs", [query.get("run") or query.get("styles") or "aae"]))[-1]


def test_the_line_on_a_link_stays_until_something_else_is_chosen(shipped):
    app = open_page("explore", run="gone")
    app.run()
    assert len(warnings(app)) == 1
    app.selectbox(key="run").set_value("vae").run()
    assert warnings(app) == []
    app.selectbox(key="run").set_value("aae").run()
    assert warnings(app) == []
