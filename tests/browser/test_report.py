"""A report's page, opened from disk: it shows, filters, sorts, leads from a confusion to its photos, and prints."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from shared.chance import table as chances
from shared.stress import KINDS
from tests.unit.tool.conftest import label_png, model, photo
from tripane import comparison, job, report_page, stressing
from tripane.job import Asked
from tripane.journal import Journal, Settings
from tripane.photos import Photo
from tripane.records import Answer, Record
from tripane.summary import summarise
from tripane.truth import mapping

pytestmark = pytest.mark.browser
HOSTILE = "<img src=x onerror=alert(1)>.png"


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    models = [model("enet"), model("fast_scnn", shift=40), model("swiftnet")]
    (folder / "truth.png").write_bytes(label_png((320, 240)))
    settings = Settings(
        models={m.card.name: "1" for m in models},
        titles={m.card.name: m.card.title for m in models},
        folder="/photos",
        truth="/truth",
        labels="ours",
        labels_note="Trained on <b>these</b> streets.",
        calibrated=True,
        source="a test",
    )
    with Journal(folder / "out").writing(settings) as writer:
        for at, size in enumerate([(320, 240), (640, 240), (200, 400), (320, 240)]):
            name = f"{at}.png" if at else HOSTILE
            truth = folder / "truth.png" if size == (320, 240) else None
            asked = Asked(
                Photo(photo(folder / name, size), name), truth, None if truth else "no label map", folder / "out"
            )
            ask = job.ask if at else stressing.ask
            writer.add(job.run(asked, partial(ask, models), chances.load(), mapping.load("tripane")))
        writer.add(Record("broken.jpg", reason="it is broken"))
    comparison.report(folder / "out")
    return folder / "out" / "index.html"


@pytest.fixture
def opened(browser, report):
    with reading(browser, report) as page:
        page.wait_for_selector(".card img")
        yield page


@contextmanager
def reading(browser: Browser, report: Path) -> Iterator[Page]:
    """A report's page, on which no script may fail and which may ask for nothing."""

    def run(dialog: Dialog) -> None:
        errors.append("a photo's name was run")
        dialog.dismiss()

    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("dialog", run)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(report.as_uri())
    yield page
    assert not errors
    assert all(url.startswith(("file:", "data:")) for url in requests)
    context.close()


def names(page) -> list[str]:
    return [entry.inner_text() for entry in page.locator(".card .name").all()]


def test_what_must_be_known_of_the_truth_is_said_beside_the_scores(opened):
    assert "Trained on <b>these</b> streets." in opened.locator(".hero").inner_text()


def test_curves_show_what_each_model_keeps_as_photos_get_worse(opened, report):
    (record,) = (record for record in Journal(report.parent).records() if record.stress)
    stress = opened.locator("#stress")
    assert "1 photo made worse in 8 ways" in stress.inner_text()
    charts = stress.locator("svg")
    assert charts.count() == len(KINDS)
    assert [chart.locator("polyline").count() for chart in charts.all()] == [3] * len(KINDS)
    worst = record.stress["enet"]["night"][-1].same
    assert f"ENet keeps {worst:.1%}".replace("%", " %") in charts.first.get_attribute("aria-label")
    night = [found.same for found in record.stress["enet"]["night"]]
    cell = stress.locator("tbody tr", has_text="Night").locator("td").first
    assert f"{sum(night) / len(night):.1%}".replace("%", " %") in cell.inner_text()


def test_photos_come_worst_first_and_are_told_apart_by_name(opened):
    assert len(names(opened)) == 4
    assert HOSTILE in names(opened)
    shown = [float(text.split()[0]) for text in opened.locator(".card .figures b").all_inner_texts()]
    assert shown == sorted(shown)
    assert opened.locator("h1").inner_text().startswith(("ENet does best", "SwiftNet does best"))
    assert "broken.jpg" in opened.locator("#unreadable").inner_text()
    assert "no label map" in opened.locator("#unscored").inner_text()


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ({"enet": 20, "fast_scnn": 10, "swiftnet": 1}, "Fast-SCNN is 2.0 times as fast as the first."),
        ({"enet": 10, "fast_scnn": 20, "swiftnet": 1}, "The first is the fastest too."),
        ({"fast_scnn": 20, "swiftnet": 1}, None),
        ({"swiftnet": 1}, None),
    ],
)
def test_the_fastest_is_looked_for_where_there_is_a_figure(browser, report, tmp_path, times, said):
    """SwiftNet fails on every photo that has a label map; who has no time may still be the best."""
    journal = Journal(report.parent)
    records = [record for record in journal.records() if record.answers]
    for record in records:
        for name, answer in record.answers.items():
            answer.network_ms = times.get(name)
        if record.truth:
            record.answers["swiftnet"] = Answer(reason="no room")
    report_page.write(tmp_path, summarise(journal.settings(), records), records)
    with reading(browser, tmp_path / "index.html") as page:
        assert page.locator("h1").inner_text().startswith("ENet does best")
        lead = page.locator(".hero .lead").first.inner_text()
        assert lead.endswith(said) if said else "fast" not in lead
        assert "failed on 2" in page.locator("#models").inner_text()
        assert len(names(page)) == len(records)


def test_filters_and_orders_work_together(opened):
    opened.locator("input[type=search]").fill(".png")
    assert len(names(opened)) == 4
    opened.locator("input[type=search]").fill("2.")
    assert names(opened) == ["2.png"]
    assert "1 photo of 4" in opened.locator(".count").inner_text()
    opened.locator("input[type=search]").fill("")
    opened.get_by_label("Order").select_option("name")
    assert names(opened)[:3] == ["1.png", "2.png", "3.png"] or names(opened)[1:] == ["1.png", "2.png", "3.png"]
    opened.get_by_label("With").select_option(label="Car")
    assert names(opened) == []


def test_a_confusion_leads_to_the_photos_it_comes_from(opened):
    opened.get_by_role("button", name="of Building is taken for Road").click()
    assert sorted(names(opened)) == ["3.png", HOSTILE]
    opened.get_by_role("button", name="Show all photos").click()
    assert len(names(opened)) == 4


def test_a_photo_opens_with_every_answer_and_leads_to_the_next(opened):
    first, second, third, last = names(opened)
    opened.locator(".card").first.click()
    assert opened.locator("dialog h2").inner_text() == first
    assert opened.locator("dialog figure").count() == 5
    opened.keyboard.press("ArrowRight")
    assert opened.locator("dialog h2").inner_text() == second
    opened.keyboard.press("ArrowRight")
    assert opened.locator("dialog h2").inner_text() == third
    following = opened.get_by_role("button", name="Next photo")
    following.focus()
    opened.keyboard.press("Enter")
    assert opened.locator("dialog h2").inner_text() == last
    assert following.is_disabled()
    expect(opened.get_by_role("button", name="Close")).to_be_focused()
    previous = opened.get_by_role("button", name="Previous photo")
    previous.focus()
    opened.keyboard.press("Enter")
    assert opened.locator("dialog h2").inner_text() == third
    expect(previous).to_be_focused()
    opened.keyboard.press("Escape")
    assert not opened.locator("dialog").is_visible()


def test_nothing_is_wider_than_a_phone_and_it_prints(opened, tmp_path):
    opened.set_viewport_size({"width": 360, "height": 740})
    assert opened.evaluate("document.documentElement.scrollWidth") <= 360
    assert len(opened.pdf(path=tmp_path / "report.pdf")) > 20_000
