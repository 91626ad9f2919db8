"""Thousands of bad files, uploads, values and links: each is taken, or refused in one short line, in bounded time.

More of them, others each time: `python -m pytest tests/test_fuzz.py --hypothesis-profile=long`.
"""

import json

from fuzzing import damaged, refused_in_a_line, texts, values
from hypothesis import given, settings
from hypothesis import strategies as some
from ownfiles import GREYS, archive, array, arrays, folders, picture
from page_tools import MAIN
from streamlit.testing.v1 import AppTest
from test_bad_lines import idle, odd_folder, run  # noqa: F401 - fixtures
from test_crafted_runs import CONFIG, MODES, rewrite, trained

from aae import data, runs
from aae.app import state
from aae.config import Config, ConfigError, ownlabels, written
from aae.config.fields import checked_value
from aae.data import Data, custom

IMAGES = Data(*(part.rows(slice(100)) for part in data.load("digits")))
RUNS = [trained(IMAGES, epochs=1, **changes) for changes in MODES.values()]
UPLOADS = {
    "zip": archive(folders(n=25)),
    "arrays": arrays(images=GREYS, labels=GREYS[:, 0, 0] % 3),
    "array": array(GREYS),
    "picture": picture(),
}


def is_read(content):
    """A run file's content is refused, or gives a run that can be written again."""
    with refused_in_a_line(runs.RunError):
        runs.to_bytes(runs.parse(content, "a file"))


@settings(max_examples=2000)
@given(some.sampled_from(RUNS).flatmap(damaged))
def test_damaged_run_files(content):
    is_read(content)


@settings(max_examples=800)
@given(some.sampled_from(RUNS), some.data())
def test_headers_of_run_files_with_values_of_any_kind(content, drawn):
    def change(_, header):
        place = header
        while isinstance(place, dict) and place:
            key = drawn.draw(some.sampled_from(sorted(place)))
            if not isinstance(place[key], dict) or drawn.draw(some.booleans()):
                place[key] = drawn.draw(values)
                return
            place = place[key]

    is_read(rewrite(content, change))


@settings(max_examples=800)
@given(some.sampled_from(sorted(UPLOADS)).flatmap(lambda kind: damaged(UPLOADS[kind])), texts)
def test_damaged_uploads(content, name):
    with refused_in_a_line(data.DataError):
        custom.parse(content, f"{name}.zip")
    with refused_in_a_line(data.DataError):
        custom.parse_drawing(content, f"{name}.png")


@settings(max_examples=1500)
@given(some.sampled_from(sorted(Config().to_json())), values | texts)
def test_values_of_fields(name, value):
    with refused_in_a_line(ConfigError):
        checked_value(name, value)
    with refused_in_a_line(ConfigError):
        Config.from_json({name: value})
    with refused_in_a_line(ConfigError):
        checked_value(name, written.parse_value(name, str(value)))


@settings(max_examples=300)
@given(values)
def test_configs_of_any_kind(value):
    with refused_in_a_line(ConfigError):
        Config.from_json(value)


@settings(max_examples=500)
@given(some.text(alphabet="0123456789:, -", max_size=60) | texts)
def test_labels_of_ones_own(text):
    if ownlabels.is_sound(text):
        assert ownlabels.parse(ownlabels.write(dict(ownlabels.parse(text)))) == ownlabels.parse(text)


WORDS = texts | some.sampled_from(["digits", "--set", "--epochs", "--out", "--data", "--resume", "--vary", "-h", "--"])
COMMANDS = some.sampled_from(["train", "evaluate", "show", "export", "sweep", "trial"]) | texts


@settings(max_examples=500)
@given(command=COMMANDS, words=some.lists(WORDS.map(lambda text: text.replace("\0", "")), max_size=5))
def test_command_lines(idle, capsys, command, words):  # noqa: F811
    try:
        code = run([command, *words])
    except AssertionError as begun:
        assert str(begun) == "work was begun"
        return
    error = capsys.readouterr().err
    assert code in (0, 2) and "Traceback" not in error
    assert code == 0 or (error.count("\n") == 1 and len(error) <= 500), error


PAGES = sorted({page for field in state.ADDRESS for page in field.pages})
QUERY = some.dictionaries(some.sampled_from([field.key for field in state.ADDRESS]), some.lists(texts, max_size=3))


@settings(max_examples=60)
@given(some.sampled_from(PAGES), QUERY)
def test_links(page, query):
    app = AppTest.from_file(MAIN, default_timeout=120)
    for key, given_values in query.items():
        app.query_params[key] = given_values
    app.run().switch_page(f"../../pages/{page or 'home'}.py").run()  # Home has no path
    assert not app.exception


def test_what_is_damaged_was_sound():
    assert all(runs.parse(content, "x").config.dataset == CONFIG.dataset for content in RUNS)
    assert all(custom.parse(UPLOADS[kind], "x.zip") for kind in ("zip", "arrays", "array"))
    assert custom.parse_drawing(UPLOADS["picture"], "x.png")
    assert json.loads(json.dumps(Config().to_json()))
