"""What the Train page asks of the server's jobs."""

import functools
import itertools
import os
import shlex
import threading
import time
from pathlib import Path
from typing import Any

import joblib
import streamlit as st
import torch
from safetensors.torch import save as serialize

from aae import data, explore, jobs, priors, runs, timeline
from aae.app import blobs, runcache, words
from aae.config import PRESETS, Config
from aae.datasets import Description

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("AAE_RUNS") or ROOT / "runs").expanduser() / "jobs"
LIMIT = max(1, joblib.cpu_count() // 2)  # jobs at once: one for every two cores that this process may use
DRAWING = "drawing.png"
PHASES = {
    "adversarial": ["reconstruction", "discriminator", "generator"],
    "kl": ["reconstruction", "kl"],
    "none": ["reconstruction"],
}


_manager: jobs.Jobs | None = None  # in no cache of Streamlit: any visitor may clear those
_making = threading.Lock()


def manager() -> jobs.Jobs:
    """The server's jobs, looked after until close(); the first use makes them."""
    global _manager
    with _making:
        if _manager is None:
            _manager = jobs.Jobs(FOLDER, LIMIT)
            _manager.look_after()
        return _manager


def close() -> None:
    """Let the running jobs save themselves and end: the server stops."""
    if _manager:
        _manager.close()


# What a training costs, and how it is begun on the command line


@st.cache_resource(show_spinner=False)
def multiplications_per_second() -> float:
    """What one thread of this machine does, in products of matrices as a step needs them."""
    x, weight = torch.randn(500, 512), torch.randn(512, 512)
    begin, n = time.process_time(), 0
    while time.process_time() - begin < 0.05:
        x @ weight
        n += x.shape[0] * weight.numel()
    return n / (time.process_time() - begin)


def estimate(config: Config, n_train: int) -> float:
    """About how many seconds the training takes, alone on a core."""
    widths = [config.n_pixels, *config.hidden, config.style_dim]
    products = 2 * sum(a * b for a, b in itertools.pairwise(widths))
    judge = sum(a * b for a, b in itertools.pairwise([config.style_dim, *config.discriminator_hidden, 1]))
    products += judge * (2 * config.discriminator_steps + 1) if config.regularizer == "adversarial" else 0
    images = config.epochs * n_train
    steps = images / config.batch_size
    return 1.5 * 3 * products * images / multiplications_per_second() + 0.004 * steps + 0.02 * config.epochs


def n_train(dataset: str) -> int:
    """How many images there are to train on."""
    return data.describe(dataset).n_train


def n_test(config: Config) -> int:
    """How many test images have a place on the map; of a data set that is gone, at most."""
    return min(data.describe_for(config).n_test or timeline.MAX_CODES, timeline.MAX_CODES)


@functools.lru_cache(maxsize=64)
def nearby_radius(config: Config) -> float:
    """How far from a place "nearby" reaches in the code space of a training, by its prior."""
    draws = priors.sample(config, explore.N_PRIOR_SAMPLES, torch.Generator().manual_seed(0))
    return explore.nearby_radius(draws, n_test(config))


def needed_data() -> frozenset[str]:
    """The data sets of jobs that may still train."""
    return frozenset(job.config.dataset for job in manager().all() if job.status != jobs.FINISHED)


def command(config: Config) -> str:
    """The command line that trains the same."""
    usual = PRESETS[preset_of(config)].to_json()
    changed = {name: value for name, value in config.to_json().items() if value != usual[name] and name != "n_classes"}
    drawing = ["--prior-image", DRAWING] if changed.pop("prior_image", "") else []
    words = [f"{name}={','.join(map(str, v)) if isinstance(v, tuple) else v}" for name, v in changed.items()]
    assignments = [word for each in words for word in ("--set", each)]
    return shlex.join(["python", "-m", "aae", "train", preset_of(config), *assignments, *drawing])


def preset_of(config: Config) -> str:
    """The preset that a config of the form began with."""
    if config.cluster_heads:
        return "reduced_clusters" if config.labels == "unused" else "reduced_100"
    if config.labels != "unused":
        return "supervised_2d"
    return {"none": "ae", "kl": "vae", "adversarial": "aae"}[config.regularizer]


# What is watched: jobs, and runs with their snapshots


def run(job: jobs.Job) -> runs.Run | None:
    """The job's run, or None before there is one that can be read."""
    try:
        return runcache.load(runcache.look(manager().run_path(job.id), title(job)))
    except runs.RunError:
        return None


def title(job: jobs.Job) -> str:
    """A name that no other job has."""
    return f"{job.name} #{job.id[:4]}"


@st.cache_resource(ttl=2, show_spinner=False)
def trained() -> dict[str, tuple[str, Path]]:
    """The names and run files of all jobs that have one, by the jobs' ids."""
    found = {job.id: (title(job), manager().run_path(job.id)) for job in manager().all()}
    return {id: (name, path) for id, (name, path) in found.items() if path.exists()}


def job_data(job: jobs.Job, small: bool) -> dict[str, Any]:
    """What the browser needs to follow a job by itself."""
    address = f"/api/jobs/{job.id}"
    done = None if job.is_active else run(job)
    scene = scene_data(job.config, data.describe_for(job.config), small)
    common = {**scene, "run": title(job), "test": test_figures(done) if done else None}
    return {**common, "feed": address, "scene": f"{address}/scene"}


def test_figures(shown: runs.Run) -> dict[str, float]:
    """What the finished run's pages say of it; the records of its training are of other images."""
    return {name: shown.metrics[name] for name in runs.SHOWN}


def run_data(shown: runs.Run, frames: dict[str, str], small: bool) -> dict[str, Any]:
    """What the browser needs to scrub through a finished run's snapshots, of these addresses by epoch."""
    last = shown.config.epochs
    told = {"status": "finished", "step": last, "steps": last, "epochs": last, "frames": frames}
    history = [{key: value for key, value in record.items() if key != "code_std"} for record in shown.history]
    view = explore.run_view(shown.model(), explore.axes_plane(shown.config.style_dim), shown.test_codes)
    scene = scene_data(shown.config, shown.description, small)
    common = {**scene, "run": shown.name, "test": test_figures(shown), "view": list(view)}
    return {**common, "scene": scene_url(shown), "timeline": {**told, "history": history}}


@blobs.published
def scene_url(shown: runs.Run) -> bytes:
    """The classes of a run's test images, and draws of its prior, for the browser."""
    prior = explore.prior_samples(shown.model()).half()
    return serialize({"labels": shown.test_labels, "prior": prior})


def told(config: Config) -> str | None:
    """What a decoder is told beside a place: "classes", which test labels name, or "clusters"."""
    if not explore.n_labels(config):
        return None
    return "clusters" if config.labels == "unused" else "classes"


def prior_name(config: Config) -> str:
    """The prior in words."""
    return {"gaussian": "Gaussian", "swiss_roll": "swiss roll", "drawn": "painted"}.get(config.prior, config.prior)


def prior_words(config: Config) -> str:
    """What the codes are pressed into, in words."""
    if config.regularizer == "none":
        return "no prior"
    return "prior: a Gaussian around each cluster head" if config.cluster_heads else f"prior: {prior_name(config)}"


def scene_data(config: Config, described: Description, small: bool) -> dict[str, Any]:
    """What is the same in all frames."""
    plane = explore.axes_plane(config.style_dim)
    return {
        "phases": PHASES[config.regularizer] + ["classification"] * (config.labels == "classifier"),
        "small": small,
        "dataset": config.dataset,
        **words.payload(described),
        "origin": plane.origin.tolist(),
        "basis": plane.basis.tolist(),
        "radius": nearby_radius(config),
        "percentile_std": None,
        "has_prior": config.regularizer != "none" and not config.cluster_heads,  # heads move, and it with them
        "prior": prior_name(config),
        "regularized": config.regularizer != "none",
        "loss": "squared error" if config.likelihood == "gaussian" else "cross-entropy in nats",
        "monitored": "validation" if config.n_validation else "training",  # the images of the records
        "label": 0 if explore.n_labels(config) else None,  # of the map's images
        "told": told(config),
    }
