"""Telling streets from other pictures."""

from __future__ import annotations

import numpy as np
import pytest

from training import fit_street
from training.data.strangers import CHOOSING, MADE, MEASURING, close_ups, library, strangers
from training.fit_street import auroc, fit, logistic


def clouds(count: int, shift: float) -> np.ndarray:
    return np.random.default_rng(int(shift)).normal((shift, 0, 5), (1, 2, 0.1), (count, 3))


def test_auroc_by_hand():
    assert auroc(np.array([3.0, 1.0]), np.array([2.0, 0.0])) == 0.75
    assert auroc(np.array([1.0]), np.array([1.0])) == 0.5


def test_the_limit_refuses_as_few_streets_as_it_is_to():
    streets, others = clouds(2000, 3), clouds(100, 0)
    street = fit(streets, others, "digest")
    refused = (streets @ street.weights + street.bias < 0).mean()
    assert refused == pytest.approx(fit_street.REFUSED, abs=0.001)
    assert (others @ street.weights + street.bias).mean() < (streets @ street.weights + street.bias).mean()
    assert abs(street.weights[0]) > 5 * abs(street.weights[1])


def test_both_sides_weigh_alike_however_many_they_are():
    rng = np.random.default_rng(0)
    statistics = np.r_[rng.normal(1, 1, (4000, 1)), rng.normal(-1, 1, (50, 1))]
    _, bias = logistic(statistics, np.arange(4050) < 4000, 0.01)
    assert bias == pytest.approx(0, abs=0.4)


def test_no_kind_is_both_chosen_and_measured_by():
    assert not set(CHOOSING) & set(MEASURING)
    assert set(MADE) < set(CHOOSING) | set(MEASURING)


@pytest.mark.parametrize("kind", sorted(MADE))
def test_each_kind_is_made_the_same_again_and_no_two_pictures_are_alike(kind):
    first, again, other = (MADE[kind](np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first.dtype == np.uint8
    assert first.ndim == 3
    assert first.std() > 2
    assert np.array_equal(first, again)
    assert first.shape != other.shape or not np.array_equal(first, other)


def test_close_ups_are_small_parts_enlarged():
    photo = np.random.default_rng(0).integers(0, 256, (240, 320, 3), np.uint8)
    (near,) = close_ups([photo])
    assert near.shape == (480, 640, 3)
    assert np.abs(np.diff(near.astype(int), axis=1)).mean() < np.abs(np.diff(photo.astype(int), axis=1)).mean() / 4


@pytest.fixture
def written(tmp_path, monkeypatch):
    """What goes into cards: the model, the command, and whether what was fitted is written by then."""
    found = []
    monkeypatch.setattr(fit_street, "pictures", lambda *_: (fit_street.Pictures({}, {}),) * 2)
    monkeypatch.setattr(fit_street, "seen", lambda *_: {"a": clouds(50, 3)})
    monkeypatch.setattr(fit_street, "FITTED", tmp_path / "street.json")
    monkeypatch.setattr(
        fit_street.cards,
        "add_figures",
        lambda name, figures: found.append((name, figures[0]["command"], fit_street.FITTED.exists())),
    )
    return found


def run(monkeypatch, *options: object) -> None:
    monkeypatch.setattr("sys.argv", ["fit_street", *map(str, options), "--write"])
    fit_street.main()


def test_a_card_says_what_was_typed_and_is_written_after_what_was_fitted(tmp_path, monkeypatch, written):
    monkeypatch.setenv("TRIPANE_DATA", str(tmp_path / "home"))
    usual = "python -m training.fit_street --library build/pictures --write"
    run(monkeypatch, "--library", "build/pictures", "--data", tmp_path / "home")
    assert written == [(name, usual, True) for name in ("enet", "fast_scnn", "swiftnet")]
    written.clear()
    run(monkeypatch, "--models", "enet", "--data", "elsewhere", "--samples", "some", "--library", "other")
    typed = "--models enet --data elsewhere --samples some --library other"
    assert written == [("enet", f"python -m training.fit_street {typed} --write", True)]


def test_without_a_library_nothing_is_written(monkeypatch, written, capsys):
    with pytest.raises(SystemExit):
        run(monkeypatch)
    assert not written
    assert "--write wants --library" in capsys.readouterr().err


def test_the_halves_of_a_library_share_no_picture(tmp_path):
    from PIL import Image

    folder = tmp_path / "lib" / "skimage" / "data"
    folder.mkdir(parents=True)
    for shade in range(6):
        Image.new("RGB", (80, 80), (40 * shade,) * 3).save(folder / f"{shade}.png")
    Image.new("RGB", (80, 80), (255,) * 3).save(folder / "rocket.jpg")
    shades = [{int(picture[0, 0, 0]) for picture in library(tmp_path, half)} for half in (0, 1)]
    assert shades == [{0, 80, 160}, {40, 120, 200}]
    assert len(strangers(("library",), tmp_path, [])["library"]) == 9
    assert strangers(("library",), None, []) == {}
