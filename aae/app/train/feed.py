"""What a browser requests while it watches a training: its progress and its frames; no page is run for it.

Endpoints are plain functions, which Starlette runs in threads: reading a disk delays no other request.
"""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from aae.app.server import addresses, blobs, imports

GONE = {"status": "deleted"}  # which is no error: somebody may still have been watching
STEP = re.compile(r"[0-9]{1,12}")
SHOWN = ("reconstruction", "discriminator", "generator", "kl", "classification")  # losses
FIGURES = ("epoch", "reconstruction_mse", "prior_distance", "prior_distance_floor")


def follow(request: Request) -> Response:
    """A job's status, the steps of its frames, and its history after the epochs that the browser has."""
    imports.need()
    from aae import jobs  # which imports torch: not while the server starts
    from aae.app.runs import live

    id, have = request.path_params["id"], request.query_params.get("have", "0")
    if not jobs.ID.fullmatch(id):
        return not_found()
    try:
        answer = summary(live.manager(), id, int(have) if STEP.fullmatch(have) else 0)
    except jobs.JobError:
        answer = GONE
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def summary(manager, id: str, have: int) -> dict[str, Any]:
    """A job's progress, as the browser is given it. Raises JobError."""
    job = manager.get(id)
    return {
        "status": job.status,
        "place": job.place,
        "doing": job.progress.doing,
        "step": job.progress.step,
        "steps": job.progress.steps,
        "epochs": job.config.epochs,
        "frames": manager.store.frames(id),
        "history": history(manager.store.history(id), have),
        "seconds": job.progress.seconds,
    }


def history(records: list[dict[str, float]], have: int) -> list[dict[str, float]]:
    """The figures that a page draws, of each epoch after this one."""
    kept, new = (*FIGURES, *SHOWN), [record for record in records if record.get("epoch", 0) > have]
    return [{name: record[name] for name in kept if name in record} for record in new]


def scene(request: Request) -> Response:
    """The classes of a job's test images, and draws of its prior."""
    return file(request.path_params["id"], "scene")


def frame(request: Request) -> Response:
    """The frame of a step."""
    step = request.path_params["step"]
    return file(request.path_params["id"], f"frames/{step}") if STEP.fullmatch(step) else not_found()


def file(id: str, name: str) -> Response:
    """A file of a job's folder, which never changes; nothing where there is none."""
    imports.need()
    from aae import files, jobs
    from aae.app.runs import live

    if not jobs.ID.fullmatch(id):
        return not_found()
    path = live.manager().folder / id / f"{name}.safetensors"
    try:
        files.fetch(path)
        content = path.read_bytes() if path.is_file() else None
    except OSError:
        content = None
    if content is None:
        return Response(status_code=204)  # the job was deleted while its frames were being fetched
    return Response(content, media_type="application/octet-stream", headers=blobs.FOR_EVER)


def not_found() -> Response:
    """The answer to an address that belongs to no job."""
    return Response("Not Found", status_code=404)


ROUTES = [
    Route("/" + addresses.JOBS + "{id}", follow),
    Route("/" + addresses.JOBS + "{id}/scene", scene),
    Route("/" + addresses.JOBS + "{id}/frames/{step}", frame),
]
