"""README's figures of the models, and the results page, are those of their cards."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from PIL import Image

from shared.paths import ROOT
from tests.support.shipped import CARDS
from training import results


def measured(model: str, metric: str, data: str) -> float:
    (value,) = (
        figure["value"]
        for figure in CARDS[model].document["figures"]
        if (figure["metric"], figure["data"]) == (metric, data)
    )
    return float(value)


@pytest.mark.parametrize("model", CARDS)
def test_the_table_in_readme_is_the_card_s(model):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (row,) = re.findall(rf"^\| .*functions/models/{model}/network\.py\).*$", readme, re.MULTILINE)
    card = CARDS[model].document
    *_, parameters, gmacs, accuracy, _ = (cell.strip() for cell in row.split("|"))
    assert parameters == f"{card['parameters'] / 1e6:.2f} M"
    assert gmacs == f"{card['gmacs']:.2f}"
    assert accuracy == f"{measured(model, 'pixel accuracy', 'iddlite'):.1%}".replace("%", " %")


def test_the_results_page_is_what_the_cards_say():
    written = results.DOCUMENT.read_text(encoding="utf-8")
    assert written == results.document(CARDS.values()), "run: python -m training.results"


def test_a_card_without_a_figure_is_named():
    card = CARDS["enet"]
    bare = replace(card, document=card.document | {"figures": card.document["figures"][:3]})
    with pytest.raises(KeyError, match="ENet's card has no pixel accuracy on iddlite"):
        results.document([bare])


def test_the_first_picture_moves_and_is_no_larger_than_3_mb():
    first = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))[0]
    with Image.open(ROOT / first) as picture:
        assert getattr(picture, "n_frames", 1) > 10
    assert (ROOT / first).stat().st_size <= 3_000_000
