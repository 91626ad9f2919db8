"""What the Train page asks of the server's jobs."""

import itertools
import os
import secrets
import shlex
import threading
import time
from dataclasses import replace
from pathlib import Path

import streamlit as st

from aae import data, jobs, runs
from aae.config import PRESETS, Config

FOLDER = Path(os.environ.get("AAE_RUNS") or "runs") / "jobs"
LIMIT = max(1, (os.cpu_count() or 2) // 2)  # jobs at once: one for every two cores
TICK = 0.3  # seconds between two looks at the queue
N_TRAIN = {"digits": 1297, "emnist_digits": 240_000}  # others: 60,000
MODELS = {"AE": "ae", "VAE": "vae", "AAE": "aae"}
SIZES = {"small (128)": (128,), "medium (256-256)": (256, 256), "as shipped (512-512)": (512, 512)}


@st.cache_resource(show_spinner=False)
def manager() -> jobs.Jobs:
    """The server's jobs, looked after until it ends."""
    kept = jobs.Jobs(FOLDER, LIMIT)

    def look_after() -> None:
        while True:
            kept.tick()
            time.sleep(TICK)

    threading.Thread(target=look_after, daemon=True).start()
    return kept


def owner() -> str:
    """Who this visitor is: a secret in the address, which survives a reload."""
    if "mine" not in st.query_params:
        st.query_params["mine"] = st.session_state.setdefault("mine", secrets.token_urlsafe(12))
    return st.query_params["mine"]


def make_config(dataset: str, model: str, prior: str, hidden: tuple[int, ...], epochs: int, seed: int) -> Config:
    """The config of the form. Raises ConfigError."""
    base = PRESETS[MODELS[model]]
    if dataset == "digits":
        small = PRESETS["digits"]
        base = replace(base, dataset=dataset, batch_size=small.batch_size, averaging=small.averaging)
    if model == "AAE":
        base = replace(base, prior=prior)
    return replace(base, hidden=hidden, epochs=epochs, seed=seed)


def command(config: Config, model: str) -> str:
    """The command line that trains the same."""
    preset = PRESETS[MODELS[model]].to_json()
    changed = {name: value for name, value in config.to_json().items() if value != preset[name]}
    words = [f"--set {name}={','.join(map(str, v)) if isinstance(v, tuple) else v}" for name, v in changed.items()]
    return shlex.join(["python", "-m", "aae", "train", MODELS[model]]) + " " + " ".join(words)


@st.cache_resource(show_spinner=False)
def multiplications_per_second() -> float:
    """What one thread of this machine does, in products of matrices as a step needs them."""
    import torch

    x, weight = torch.randn(500, 512), torch.randn(512, 512)
    begin, n = time.process_time(), 0
    while time.process_time() - begin < 0.05:
        x @ weight
        n += x.shape[0] * weight.numel()
    return n / (time.process_time() - begin)


def estimate(config: Config) -> float:
    """About how many seconds the training takes, alone on a core."""
    widths = [config.n_pixels, *config.hidden, config.style_dim]
    products = 2 * sum(a * b for a, b in itertools.pairwise(widths))
    judge = 2 * 256 + 256 * 256
    products += judge * (2 * config.discriminator_steps + 1) if config.regularizer == "adversarial" else 0
    images = config.epochs * N_TRAIN.get(config.dataset, 60_000)
    steps = images / config.batch_size
    return 1.5 * 3 * products * images / multiplications_per_second() + 0.004 * steps + 0.02 * config.epochs


@st.cache_resource(max_entries=32, show_spinner=False)
def _load(path: Path, modified: float, name: str) -> runs.Run:
    return replace(runs.load(path), name=name)


def run(job: jobs.Job) -> runs.Run | None:
    """The job's run as last published, or None before that."""
    path = manager().run_path(job.id)
    return _load(path, path.stat().st_mtime, title(job)) if path.exists() else None


def title(job: jobs.Job) -> str:
    """A name that no other job has."""
    return f"{job.name} #{job.id[:4]}"


@st.cache_resource(ttl=2, show_spinner=False)
def trained() -> dict[str, runs.Run]:
    """The runs of finished and stopped jobs, by name."""
    if not FOLDER.exists():
        return {}
    done = (job for job in manager().all() if job.status in (jobs.FINISHED, jobs.STOPPED))
    return {title(job): found for job in done if (found := run(job))}


def unavailable(dataset: str) -> str:
    """What to know of a data set before it is chosen."""
    if dataset == "digits":
        return "1,797 images of 8x8 pixels, which come with the app: seconds."
    here = "on this machine" if not data.missing_files(dataset) else "not on this machine yet: it will be downloaded"
    return f"{N_TRAIN.get(dataset, 60_000):,} images of 28x28 pixels, {here}: minutes."
