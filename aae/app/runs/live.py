"""The server's jobs, as the Train page uses them."""

import functools
import itertools
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import joblib
import streamlit as st
import torch

from aae import cluster, data, jobs, runs, storage
from aae.app.browser import maps, trainings
from aae.app.browser.payloads import LivePayload
from aae.app.runs import runcache
from aae.app.server import addresses, shared, teacher
from aae.config import PRESETS, Config, environment
from aae.training import frames

FOLDER = shared.folder("jobs")
CORES = joblib.cpu_count()  # that this process may use
LIMIT = max(1, CORES // 2)  # jobs at once, unless a teacher changes that
ONE_WAITS = environment.is_on("AAE_WAITING")  # a process with everything imported, for the next job
FRESH = 2.0  # seconds
FEW = 10_000  # images: fewer are trained in smaller batches


_manager: jobs.Jobs | None = None  # in no cache of Streamlit: any visitor may clear those
_making = threading.Lock()


def manager() -> jobs.Jobs:
    """The server's jobs, looked after until close(); the first use makes them."""
    global _manager
    with _making:
        if _manager is None:
            limit = cluster.places() if cluster.is_asked() else LIMIT
            _manager = jobs.Jobs(FOLDER, limit, ONE_WAITS)
            _manager.look_after()
            storage.follow()
        return _manager


def close() -> None:
    """Let the running jobs save themselves and end: the server stops."""
    if _manager:
        _manager.close()


def may_upload() -> bool:
    """Whether this visitor may upload files."""
    return manager().rules.get("uploads") or teacher.is_here()


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
    widths = [config.n_pixels, *config.hidden, config.latent_dim]
    products = 2 * sum(a * b for a, b in itertools.pairwise(widths))
    discriminator = sum(a * b for a, b in itertools.pairwise([config.latent_dim, *config.discriminator_hidden, 1]))
    products += discriminator * (2 * config.discriminator_steps + 1) if config.regularizer == "adversarial" else 0
    images = config.epochs * n_train
    steps = images / config.batch_size
    return 1.5 * 3 * products * images / multiplications_per_second() + 0.004 * steps + 0.02 * config.epochs


def n_train(dataset: str) -> int:
    """How many images there are to train on."""
    return data.describe(dataset).n_train


def fitted(config: Config, dataset: str) -> Config:
    """The config for a data set: of few images in smaller batches. Raises ConfigError, DataError."""
    changes: dict[str, Any] = {}
    if n_train(dataset) < FEW:
        small = PRESETS["digits"]
        changes = {"batch_size": small.batch_size, "ema_decay": small.ema_decay}
    if dataset == "digits":
        changes["shift"] = 0  # two pixels are a quarter of an 8x8 image
    return replace(data.fit(config, dataset), **changes)


def n_test(config: Config) -> int:
    """How many test images have a place on the map; of a data set that is gone, at most."""
    return min(data.describe_for(config).n_test or frames.MAX_CODES, frames.MAX_CODES)


def n_snapshots(config: Config) -> int:
    """How many snapshots the run of a job has at most."""
    return config.epochs // max(1, config.epochs // jobs.N_SNAPSHOTS) + 2


def needing_data() -> list[jobs.Job]:
    """The jobs that may still train."""
    return [job for job in manager().all() if job.status != jobs.FINISHED]


def needed_data() -> frozenset[str]:
    """The data sets of jobs that may still train."""
    return frozenset(job.config.dataset for job in needing_data())


# What is watched: jobs, and runs with their snapshots


def run(job: jobs.Job) -> runs.Run | None:
    """The job's run, or None before there is one that can be read."""
    try:
        return runcache.load(runcache.look(manager().store.run_path(job.id), title(job)))
    except runs.RunError:
        return None


def title(job: jobs.Job) -> str:
    """A name that no other job has."""
    return f"{job.name} #{job.id[:4]}"


def trained() -> dict[str, tuple[jobs.Job, Path]]:
    """All jobs that have a run file, and that file, by the jobs' ids; as it was FRESH seconds ago, or later."""
    return trained_at(time.monotonic() // FRESH)


@st.cache_resource(max_entries=1, show_spinner=False)  # with a ttl Streamlit may forget it while it looks it up
def trained_at(moment: float) -> dict[str, tuple[jobs.Job, Path]]:
    """The same, looked for once for each value of the argument."""
    found = {job.id: (job, manager().store.run_path(job.id)) for job in manager().all()}
    return {id: (job, path) for id, (job, path) in found.items() if path.exists()}


def job_payload(job: jobs.Job) -> LivePayload:
    """What the browser needs to follow a job by itself."""
    address, done = f"{addresses.JOBS}{job.id}", None if job.is_active else run(job)
    n = n_test(job.config)
    return {
        **trainings.common(job.config, data.describe_for(job.config), n, nearby_radius(job.config, n)),
        "run": title(job),
        "title": title(job),
        "test": trainings.test_figures(done) if done else None,
        "feed": address,
        "scene": f"{address}/scene",
    }


@functools.lru_cache(maxsize=64)
def nearby_radius(config: Config, n: int) -> float:
    """How far from a place "nearby" reaches in the code space of a training of so many test images."""
    return trainings.nearby_radius(config, n)


def prior_words(config: Config) -> str:
    """The prior, in words."""
    if config.regularizer == "none":
        return "no prior"
    return "prior: a Gaussian around each cluster head" if config.cluster_heads else f"prior: {maps.prior_name(config)}"
