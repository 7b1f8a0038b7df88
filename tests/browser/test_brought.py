"""Users' own networks run in the page as on the server, whatever they take and give."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from shared import page_files
from shared.contracts.card import Card
from shared.inference.segment import segment
from shared.paths import SAMPLES_DIR
from tests.browser.painted import Painted
from tests.browser.visit import PATIENCE_MS, open_page, open_tab
from tests.support import brought
from tripane import models
from tripane.own import adding, homes
from tripane.own.adding import Told
from tripane.own.probe import Wanted

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not page_files.ENGINE_DIR.is_dir(), reason="the engine is not installed: `make node_modules`"),
]
TRAINED = Wanted(brought.MEAN, brought.STD)
FORMS: dict[str, tuple[dict[str, Any], Wanted]] = {
    "plain": ({}, TRAINED),
    "flat": ({"layout": "NHWC", "output_layout": "NHWC"}, TRAINED),
    "blue": ({"channels": "BGR"}, Wanted(brought.MEAN, brought.STD, "BGR")),
    "bytes": ({"kind": "uint8", "layout": "NHWC", "channels": "BGR"}, Wanted((0.0,) * 3, (1.0,) * 3, "BGR")),
    "halves": ({"kind": "float16"}, TRAINED),
    "chances": ({"answers": "probabilities"}, TRAINED),
    "ids": ({"answers": "classes"}, Wanted(brought.MEAN, brought.STD, classes="tripane")),
    "fixed": ({"size": (320, 160)}, TRAINED),
}
ANSWERS = """async ([photo, cards, wrong, size]) => {
  const { engine } = await import("/modules/here/engine.js");
  const { classes } = await (await fetch("/v1/models")).json();
  const blob = new Blob([Uint8Array.from(atob(photo), (byte) => byte.charCodeAt(0))], { type: "image/png" });
  const decoded = await engine.photo(blob);
  const text = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const answers = {};
  for (const card of cards) {
    await engine.load(card, classes, () => {});
    const { labels, confidence, files } = await engine.segment(card, decoded, size, [[9, 9, 9]]);
    const png = new Uint8Array(await files.labels.arrayBuffer());
    answers[card.name] = [labels, confidence.pixels, png].map(text);
  }
  const colours = classes.map(({ colour }) => colour);
  await engine.load(wrong, classes, () => {});
  const all = [wrong, ...cards];
  const live = await engine.frame(await createImageBitmap(blob), all, { size, layer: "labels", colours });
  return { answers, failed: Object.entries(live.figures).filter(([, { failed }]) => failed) };
}"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for models of one's own."""
    monkeypatch.setenv(homes.VARIABLE, str(tmp_path / "mine"))
    return tmp_path


def serve_networks(page: Page, cards: list[Card]) -> None:
    """Serve networks as the local server does."""
    files = page_files.networks(cards, brought=True)
    content = {address.split("/")[-1]: file.read(homes.own().assets) for address, file in files.items()}
    page.route("**/networks/*.onnx", lambda route: route.fulfill(body=content[route.request.url.split("/")[-1]]))


def test_every_form_gives_the_servers_map(page: Page, painted: Painted, own: Path):
    (own / "two.toml").write_text('[classes]\ndirt = ""\ntarmac = "road"\n', encoding="utf-8")
    forms = FORMS | {"two": ({"classes": 2}, Wanted(brought.MEAN, brought.STD, classes=str(own / "two.toml")))}
    cards = []
    for name, (options, wanted) in forms.items():
        file = brought.write(own / f"{name}.onnx", **options)
        cards.append(adding.add(file, Told(name), wanted, homes.own()).card)
    with Image.open(SAMPLES_DIR / "sunny_oldtown.jpg") as street:
        png = io.BytesIO()
        street.convert("RGB").resize((416, 256)).save(png, "PNG")
    serve_networks(page, cards)
    page.goto(f"{painted.url}/icon.svg")
    wrong = cards[0].document | {"name": "wrong", "graph": cards[0].document["graph"] | {"output_layout": "NHW"}}
    page.route("**/networks/wrong-*", lambda route: route.fulfill(body=(own / f"{cards[0].name}.onnx").read_bytes()))
    question = [base64.b64encode(png.getvalue()).decode(), [card.document for card in cards], wrong]
    found = page.evaluate(ANSWERS, [*question, {"width": 416, "height": 256}])
    assert found["failed"] == [["wrong", {"failed": "The network gave 4 axes where its card says NHW."}]]
    for name, texts in found["answers"].items():
        labels, sure, written = (np.frombuffer(base64.b64decode(text), np.uint8) for text in texts)
        there = segment(png.getvalue(), models.local()[name].read())
        assert len(np.unique(labels)) > 1
        least = 0.99 if name == "halves" else 0.999  # whose last bits kernels round in their own ways
        assert (labels == there.labels.ravel()).mean() >= least, name
        assert (np.abs(sure.astype(int) - there.confidence.ravel()) <= 1).mean() >= least, name
        assert (np.asarray(Image.open(io.BytesIO(written.tobytes()))).ravel() == labels).all(), name


def with_mine(page: Page, own: Path) -> None:
    """Have the API know one of our models and one of somebody's own, and networks run here."""
    card = adding.add(brought.write(own / "a.onnx"), Told("mine", "My network"), TRAINED, homes.own()).card

    def known(route: Route) -> None:
        document = route.fetch().json()
        document["models"] = [*document["models"][:1], card.document | {"version": "0" * 12}]
        route.fulfill(json=document)

    page.route("**/v1/models", known)
    page.add_init_script("localStorage.setItem('tripane.place', 'here')")


def test_a_model_of_ones_own_is_one_of_the_panes_and_answers_to_stress(page: Page, painted: Painted, own: Path):
    with_mine(page, own)
    page.route("**/networks/mine-*.onnx", lambda route: route.fulfill(body=(own / "a.onnx").read_bytes()))
    open_page(page, painted.url)
    expect(page.locator("[data-pane=mine]")).to_contain_text("My network")
    expect(page.locator("#agreement")).to_contain_text("agree on")
    open_tab(page, "share")
    expect(page.locator("#downloads")).to_contain_text("My network")
    expect(page.locator("#terms")).to_contain_text("My network: licence not told.")
    page.locator("nav [data-opens=stress]").click()
    expect(page.locator("#stress [data-live=mine] figcaption")).to_contain_text("keeps 100", timeout=PATIENCE_MS)


def test_a_network_that_the_server_keeps_is_said_to_be_and_costs_the_others_nothing(
    page: Page, painted: Painted, own: Path
):
    with_mine(page, own)
    page.goto(painted.url)
    expect(page.locator("#viewer .card")).to_have_count(1, timeout=PATIENCE_MS)
    expect(page.locator("#viewer .card")).to_contain_text("keeps the model's network to itself")
    page.locator("nav [data-opens=stress]").click()
    expect(page.locator("#stress [data-live=enet] figcaption")).to_contain_text("keeps 100", timeout=PATIENCE_MS)
    expect(page.locator("#stress [data-live=mine] figcaption")).to_contain_text("It cannot run here: This server keeps")
