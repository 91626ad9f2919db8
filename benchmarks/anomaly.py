"""AUROC of each score for each held-out digit, over several seeds, beside the scores of other methods."""

import hashlib
import json
import statistics
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from aae import data, files, grids, runs
from aae.__main__ import main as command_line
from aae.analysis import anomalies
from aae.config import PRESETS, Config
from aae.data import Data, Images
from benchmarks import report

RESULTS = Path(__file__).parent / "results" / "anomaly.json"
RUNS = Path("runs") / "anomaly"  # run files, and the states of runs that were interrupted
PRESET = "anomaly"
SEEDS = 3
COMMAND = "python -m benchmarks.anomaly"
OURS = {
    anomalies.RECONSTRUCTION: "AAE, reconstruction error",
    anomalies.PRIOR: "AAE, prior density",
    anomalies.DISCRIMINATOR: "AAE, discriminator",
}
GAMMA, NU = 0.8, 0.2  # of the one-class SVM's kernel; of its outliers: the best of a few for validation images
LANDMARKS = 1000  # of the kernel's approximation
ABOUT = (
    "AUROC on MNIST, mean ± standard deviation over seeds: the probability that a test image of the held-out digit has "
    "a higher score than one of the other digits. 0.5 is chance; below it, images of the held-out digit have lower "
    "scores than most others. All methods are fitted to the training images of the other nine digits; PCA has as "
    "many components as a code of the AAE has dimensions. The recipe of the AAE, and the settings of the others, were "
    "chosen on training images that were held out."
)
Score = Callable[[Images], torch.Tensor]  # of images, higher for odder ones [N]


def pca(train: Images, config: Config) -> Score:
    """The reconstruction error of as many principal components as a code has dimensions."""
    from sklearn.decomposition import PCA

    fitted = PCA(config.latent_dim, svd_solver="covariance_eigh").fit(train.floats().numpy())

    def error(images: Images) -> torch.Tensor:
        x = images.floats().numpy()
        return torch.from_numpy(((fitted.inverse_transform(fitted.transform(x)) - x) ** 2).mean(1))

    return error


def isolation_forest(train: Images, config: Config) -> Score:
    """How few random splits isolate an image (Liu 2008), with scikit-learn's defaults."""
    from sklearn.ensemble import IsolationForest

    fitted = IsolationForest(random_state=config.seed).fit(train.floats().numpy())
    return lambda images: torch.from_numpy(-fitted.score_samples(images.floats().numpy()))


def one_class_svm(train: Images, config: Config) -> Score:
    """A one-class SVM with a Gaussian kernel, approximated by Nystroem's method and trained by SGD."""
    from sklearn.kernel_approximation import Nystroem
    from sklearn.linear_model import SGDOneClassSVM
    from sklearn.pipeline import make_pipeline

    kernel = Nystroem(gamma=GAMMA, n_components=LANDMARKS, random_state=config.seed)
    fitted = make_pipeline(kernel, SGDOneClassSVM(nu=NU, random_state=config.seed)).fit(train.floats().numpy())
    return lambda images: torch.from_numpy(-np.asarray(fitted.decision_function(images.floats().numpy())))


OTHERS: dict[str, Callable[[Images, Config], Score]] = {
    "PCA, reconstruction error": pca,
    "isolation forest": isolation_forest,
    "one-class SVM": one_class_svm,
}


METHODS = [*OURS.values(), *OTHERS]


def config_of(digit: int, seed: int) -> Config:
    """The preset without a digit."""
    return replace(PRESETS[PRESET], held_out_class=digit, seed=seed)


def trained(config: Config) -> runs.Run:
    """The run of a config, trained now unless its file is there."""
    digest = hashlib.sha256(json.dumps(config.to_json()).encode()).hexdigest()[:8]
    path = RUNS / f"without-{config.held_out_class}-seed{config.seed}-{digest}{runs.SUFFIX}"
    if not path.exists():
        resume = ["--resume"] * runs.state_path(path).exists()
        fields = ["--set", f"held_out_class={config.held_out_class}", f"--seed={config.seed}", f"--out={path}"]
        if code := command_line(["train", PRESET, *fields, "--snapshots=0", *resume]):
            raise SystemExit(code)
    return runs.load(path)


def parted(test: Images, digit: int | None) -> tuple[Images, Images]:
    """The test images of the other digits, and those of the held-out one."""
    is_odd = test.labels == digit
    return test.rows(~is_odd), test.rows(is_odd)


def measure(config: Config) -> dict:
    """What is kept of one digit and seed: AUROC and average precision by score, and the CPU seconds of training."""
    run, images = trained(config), data.load_for(config)
    normal, odd = parted(images.test, config.held_out_class)
    ours = zip(*(anomalies.of_images(run.model(), part).values() for part in (normal, odd)), strict=True)
    separations = dict(zip(OURS.values(), (anomalies.separation(*pair) for pair in ours), strict=True))
    separations |= {name: separation_of(fit, config, images) for name, fit in OTHERS.items()}
    return {
        "config": config.to_json(),
        "n_normal": len(normal.labels),
        "n_odd": len(odd.labels),
        "seconds": run.cpu_seconds,
        "scores": {name: each._asdict() for name, each in separations.items()},
    }


def separation_of(fit: Callable[[Images, Config], Score], config: Config, images: Data) -> anomalies.Separation:
    """Of another method, fitted to the same training images."""
    score = fit(images.train, config)
    normal, odd = parted(images.test, config.held_out_class)
    return anomalies.separation(score(normal), score(odd))


def load() -> list[dict]:
    """What was measured so far, a result for each digit and seed."""
    return json.loads(RESULTS.read_text())["results"] if RESULTS.exists() else []


def known(config: Config) -> dict | None:
    """The result of this config, seed included; none once the preset, or a method, has changed."""
    found = (each for each in load() if Config.from_json(each["config"]) == config)
    return next((each for each in found if list(each["scores"]) == METHODS), None)


def fill(configs: list[Config]) -> None:
    """Measure digits and seeds that are not known yet, keeping each as it comes."""
    unknown = [(config,) for config in configs if not known(config)]
    for (config,), result in grids.run_all(measure, unknown, on_gpu=True):
        keep([*(each for each in load() if Config.from_json(each["config"]) != config), result])


def keep(results: list[dict]) -> None:
    """Keep the results that are of the preset as it is now, with the table that the page shows."""
    current = [each for each in results if is_current(Config.from_json(each["config"]))]
    ordered = sorted(current, key=lambda each: (each["config"]["held_out_class"], each["config"]["seed"]))
    kept = {"command": COMMAND, "about": ABOUT, "rows": rows(ordered), "results": ordered}
    files.write_atomically(RESULTS, (json.dumps(kept, indent=1) + "\n").encode())


def is_current(config: Config) -> bool:
    """Whether a config is the preset without one of its classes."""
    return config in [config_of(digit, config.seed) for digit in range(config.n_classes)]


def rows(results: list[dict]) -> list[dict]:
    """A row a held-out digit: mean and standard deviation of each method's AUROC over its seeds; the last, of all."""
    of_digits: dict[str, list[dict]] = {}
    for each in results:
        of_digits.setdefault(str(each["config"]["held_out_class"]), []).append(each)
    return [row(digit, each) for digit, each in of_digits.items()] + [mean_row(list(of_digits.values()))]


def row(digit: str, results: list[dict]) -> dict:
    """The row of a digit."""
    columns = {name: written(aurocs(results, name)) for name in METHODS}
    return {"held out": digit, **columns, "runs": len(results), "CPU s a run": seconds(results)}


def mean_row(of_digits: list[list[dict]]) -> dict:
    """The mean over the digits of the means over their seeds: without a standard deviation, which seeds would have."""
    every = [each for results in of_digits for each in results]
    means = {name: [statistics.mean(aurocs(results, name)) for results in of_digits] for name in METHODS}
    columns = {name: written([statistics.mean(each)]) for name, each in means.items()}
    return {"held out": "mean", **columns, "runs": len(every), "CPU s a run": seconds(every)}


def aurocs(results: list[dict], name: str) -> list[float]:
    return [each["scores"][name]["auroc"] for each in results]


def seconds(results: list[dict]) -> int:
    return round(statistics.mean(each["seconds"] for each in results))


def written(values: list[float]) -> str:
    """Mean and standard deviation as text; one value alone has none."""
    spread = f" ± {statistics.stdev(values):.3f}" if len(values) > 1 else ""
    return f"{statistics.mean(values):.3f}{spread}"


def markdown(table: list[dict]) -> str:
    """The rows as a Markdown table."""
    lines = [list(table[0]), ["---"] * len(table[0]), *(list(each.values()) for each in table)] if table else []
    return "\n".join(f"| {' | '.join(map(str, cells))} |" for cells in lines)


def main() -> None:
    parser = report.parser(__doc__)
    about = f"of each digit (default: {SEEDS})"
    parser.add_argument("--seeds", type=report.SEEDS, default=SEEDS, metavar="N", help=about)
    parser.add_argument("--show", action="store_true", help="print what is known, and train nothing")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    digits, seeds = range(PRESETS[PRESET].n_classes), range(0 if options.show else options.seeds)
    fill([config_of(digit, seed) for seed in seeds for digit in digits])  # all digits of a seed first
    results = load()
    print(json.dumps(results) if options.json else markdown(rows(results) if results else []))


if __name__ == "__main__":
    main()
