"""The parts of the Train page: the form, the jobs, and the one that is watched."""

import streamlit as st

from aae import jobs, runs
from aae.app import charts, live, loaders
from aae.app.pad import controls, pad
from aae.config import CHOICES, Config, ConfigError

LINKED = {"bind": "query-params"}
LOSSES = ("reconstruction", "discriminator", "generator", "kl")


MODEL_HELP = (
    "AE: only brings images back. VAE: each code a small cloud, pulled to the prior. AAE: a discriminator presses the "
    "codes into the prior."
)


def form() -> None:
    """Choose what to train, see what it costs, start it."""
    try:
        model, configs = choose()
    except ConfigError as error:
        st.error(str(error))
        return
    st.caption(f"About {live.estimate(configs[model]):.0f} s on a free core.")
    with st.container(horizontal=True):
        if st.button("Train", type="primary", icon=":material/play_arrow:"):
            start([model], configs)
        if st.button("Train all three", help="AE, VAE and AAE with the same seed and budget."):
            start(list(live.MODELS), configs)
    with st.expander("The same on the command line"):
        st.code(live.command(configs[model], model), language="sh", wrap_lines=True)


def choose() -> tuple[str, dict[str, Config]]:
    """The chosen model, and the chosen config for each of the models. Raises ConfigError."""
    data = select("Data", ["digits", *CHOICES["dataset"][:-1]], "data", "What is learned.")
    st.caption(live.unavailable(data))
    names = list(live.MODELS)
    model = st.segmented_control("Model", names, default="AAE", required=True, key="model", help=MODEL_HELP, **LINKED)
    prior = (
        select("Prior", CHOICES["prior"], "prior", "What the codes are pressed into.") if model == "AAE" else "gaussian"
    )
    hidden = live.SIZES[select("Network", list(live.SIZES), "size", "Hidden layers; the paper has 1000-1000.")]
    usual = 100 if data == "digits" else 10
    epochs = st.slider("Epochs", 5, 200, usual, key="epochs", help="Passes over the data.", **LINKED)
    seed = st.number_input(
        "Seed", 0, 9999, 0, key="seed", help="Of weights, order and noise: the same again.", **LINKED
    )
    return model, {name: live.make_config(data, name, prior, hidden, epochs, seed) for name in names}


def select(label: str, options, key: str, help: str) -> str:
    """One of some options, in the link."""
    return st.selectbox(label, options, key=key, help=help, **LINKED)


def start(models: list[str], configs: dict[str, Config]) -> None:
    """Queue these models, and watch the last one."""
    try:
        for model in models:
            name = f"{model} {configs[model].dataset}"
            st.session_state["job"] = live.manager().submit(configs[model], name, live.owner())
    except jobs.JobError as error:
        st.error(str(error))


@st.fragment(run_every="1s")
def watch() -> None:
    """All jobs, and the one that is chosen."""
    kept = live.manager().all()
    if not kept:
        st.info("Nothing is being trained. Choose and press Train: the digits take seconds.")
        return
    ids = [job.id for job in kept]
    if st.session_state.get("job") not in ids:
        st.session_state["job"] = ids[0]
    named = {job.id: f"{live.title(job)}: {job.status}" for job in kept}
    id = st.selectbox("Job", ids, format_func=named.get, key="job")
    job = next(job for job in kept if job.id == id)
    buttons(job)
    progress(job)
    run = live.run(job)
    if run:
        health(run)
        shown(job, run)


def buttons(job: jobs.Job) -> None:
    """What its owner may do with the job."""
    manager, me = live.manager(), live.owner()
    if job.owner != me:
        st.caption("Another visitor's job: you may watch.")
        return
    actions = []
    if job.is_active:
        actions = [("Pause", manager.pause), ("Stop", manager.stop)]
    elif job.status != jobs.FINISHED:
        actions = [("Resume", manager.resume)]
    with st.container(horizontal=True):
        for label, act in [*actions, ("Delete", manager.delete)]:
            if st.button(label, key=f"{label}-{job.id}"):
                try:
                    act(job.id, me)
                except jobs.JobError as error:
                    st.error(str(error))
                else:
                    st.rerun(scope="fragment")
        run = live.run(job)
        if run:
            st.download_button("Save", lambda: runs.to_bytes(run), f"{job.name}.safetensors", on_click="ignore")


def progress(job: jobs.Job) -> None:
    """How far the job is, or why it ended."""
    told = job.progress
    if job.status == jobs.FAILED:
        st.error(live.manager().error(job.id))
    elif job.place:
        st.info(f"Waits for a free place: number {job.place} in the queue.")
    elif "steps" in told:
        spent = sum(record["seconds"] for record in told["history"])
        share = told["step"] / told["steps"]
        left = f", about {spent / share * (1 - share):.0f} CPU-seconds left" if 0 < share < 1 else ""
        st.progress(share, f"{job.status}: epoch {len(told['history'])} of {job.config.epochs}{left}")


def health(run: runs.Run) -> None:
    """The losses, and an honest line on how the codes lie."""
    last = run.history[-1]
    times = last["prior_distance"] / last["prior_distance_floor"]
    words = f"Squared error {last['reconstruction_mse']:.4f}; the codes are {times:.1f} x floor from the prior"
    if "discriminator" in last:
        words += f"; discriminator's loss {last['discriminator']:.2f} (at chance 1.39)"
    st.markdown(words + ".")
    st.plotly_chart(charts.losses(run.history, LOSSES), key="losses")


def shown(job: jobs.Job, run: runs.Run) -> None:
    """The run as it is now: codes, decoded images, and all snapshots so far."""
    group = f"train-{job.id}"
    controls({"group": group, "epochs": list(run.snapshots), "runs": []}, key=f"controls-{job.id}")
    data = {**loaders.pad_data(run, "0,1"), "group": group, "linked": "code", "wide": True}
    pad(data, key=f"pad-{job.id}")
