"""README's figures of the models are those of their cards."""

from __future__ import annotations

import re

import pytest

from shared.contracts.card import load_cards
from shared.paths import DOCS_DIR, ROOT

CARDS = load_cards()


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


@pytest.mark.parametrize("model", CARDS)
def test_the_figures_of_the_committed_weights_are_the_card_s(model):
    """Columns: IDD-Lite, held-out facades, samples, and the samples' mean IoU."""
    document = (DOCS_DIR / "training.md").read_text(encoding="utf-8")
    section = document[document.index("## Figures of the committed weights") :]
    (row,) = re.findall(rf"^\| {CARDS[model].title} \| (.*) \|$", section[: section.index("```")], re.MULTILINE)
    cells = [("pixel accuracy", data) for data in ("iddlite", "labelmefacade", "samples")] + [("mIoU", "samples")]
    assert row.split(" | ") == [f"{measured(model, *cell):.3f}" for cell in cells]
