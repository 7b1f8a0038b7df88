"""The classes' colours."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from shared.contracts.labels import CLASSES, LabelClass
from shared.paths import PAGE_DIR
from tests.palette import __main__ as palette
from tests.palette.colour_vision import SIGHTS, ciede2000
from tests.palette.rules import OPACITY, confused, free, nearest

PALETTE = {label.name: label.distinct for label in CLASSES}
SOME = {"road": (150, 152, 151), "tree": (77, 218, 142), "fence": (8, 14, 22)}
"""A palette to ask about that passes, whatever the classes' own is."""


@pytest.fixture
def asked(monkeypatch, capsys):
    """What `python -m tests.palette` answers of a class and a colour in that palette: exit code and text."""
    monkeypatch.setattr(palette, "CLASSES", [LabelClass(name, name, (0, 0, 0), SOME[name]) for name in SOME])

    def ask(name, colour):
        monkeypatch.setattr("sys.argv", ["palette", name, "#" + bytes(colour).hex()])
        return palette.main(), capsys.readouterr().out

    return ask


@pytest.mark.parametrize("sight", SIGHTS)
def test_any_two_classes_are_told_apart_on_any_photo_by_every_colour_vision(sight):
    assert len(PALETTE) == 11
    alike = confused(list(PALETTE.values()), list(PALETTE.values()), sight)
    for (one, name), (other, another) in combinations(enumerate(PALETTE), 2):
        assert not alike[one, other], (
            f"with {sight} vision {name} and {another} look too alike: give one another `distinct` colour; "
            f"`python -m tests.palette {name}` proposes the nearest that passes"
        )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((121, 131, 193), (78, 155, 105)),  # too near in OKLab alone
        ((21, 7, 221), (141, 65, 156)),  # in CIEDE2000 alone
        ((121, 131, 193), (143, 191, 37)),  # a mask of the one over a photo is nearer to the other in the legend
    ],
)
def test_colours_that_somebody_confuses_are_found(one, other):
    assert any(confused([one], [other], sight).all() for sight in SIGHTS)


def test_distances_are_those_of_the_formulas_authors():
    # Pairs 1, 7, 9, 13, 17 and 25 of their supplementary test data.
    for one, other, distance in (
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
        ((50, -0.001, 2.49), (50, 0.0009, -2.49), 4.8045),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ):
        assert ciede2000(one, other) == pytest.approx(distance, abs=1e-4)


@pytest.mark.parametrize("name", ["tree", "car"])
def test_a_colour_that_passes_is_its_own_proposal(name):
    assert nearest(PALETTE[name], [colour for label, colour in PALETTE.items() if label != name]) == PALETTE[name]


def test_a_proposed_colour_passes_and_nothing_on_the_way_to_it_does(asked):
    wish, others = (72, 204, 137), [SOME["road"], SOME["fence"]]
    proposal = nearest(wish, others)
    assert proposal != wish
    assert len(free(np.array([proposal], float), others)) == 1
    assert not len(free(np.linspace(wish, proposal, 12)[:-1].round(), others))
    code, out = asked("tree", wish)
    assert code == 1
    assert "tree cannot be #48cc89 (72, 204, 137)" in out
    assert "with deuteranopia vision: road\n" in out
    assert f"The nearest that it can be is #{bytes(proposal).hex()} {proposal}" in out
    assert "exchange" not in out
    assert asked("tree", proposal) == (0, f"tree can be #{bytes(proposal).hex()} {proposal}\n")


def test_a_colour_nearer_to_one_that_is_taken_is_had_by_an_exchange(asked):
    code, out = asked("tree", SOME["fence"])
    assert code == 1
    assert "Nearer is fence's, #080e16 (8, 14, 22): tree and fence can exchange theirs." in out


def test_masks_are_laid_on_photos_as_the_test_has_it():
    state = (PAGE_DIR / "modules" / "state.js").read_text(encoding="utf-8")
    assert f"opacity: {OPACITY}," in state
    assert 'palette: "distinct"' in state
