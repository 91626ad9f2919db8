"""docs/results.md: what was measured, generated from the shipped runs and from benchmarks/results/."""

import json
from pathlib import Path

from aae import files, runs
from benchmarks import anomaly, compare, denoise, labels_only, paper, report, search

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "results.md"
TEMPLATE = ROOT / "benchmarks" / "results" / "template.md"
HEADS = ("run", "epochs", "CPU s", "reconstruction MSE", "distance to the prior", "x chance", "coverage")


def shipped_rows() -> list[list[str]]:
    """A row for each shipped run, from its file's header."""
    return [[f"`{name}`", *figures(runs.load(path))] for name, path in runs.shipped().items()]


def figures(run: runs.Run) -> list[str]:
    """What a run reached on the test images."""
    measured = run.metrics
    distance = measured["prior_distance"]
    return [
        str(run.config.epochs),
        f"{run.cpu_seconds:.0f}",
        f"{measured['reconstruction_mse']:.4f}",
        f"{distance:.3f}",
        f"{distance / measured['prior_distance_floor']:.1f}",
        f"{100 * measured['coverage']:.0f} %",
    ]


def table(heads: tuple[str, ...], rows: list[list[str]]) -> str:
    """Rows of cells as a Markdown table."""
    escaped = [[cell.replace("|", r"\|") for cell in cells] for cells in rows]
    lines = [heads, ("---",) * len(heads), *escaped]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def speed() -> str:
    """The kept figures of the other benchmarks, each with its command and the processor it ran on."""
    return "\n\n".join(
        f"`python -m benchmarks.{name} --keep` on {kept['machine']}:\n\n"
        + table(("figure", "value", "meaning"), [[f"`{k}`", f"{v:.4g}", m] for k, (v, m) in kept["figures"].items()])
        for name, kept in report.kept().items()
    )


def markdown() -> str:
    """The whole page."""
    compared, measured = (json.loads(each.RESULTS.read_text()) for each in (compare, denoise))
    parts = {
        "shipped": table(HEADS, shipped_rows()),
        "paper": paper.markdown(paper.load()),
        "about_labels": labels_only.ABOUT,
        "labels": labels_only.markdown(labels_only.result(labels_only.load())),
        "recipes": search.markdown(),
        "about_compare": compared["about"],
        "compare": compared["markdown"],
        "about_anomaly": anomaly.ABOUT,
        "anomaly": anomaly.markdown(anomaly.rows(anomaly.load())),
        "about_denoise": measured["about"],
        "denoise": denoise.markdown(measured),
        "speed": speed(),
    }
    page = TEMPLATE.read_text()
    for name, text in parts.items():
        page = page.replace(f"<!-- {name} -->", text)
    return page


def pages() -> dict[Path, str]:
    """The generated pages, each by its file."""
    from benchmarks import scale  # whose figures are kept by the same benchmarks

    return {PAGE: markdown(), scale.PAGE: scale.markdown()}


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--write", action="store_true", help="into docs/results.md and docs/scale.md; default: print")
    to_write = parser.parse_args().write
    for page, text in pages().items():
        if to_write:
            files.write_atomically(page, text.encode())
        else:
            print(text, end="")


if __name__ == "__main__":
    main()
