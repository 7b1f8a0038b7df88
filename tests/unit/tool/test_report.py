"""From records to table, summary and page, and a journal that survives whatever ends a run."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from shared.chance import table as chances
from tests.unit.tool.conftest import label_png, photo
from tripane import comparison, job, report_page, results_csv
from tripane.cli import gates, words
from tripane.errors import UsageError
from tripane.job import Asked
from tripane.journal import Journal, Settings
from tripane.photos import Photo
from tripane.records import Record
from tripane.summary import summarise
from tripane.truth import mapping

SETTINGS = Settings(
    models={"enet": "1", "fast_scnn": "2", "swiftnet": "3"},
    folder="/photos",
    truth="/truth",
    labels="ours",
    calibrated=True,
)


@pytest.fixture
def records(tmp_path, models) -> list[Record]:
    (tmp_path / "truth.png").write_bytes(label_png())
    made = []
    for name, truth in (("a.png", "truth.png"), ("b/a.png", "truth.png"), ("c.png", None)):
        asked = Asked(
            Photo(photo(tmp_path / name), name), tmp_path / truth if truth else None, None, tmp_path / "report"
        )
        made.append(job.run(asked, partial(job.ask, models), chances.load(), mapping.load("tripane")))
    return [*made, Record("broken.jpg", "0-0", reason='it is <broken>, "quite"\n')]


def test_the_table_has_a_row_for_each_photo_and_model(tmp_path, records):
    results_csv.write(tmp_path, records, SETTINGS.models, scored=True)
    with (tmp_path / results_csv.FILE).open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 12
    assert list(rows[0]) == results_csv.columns(scored=True)
    first, broken = rows[0], rows[-1]
    assert (first["photo"], first["model"], first["status"]) == ("a.png", "enet", "done")
    assert float(first["iou_road"]) == pytest.approx(float(first["iou_road"]))
    assert float(first["iou_building"]) == 0
    assert first["iou_car"] == ""
    assert 0 < float(first["miou"]) < float(first["pixel_accuracy"]) < 1
    assert (broken["status"], broken["agreement"]) == ("failed", "")
    assert broken["reason"].startswith("it is <broken>")
    assert rows[6]["miou"] == ""


def test_without_label_maps_the_table_has_no_columns_for_them():
    assert not [column for column in results_csv.columns(scored=False) if column.startswith(("iou", "miou", "pixel"))]


def test_the_summary_adds_up(records):
    found = summarise(SETTINGS, records)
    assert (found["photos"], found["scored"]) == (4, 2)
    assert found["unreadable"] == [{"photo": "broken.jpg", "reason": records[-1].reason}]
    enet = found["models"][0]
    assert enet["answered"] == 3
    assert enet["miou"]["low"] <= enet["miou"]["value"] <= enet["miou"]["high"]
    assert enet["iou"]["car"] is None
    assert enet["iou"]["building"]["value"] == 0
    assert np.sum(enet["confusion"]) == 2 * 128 * 96
    assert [pair["models"] for pair in found["pairs"]] == [
        ["enet", "fast_scnn"],
        ["enet", "swiftnet"],
        ["fast_scnn", "swiftnet"],
    ]
    assert found["pairs"][1]["agreement"]["value"] == 1
    assert enet["lambda_usd_per_thousand"] > 0
    json.dumps(found, allow_nan=False)
    assert "\n1 photo could not be read:\n" in words.summary(found, Path("report"))


def test_label_maps_of_another_kind_are_told_at_the_end(records):
    reason = "a.png holds ids; the mapping 'CamVid, 32 colours' has colours"
    found = summarise(SETTINGS, [replace(record, truth=None, truth_reason=reason) for record in records * 9])
    told = words.summary(found, Path("report"))
    assert "photos without a label map that could be used" in told
    assert told.count(reason) == words.SHOWN
    assert f"  and {len(found['unscored']) - words.SHOWN} more\n" in told


def test_the_page_is_one_file_that_asks_for_nothing_and_runs_nothing_of_a_photo_name(tmp_path, records):
    records[0].photo = "</script><script>alert(1)</script>.png"
    report_page.write(tmp_path / "report", summarise(SETTINGS, records), records)
    text = (tmp_path / "report" / report_page.FILE).read_text()
    assert "alert(1)</script>" not in text
    assert not re.search(r"(src|href)=\"(https?:)?//", text)
    assert "default-src 'none'" in text
    document = json.loads(re.search(r'id="data">(.*?)</script>', text)[1])
    assert [shown["name"] for shown in document["shown"]][-1] != "broken.jpg"
    assert len(document["shown"]) == 3
    doubts = [shown["chance"] for shown in document["shown"]]
    assert doubts == sorted(doubts)
    assert {shown["name"]: bool(shown["picture"]) for shown in document["shown"]}["c.png"]
    confusions = dict(map(tuple, document["shown"][0]["models"]["enet"].get("confusions", [])) or [])
    assert all(0 < share < 1 for share in confusions.values())


def test_a_journal_keeps_what_was_written_and_drops_a_line_that_was_cut(tmp_path, records):
    journal = Journal(tmp_path)
    with journal.writing(SETTINGS) as writer:
        writer.add(records[0])
    with journal.path.open("a") as file:
        file.write('{"photo": "cut of')
    assert [record.photo for record in journal.records()] == ["a.png"]
    with journal.writing(SETTINGS) as writer:
        writer.add(records[1])
    assert [record.photo for record in journal.records()] == ["a.png", "b/a.png"]
    assert json.dumps(journal.records()[0].document()) == json.dumps(records[0].document())
    assert journal.settings() == SETTINGS


def test_a_name_that_is_no_unicode_is_kept(tmp_path):
    journal = Journal(tmp_path)
    with journal.writing(SETTINGS) as writer:
        writer.add(Record("bad\udcff.jpg", reason="no photo"))
    assert journal.records()[0].photo == "bad\udcff.jpg"
    comparison.report(tmp_path)
    assert "bad" in (tmp_path / results_csv.FILE).read_text()


def test_a_folder_that_is_no_report_says_how_to_make_one(tmp_path):
    with pytest.raises(UsageError, match="`tripane compare` makes one"):
        comparison.report(tmp_path)
    (tmp_path / "results.jsonl").write_text('{"models": {}}\n{"nothing": 1}\n')
    with pytest.raises(UsageError, match="damaged"):
        comparison.report(tmp_path)


@pytest.mark.parametrize(
    ("limit", "failures"),
    [("miou=0.99", 3), ("enet.miou=0.99", 1), ("miou=0.01", 0), ("agreement=1", 1), ("nobody.miou=0.1", 1)],
)
def test_a_gate_names_each_model_that_is_below(records, limit, failures):
    assert len(gates.parse(limit, scored=True).failures(summarise(SETTINGS, records))) == failures


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ("miou", "write it as"),
        ("miou=nan", "write it as"),
        ("miou=inf", "write it as"),
        ("speed=1", "not one of miou"),
        ("miou=0.5", "needs --truth"),
    ],
)
def test_an_invalid_gate_says_so(limit, message):
    with pytest.raises(UsageError, match=message):
        gates.parse(limit, scored=False)
