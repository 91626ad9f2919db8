"""What is taken away of a run gives what the run gives."""

import csv
import io
import zipfile

import pytest
import torch
from streamlit.testing.v1 import AppTest
from test_pages import MAIN

from aae import data, runs
from aae.__main__ import main
from aae.runs import export

onnxruntime = pytest.importorskip("onnxruntime")
SHIPPED = runs.shipped()


def session(content):
    return onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("name", SHIPPED)
def test_onnx_runtime_gives_what_torch_gives(name):
    run = runs.load(SHIPPED[name])
    model, config = run.model(), run.config
    images = torch.rand(5, config.n_pixels, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        code = model.encode(images)
        y = code.y
        if config.decoder_is_conditional:
            y = torch.eye(config.n_classes)[:5]
        expected = {"mean": code.mean, "logvar": code.logvar, "y": code.y}
        pixels = model.sample(code.mean, y)
    with zipfile.ZipFile(io.BytesIO(export.onnx(run))) as archive:
        encoder, decoder = (session(archive.read(f"{part}.onnx")) for part in ("encoder", "decoder"))
    found = dict(
        zip([each.name for each in encoder.get_outputs()], encoder.run(None, {"images": images.numpy()}), strict=True)
    )
    assert found.keys() == {key for key, value in expected.items() if value is not None}
    for key, value in found.items():
        assert torch.allclose(torch.from_numpy(value), expected[key], atol=1e-3, rtol=1e-3), key
    given = {"z": code.mean.numpy()} | ({} if y is None else {"y": y.numpy()})
    assert {each.name for each in decoder.get_inputs()} == given.keys()
    assert torch.allclose(torch.from_numpy(decoder.run(None, given)[0]), pixels, atol=1e-3)


@pytest.mark.parametrize("name", ["vae", "supervised_2d", "clusters_16", "gaussian_8d"])
def test_the_csv_of_codes_has_a_line_an_image(name):
    run = runs.load(SHIPPED[name])
    lines = list(csv.reader(io.StringIO(export.codes(run))))
    assert len(lines) == 1 + len(run.test_labels) and len(lines[0]) == 2 + run.config.latent_dim
    assert lines[4][:2] == ["3", run.class_names[run.test_labels[3]]]
    assert [float(z) for z in lines[4][2:]] == pytest.approx(run.test_codes[3].tolist(), rel=1e-4)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_snippet_runs(name, capsys, monkeypatch):
    run = runs.load(SHIPPED[name])
    images = data.Images(torch.zeros(10, run.config.n_pixels, dtype=torch.uint8), torch.zeros(10, dtype=torch.long))
    monkeypatch.setattr(data, "load", lambda name: data.Data(images, images, images))
    names = {}
    exec(export.snippet(run, str(SHIPPED[name])), names)
    assert names["pixels"].shape == (1, run.config.n_pixels) and "tensor" in capsys.readouterr().out


def test_the_command_writes_files_and_refuses_what_it_does_not_know(tmp_path, capsys):
    assert main(["export", "digits", "--out", str(tmp_path / "digits.zip")]) == 0
    assert zipfile.ZipFile(tmp_path / "digits.zip").namelist() == ["encoder.onnx", "decoder.onnx"]
    assert main(["export", "digits", "--out", str(tmp_path / "codes.csv")]) == 0
    assert (tmp_path / "codes.csv").read_text() == export.codes(runs.load(SHIPPED["digits"]))
    assert main(["export", "digits", "--out", str(tmp_path / "digits.md")]) == 0
    assert (tmp_path / "digits.md").read_text().startswith("# AAE")
    capsys.readouterr()
    assert main(["export", "digits", "--out", str(tmp_path / "digits.pkl")]) == 2
    assert "must end in .zip (ONNX), .csv (codes) or .md (model card)" in capsys.readouterr().err
    assert main(["export", "digits", "--out", str(tmp_path / "digits.md" / "codes.csv")]) == 2


def test_the_menu_offers_all_of_it():
    app = AppTest.from_file(MAIN, default_timeout=60).run().switch_page("../../pages/explore.py").run()
    (button,) = [each for each in app.button if each.label == "For other programs…"]
    button.click().run()
    assert not app.exception
    assert [each.label for each in app.get("download_button")][-3:] == ["ONNX", "Codes (CSV)", "Model card"]
    assert "runs.load('aae.safetensors')" in app.code[0].value
