"""What a browser asks while it watches a training: how far it is, and its frames; no page is run for it."""

import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from aae.app import blobs

PATH = "/api/jobs/"
GONE = {"status": "deleted"}  # which is no error: somebody may still have been watching
ID = re.compile(r"[0-9a-f]{12}")
SHOWN = ("reconstruction", "discriminator", "generator", "kl", "classification")  # losses
FIGURES = ("epoch", "reconstruction_mse", "prior_distance", "prior_distance_floor")


async def follow(request: Request) -> Response:
    """A job's status, the steps of its frames, and its history after the epochs that the browser has."""
    have = request.query_params.get("have", "0")
    told = summary(request.path_params["id"], int(have[:9]) if have.isdecimal() else 0)
    return JSONResponse(told or GONE, headers={"Cache-Control": "no-store"})


def summary(id: str, have: int) -> dict | None:
    """What is told of a job, or None where there is none."""
    from aae.app import live  # which imports torch: not while the server starts
    from aae.jobs import JobError

    try:
        job = live.manager().get(id) if ID.fullmatch(id) else None
    except JobError:
        return None
    return job and {
        "status": job.status,
        "place": job.place,
        "step": job.progress.get("step", 0),
        "steps": job.progress.get("steps", 0),
        "epochs": job.config.epochs,
        "frames": live.manager().frames(id),
        "history": history(job.progress)[have:],
        "seconds": sum(record["seconds"] for record in job.progress.get("history", [])),
    }


def history(progress: dict) -> list[dict]:
    """The figures of each epoch that a page draws."""
    kept = (*FIGURES, *SHOWN)
    return [{name: record[name] for name in kept if name in record} for record in progress.get("history", [])]


async def scene(request: Request) -> Response:
    """The classes of a job's test images, and draws of its prior."""
    return file(request, "scene")


async def frame(request: Request) -> Response:
    """The frame of a step."""
    return file(request, f"frames/{request.path_params['step']}")


def file(request: Request, name: str) -> Response:
    """A file of a job's folder, which never changes; nothing where there is none."""
    from aae.app import live

    id = request.path_params["id"]
    path = live.FOLDER / id / f"{name}.safetensors"
    if not (ID.fullmatch(id) and path.is_file()):
        return Response(status_code=204)  # the job was deleted while its frames were being fetched
    return Response(path.read_bytes(), media_type="application/octet-stream", headers=blobs.FOR_EVER)


ROUTES = [
    Route(PATH + "{id}", follow),
    Route(PATH + "{id}/scene", scene),
    Route(PATH + "{id}/frames/{step:int}", frame),
]
