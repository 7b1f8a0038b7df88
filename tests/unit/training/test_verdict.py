"""The study of what foretells the best model."""

from __future__ import annotations

import csv
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from shared.contracts.card import load_cards
from shared.contracts.labels import CLASS_NAMES
from training.studies import verdict

FIELDS = ["photo", "model", "status", "agreement", "confidence", "pixel_accuracy", *(f"share_{c}" for c in CLASS_NAMES)]


def write(folder: Path, rows: list[dict]) -> Path:
    with (folder / "results.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, restval=0)
        writer.writeheader()
        writer.writerows(rows)
    return folder


def row(photo: str, model: str, right: float | str, confidence: float = 0.9, **more: object) -> dict:
    base = {"photo": photo, "model": model, "status": "done", "pixel_accuracy": right, "confidence": confidence}
    return base | {"agreement": 0.9, "share_building": 0.6, "share_road": 0.4} | more


def test_each_witness_is_asked_of_each_photo_with_truth(tmp_path: Path, monkeypatch, capsys):
    rows = [
        row("a", "enet", 0.8, 0.95),
        row("a", "swiftnet", 0.9),
        row("b", "enet", 0.85, 0.95),
        row("b", "swiftnet", 0.82),
        row("without truth", "enet", ""),
        row("without truth", "swiftnet", ""),
        row("alone", "enet", 0.9),
        row("failed", "enet", 0.9),
        row("failed", "swiftnet", 0.9, status="failed"),
    ]
    monkeypatch.setattr(sys, "argv", ["verdict", str(write(tmp_path, rows))])
    verdict.main()
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "2 photos"
    assert said[1] == "cards: names the best model on 50 % of them, else chooses one 3.0 points behind"
    assert said[2] == "confidence: names the best model on 50 % of them, else chooses one 10.0 points behind"


def test_models_of_which_no_card_tells_the_iou_are_left_out(tmp_path: Path, monkeypatch, capsys):
    """One was brought, its card has no figures; one was removed since."""
    cards = load_cards()
    document = {key: value for key, value in cards["enet"].document.items() if key != "figures"}
    monkeypatch.setattr(verdict, "load_cards", lambda: cards | {"brought": replace(cards["enet"], document=document)})
    rows = [
        *(row("a", model, 0.9) for model in ("brought", "enet", "removed", "swiftnet")),
        *(row("b", model, 0.9) for model in ("brought", "enet", "removed")),
    ]
    monkeypatch.setattr(sys, "argv", ["verdict", str(write(tmp_path, rows))])
    verdict.main()
    assert capsys.readouterr().out.startswith("1 photos\n")


def test_a_report_without_truth_ends_with_a_sentence(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setattr(
        sys, "argv", ["verdict", str(write(tmp_path, [row("a", "enet", ""), row("a", "swiftnet", "")]))]
    )
    with pytest.raises(SystemExit):
        verdict.main()
    assert "no photo has truth" in capsys.readouterr().err
