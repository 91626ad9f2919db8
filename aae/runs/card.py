"""A run in words and numbers, to be read apart from this project: a model card in Markdown."""

from collections.abc import Iterable, Mapping

from aae.analysis.evaluation import METRICS, Figure
from aae.config import Config
from aae.runs import commands
from aae.runs.run import Run
from aae.runs.titles import about

COMMON = 8  # records of the history at most


def card(run: Run, figures: Mapping[str, Figure] | None = None) -> str:
    """The card of a run; without figures measured anew, those that its file has."""
    parts = [f"# {run.title}", about(run.config, run.description.title), *_data(run), *_training(run)]
    parts += ["## Metrics", "\n".join(_figures(figures) if figures else _stored(run))]
    return "\n\n".join([*parts, "## Config", "\n".join(_config(run.config))]) + "\n"


def _data(run: Run) -> Iterable[str]:
    shape, names = "x".join(map(str, run.config.image_shape)), ", ".join(run.class_names)
    yield "## Data"
    yield f"{run.description.title}: images of {shape} (channels, height, width). Classes: {names}."


def _training(run: Run) -> Iterable[str]:
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    yield "## Training"
    yield f"{run.config.epochs} epochs, seed {run.config.seed}, {run.cpu_seconds:.0f} CPU-seconds; {versions}."
    yield f"    {commands.training(run.config)}"
    if run.history:
        yield "\n".join(_history(run))


def _history(run: Run) -> Iterable[str]:
    """The losses of some epochs, the last one among them, as a table."""
    names = [name for name, value in run.history[-1].items() if isinstance(value, int | float)]
    records = run.history[:: (-len(run.history) // COMMON)][::-1]
    return _table(names, ([f"{record.get(name, float('nan')):.4g}" for name in names] for record in records))


def _figures(figures: Mapping[str, Figure]) -> Iterable[str]:
    shown = [(METRICS[name], spread(name, figure), figure.n) for name, figure in figures.items()]
    heads = ["metric", "value ± standard error", "n", "what it is"]
    return _table(heads, ([metric.title, value, str(n), metric.about] for metric, value, n in shown))


def spread(name: str, figure: Figure) -> str:
    """A figure with its standard error, as far as there is one."""
    digits = METRICS[name].digits
    return f"{figure.value:.{digits}f}" + (f" ± {figure.error:.{digits}f}" if figure.error is not None else "")


def _stored(run: Run) -> Iterable[str]:
    rows = ([name, f"{value:.4g}"] for name, value in run.metrics.items() if isinstance(value, int | float))
    return _table(["metric, on test images", "value"], rows)


def _config(config: Config) -> Iterable[str]:
    return _table(["field", "value"], ([name, str(value)] for name, value in config.to_json().items()))


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterable[str]:
    heads = list(heads)
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for row in rows:
        yield f"| {' | '.join(each.replace('|', '&#124;') for each in row)} |"
