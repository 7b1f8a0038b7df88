"""A user's own model, in the whole system of one machine."""

from __future__ import annotations

import shutil

from fastapi.testclient import TestClient

from local.system import started
from shared.paths import ROOT, SAMPLES_DIR
from tests.support import brought
from tripane.own import adding
from tripane.own.adding import Told
from tripane.own.homes import Home
from tripane.own.probe import Wanted


def test_a_model_that_was_brought_is_served_beside_ours(tmp_path):
    home = Home(tmp_path / "models", tmp_path / "assets")
    shutil.copytree(ROOT / "functions/models/fast_scnn", home.models / "fast_scnn")
    for path in ("networks/fast_scnn.int8.onnx", "networks/fast_scnn.onnx", "weights/fast_scnn.safetensors"):
        (home.assets / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "assets" / path, home.assets / path)
    (tmp_path / "two.toml").write_text('[classes]\nearth = ""\ntarmac = "road"\n')
    wanted = Wanted(brought.MEAN, brought.STD, classes=str(tmp_path / "two.toml"))
    options = {"layout": "NHWC", "size": (320, 160), "classes": 2}
    adding.add(brought.write(tmp_path / "mine.onnx", **options), Told("mine", "Mine"), wanted, home)
    with started(home.models, home.assets) as (api, _), TestClient(api) as client:
        answer = client.post("/v1/comparisons", files={"image": (SAMPLES_DIR / "rain_mixed.jpg").read_bytes()})
        models = answer.json()["models"]
        assert {name: model["status"] for name, model in models.items()} == {"fast_scnn": "ok", "mine": "ok"}
        assert set(models["mine"]["classes"]) >= {"road", "sky"}
        assert 0 < models["mine"]["classes"]["road"] < 1
        assert sum(models["mine"]["classes"].values()) == models["mine"]["classes"]["road"]
        assert answer.json()["agreement"]["models"] == ["fast_scnn", "mine"]
        assert {card["name"] for card in client.get("/v1/models").json()["models"]} == {"fast_scnn", "mine"}
