"""Folders, files, answers, reports that mean harm: one photo's trouble stays its own, and nothing leads elsewhere."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import struct
import zlib
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import httpx
import numpy as np
import pytest
from PIL import Image

from shared.chance import table as chances
from tests.support import api
from tests.support.photos import png_header
from tests.unit.tool.conftest import photo
from tests.unit.tool.test_client import Wire
from tripane import cli, job, remote, report_page, results_csv
from tripane.cli import words
from tripane.client import Client
from tripane.errors import UsageError
from tripane.export import FORMS, export
from tripane.job import Asked
from tripane.journal import Journal, Settings
from tripane.photos import Photo, UnreadableError, find
from tripane.plain import plain
from tripane.received_maps import BROKEN, from_pngs
from tripane.records import Answer, Record
from tripane.summary import summarise
from tripane.truth import mapping
from tripane.truth.label_map import TruthError, read

CHANCE, OWN = chances.load(), mapping.load("tripane")
NAMES = [
    "=cmd|' calc'!A0.jpg",
    "+1.jpg",
    "-1.jpg",
    "@sum(1).jpg",
    "\tindented.jpg",
    "two\nlines.jpg",
    "\x1b[31mred\x1b]0;title\x07.jpg",
    "\u202egpj.exe.jpg",
    "<img src=x onerror=alert(1)>.jpg",
    "<!--<script>.jpg",
    os.fsdecode(b"no text \xff.jpg"),
    "{data}.jpg",
    "[red]x[blue].jpg",
    "%s{0}.jpg",
    '"quoted",.jpg',
]
LONG = "a" * 251 + ".jpg"
SETTINGS = Settings(models={"enet": "1", "fast_scnn": "2", "swiftnet": "3"}, folder="/photos/{data}")


def run(path: Path, models, out: Path | None = None, name: str | None = None, truth: Path | None = None) -> Record:
    asked = Asked(Photo(path, name or path.name), out=out, truth=truth)
    return job.run(asked, partial(job.ask, models), CHANCE, OWN)


@pytest.fixture
def folder(tmp_path):
    """Photos under every name."""
    data = photo(tmp_path / "a.png").read_bytes()
    (tmp_path / "photos").mkdir()
    for name in NAMES:
        (tmp_path / "photos" / name).write_bytes(data)
    return tmp_path / "photos"


@pytest.fixture
def report(tmp_path, folder, models):
    """A report of them, and of two that cannot be read."""
    (folder / "\x1b[2Jbroken.jpg").write_bytes(b"no photo")
    out = tmp_path / "report"
    with Journal(out).writing(SETTINGS) as writer:
        for each in find([folder])[1]:
            writer.add(run(each.path, models, out, each.name))
    return out


def test_whatever_a_file_is_called_it_is_reported(report):
    settings, records = Journal(report).settings(), Journal(report).records()
    assert {record.photo for record in records if not record.reason} == set(NAMES)
    summary = summarise(settings, records)
    results_csv.write(report, records, settings.models, scored=False)
    report_page.write(report, summary, records)
    text = (report / report_page.FILE).read_text(encoding="utf-8")
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert {each["name"] for each in json.loads(data)["shown"]} == set(NAMES)
    assert text.count("<script") == 2
    assert "<title>Tripane · {data}</title>" in text
    assert "<img src=x" not in text


def test_a_folder_whose_name_is_no_text_is_reported(tmp_path, report):
    records = Journal(report).records()
    settings = Settings(models=SETTINGS.models, folder=os.fsdecode(b"/photos/\xff"))
    report_page.write(report, summarise(settings, records), records)
    assert "Tripane · \\udcff" in (report / report_page.FILE).read_text(encoding="utf-8")


def test_no_cell_of_the_table_is_a_formula(report):
    records = Journal(report).records()
    records.append(Record("x.jpg", reason="=1+1", answers={"enet": Answer(reason="@sum(1)")}))
    results_csv.write(report, records, SETTINGS.models, scored=False)
    with (report / results_csv.FILE).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    texts = [row[column] for row in rows for column in ("photo", "model", "reason")]
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]
    assert {"./+1.jpg", "./=cmd|' calc'!A0.jpg", "'=1+1"} <= set(texts)
    assert "./two\nlines.jpg" not in texts, "other names stay as they are"
    assert all(float(row["confidence"]) >= 0 for row in rows if row["status"] == "done")


def test_a_terminal_is_told_nothing_that_it_would_obey(report, capsys):
    summary = summarise(SETTINGS, Journal(report).records())
    summary["models"][0]["title"] = "\x1b[1mBold"
    said = words.summary(summary, report)
    assert "\\x1b[2Jbroken.jpg: " in said
    assert not [each for each in said if not each.isprintable() and each != "\n"]
    assert plain("a\nb\u202e\udcff é 街") == r"a\nb\u202e\udcff é 街"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (UsageError("\x1b[31m\udcff does not exist."), r"tripane: \x1b[31m\udcff does not exist."),
        (OSError(errno.ENOSPC, "No space left"), "tripane: The disk is full."),
    ],
)
def test_the_command_ends_with_a_sentence(monkeypatch, capsys, error, said):
    def fail() -> None:
        raise error

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith(said)


@pytest.mark.parametrize("form", FORMS)
def test_whatever_a_file_is_called_it_is_exported(tmp_path, report, form):
    assert export(report, form, tmp_path / "out") == len(NAMES)
    for path in (tmp_path / "out").glob("*.xml"):
        ElementTree.parse(path)
    for path in (tmp_path / "out").glob("*.json"):
        json.loads(path.read_text(encoding="utf-8"))


def test_a_name_too_long_for_a_report_costs_its_own_row(tmp_path, models):
    data = photo(tmp_path / "a.png").read_bytes()
    (tmp_path / LONG).write_bytes(data)
    record = run(tmp_path / LONG, models, tmp_path / "report")
    assert record.reason == "its maps cannot be written: File name too long"
    assert record.answers == {}


def test_a_full_disk_ends_the_run(tmp_path, models, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left")

    monkeypatch.setattr(job, "_write", full)
    with pytest.raises(OSError, match="No space left"):
        run(photo(tmp_path / "a.png"), models, tmp_path / "report")


def test_a_photo_for_which_there_is_no_memory_says_so(tmp_path, models, monkeypatch):
    monkeypatch.setattr(job, "open_image", lambda _: (_ for _ in ()).throw(MemoryError))
    assert run(photo(tmp_path / "a.png"), models).reason == "there is not enough memory for it"


@pytest.mark.parametrize("kind", ["device", "pipe", "folder", "nothing", "loop", "grown"])
def test_what_is_no_file_is_not_waited_for(tmp_path, models, monkeypatch, kind):
    path = tmp_path / "a.jpg"
    match kind:
        case "device":
            path.symlink_to("/dev/zero")
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "nothing":
            path.symlink_to("/nowhere")
        case "loop":
            path.symlink_to(path)
        case _:  # says that it is empty, and is not
            path.write_bytes(bytes(1000))
            monkeypatch.setattr("tripane.photos.MAX_FILE_BYTES", 999)
            told = os.stat_result((*path.stat()[:6], 0, *path.stat()[7:]))
            monkeypatch.setattr(Path, "stat", lambda *_, **__: told)
    with pytest.raises(UnreadableError):
        Photo(path, "a.jpg").read()
    assert run(path, models).reason
    png = path.rename(tmp_path / "a.png") if kind in {"device", "pipe", "folder"} else None
    if png:
        with pytest.raises(TruthError, match="a device, a pipe or a folder"):
            read(png, OWN, (64, 64), (64, 64))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


HEAD = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 3, 0, 0, 0))
PROFILE = chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(2**20)))
ROWS = chunk(b"IDAT", zlib.compress((b"\0" + b"\x7f" * 64) * 64)) + chunk(b"IEND", b"")
LABEL_MAPS = {
    "no palette": HEAD + ROWS,
    "many profiles": HEAD + PROFILE * 2 + ROWS,
    "many chunks": HEAD + chunk(b"teXt", b"") * 20_000 + ROWS,
    "20,000 px across": png_header(20_000, 20_000),
    "text that inflates": HEAD + chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(10**8))) + ROWS,
    "no bytes": b"",
    "a JPEG": b"\xff\xd8\xff\xe0",
}


@pytest.mark.parametrize("name", LABEL_MAPS)
def test_a_label_map_that_means_harm_costs_the_score_alone(tmp_path, models, name):
    (tmp_path / "a.labels.png").write_bytes(LABEL_MAPS[name])
    record = run(photo(tmp_path / "a.png", (64, 64)), models, truth=tmp_path / "a.labels.png")
    assert record.reason is None
    assert record.truth_reason.startswith("a.labels.png")
    assert record.answers["enet"].done


@pytest.mark.parametrize("name", ["/etc/a.jpg", "../a.jpg", "b/../../a.jpg", "", "."])
def test_no_name_leads_out_of_a_report(tmp_path, models, name):
    path = photo(tmp_path / "in" / "a.png")
    asked = Asked(SimpleNamespace(name=name, stamp="1", read=path.read_bytes), out=tmp_path / "deep/er/report")
    record = job.run(asked, partial(job.ask, models), CHANCE)
    assert record.reason == "its name leads out of the report's folder"
    assert not [found for found in tmp_path.rglob("*") if found.is_file() and found != path]


@pytest.mark.parametrize(
    "change",
    [
        {"photo": "../../../escaped"},
        {"photo": "/tmp/escaped"},
        {"answers": {"../../x": {}}},
    ],
)
def test_a_report_that_leads_elsewhere_is_damaged(tmp_path, change):
    good = Record("a.jpg", "1", size=(8, 8), upright=(8, 8), answers={"enet": Answer(confidence=1.0)})
    with Journal(tmp_path / "report").writing(SETTINGS) as writer:
        writer.line(good.document() | change)
    with pytest.raises(UsageError, match="damaged"):
        export(tmp_path / "report", "png", tmp_path / "a/b/c/out")


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_a_figure_of_a_report_that_is_no_number_ends_it_there(tmp_path, word):
    with Journal(tmp_path).writing(SETTINGS) as writer:
        writer.add(Record("a.jpg", "1", size=(8, 8)))
    with (tmp_path / "results.jsonl").open("a") as file:
        file.write(json.dumps(Record("b.jpg", "1").document()).replace('"stamp": "1"', f'"all_agree": {word}') + "\n")
    assert [record.photo for record in Journal(tmp_path).records()] == ["a.jpg"]


def png(mode: str, size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, "PNG")
    return out.getvalue()


LABELS, CONFIDENCE = png("P", (16, 8)), png("L", (4, 2))
MAPS = {
    "another size": (png("P", (8, 16)), CONFIDENCE),
    "another mode": (png("RGB", (16, 8)), CONFIDENCE),
    "none": (b"", CONFIDENCE),
    "20,000 px across": (png_header(20_000, 20_000), CONFIDENCE),
    "confidence of colours": (LABELS, png("RGB", (4, 2))),
    "confidence larger than the map": (LABELS, png("L", (17, 8))),
    "confidence of 20,000 px": (LABELS, png_header(20_000, 20_000)),
    "a GIF": (b"GIF89a" + bytes(100), CONFIDENCE),
    "no palette": (HEAD + ROWS, CONFIDENCE),
    "many chunks": (LABELS[:33] + chunk(b"teXt", b"") * 20_000 + LABELS[33:], CONFIDENCE),
}


@pytest.mark.parametrize("name", MAPS)
def test_maps_from_elsewhere_are_held_to_their_size_before_they_are_decoded(name):
    record = Record("a.jpg", size=(16, 8), answers={"enet": Answer(), "swiftnet": Answer()})
    answers = from_pngs({"enet": MAPS[name], "swiftnet": (LABELS, CONFIDENCE)}, record)
    assert answers.models == ["swiftnet"]
    assert answers.labels.shape == (1, 8, 16)
    assert record.answers["enet"].reason == BROKEN
    assert record.answers["swiftnet"].done


def test_maps_of_a_size_that_no_result_has_are_not_decoded():
    record = Record("a.jpg", size=(2049, 8), answers={"enet": Answer()})
    assert from_pngs({"enet": (png("P", (2049, 8)), CONFIDENCE)}, record).models == []


class Lying(Wire):
    """The API, but for what `lie` makes of each document."""

    def __init__(self, app, lie) -> None:
        super().__init__(app)
        self.lie = lie

    def handle_request(self, request):
        answer = super().handle_request(request)
        if "json" not in answer.headers["content-type"]:
            return answer
        return httpx.Response(answer.status_code, text=self.lie(answer.read().decode()))


@pytest.mark.parametrize(
    ("find_", "put", "reason"),
    [
        (r'"confidence":[0-9.]+', '"confidence":NaN', "its answer cannot be read"),
        (r'"confidence":[0-9.]+', '"confidence":"=1"', "its answer cannot be read"),
        (r'"timings_ms":\{', '"timings_ms":null,"x":{', "its answer cannot be read"),
        (r'"result_size":\{"width":\d+', '"result_size":{"width":20000', BROKEN),
        (r'"result_size":\{"width":\d+', '"result_size":{"width":"wide"', BROKEN),
        (r'"models":\{', '"models":[],"x":{', None),
        (r"^\{", "[{}],{", None),
        (r"^.*$", "[]", None),
    ],
)
def test_a_system_that_lies_costs_its_own_answers(tmp_path, monkeypatch, find_, put, reason):
    with api.world() as made:
        wire = Lying(made.app, lambda text: re.sub(find_, put, text, flags=re.DOTALL))
        monkeypatch.setattr(remote, "Client", lambda url: Client(url, transport=wire))
        asked = Asked(Photo(photo(tmp_path / "a.png"), "a.png"))
        record = job.run(asked, remote.ready("http://tripane", ["enet"]), CHANCE)
    assert (record.reason or "").startswith("the system's answer is not one of Tripane's") == (reason is None)
    if reason:
        assert {answer.reason for answer in record.answers.values()} == {reason}


def test_the_answers_of_networks_that_say_nothing_are_numbers(tmp_path, models):
    """NaN from one's own network is no NaN in a report."""
    models[0].engine.run = lambda pixels: np.full((1, 11, *pixels.shape[2:]), np.nan, np.float32)
    record = run(photo(tmp_path / "a.png"), models)
    json.dumps(record.document(), allow_nan=False)
