"""The story of Home: every scene has what it shows, of the runs that are here, and leads to a page."""

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace

import torch
from starlette.applications import Starlette

from aae import runs
from aae.analysis import planes
from aae.app import state
from aae.app.runs import catalogue
from aae.app.server import addresses, blobs
from aae.app.views import story

PAGES = Path(__file__).resolve().parents[1] / "pages"


def get(address):
    """What the route answers: {status, body}."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": f"/{address}", "query_string": b"", "headers": []}
    asyncio.run(Starlette(routes=[story.ROUTE])(scope, None, send))
    return SimpleNamespace(status=sent[0]["status"], body=b"".join(message["body"] for message in sent[1:]))


def scenes():
    return story.payload(catalogue.shipped_known())["scenes"]


def test_every_scene_shows_maps_of_its_runs_and_names_files_that_are_there():
    for told, scene in zip(scenes(), story.SCENES.values(), strict=True):
        picture = json.loads(get(told["address"]).body)
        assert [each["run"] for each in picture["maps"]] == list(scene.runs)
        files = [each.get(name) for each in picture["maps"] for name in ("decoder", "codes", "scene", "timeline")]
        assert all(map(blobs.holds, filter(None, files))) and any(files)


def test_a_scene_leads_to_a_page_and_parameters_that_there_are():
    for told in scenes():
        assert (PAGES / f"{told['page']}.py").is_file()
        known = state.of_page(told["page"])
        assert set(told["parameters"]) <= {*known}


def test_the_three_are_on_one_scale_with_the_same_draws():
    ae, vae, aae = json.loads(get("api/story/holes").body)["maps"]
    assert ae["view"] == vae["view"] == aae["view"] and ae["has_prior"] and ae["radius"] == aae["radius"]
    assert ae["marks"] == vae["marks"] == aae["marks"]
    draws = planes.prior_samples(runs.load(runs.shipped()["ae"]).model(), 16)
    assert torch.allclose(torch.tensor(ae["marks"]), draws)


def test_scenes_whose_runs_are_missing_are_left_out(monkeypatch):
    known = {name: each for name, each in catalogue.shipped_known().items() if name in ("ae", "aae")}
    told = [each["address"].removeprefix(addresses.STORY) for each in story.payload(known)["scenes"]]
    assert told == ["autoencoder", "aae", "film"]
    monkeypatch.setattr(catalogue, "shipped_known", lambda: known)
    assert get("api/story/holes").status == get("api/story/nonsense").status == 404


def test_a_full_disk_is_said_in_a_line(monkeypatch):
    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(blobs, "holds", lambda address: False)
    monkeypatch.setattr(blobs.files, "write_atomically", fail)
    answer = get("api/story/autoencoder")
    assert answer.status == 507 and b"make room there" in answer.body and b"\n" not in answer.body
