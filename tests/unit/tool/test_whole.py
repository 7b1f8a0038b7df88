"""A report's files are there whole or not at all."""

from __future__ import annotations

import pytest

from tripane.whole import whole


def test_a_file_appears_when_it_is_whole(tmp_path):
    path = tmp_path / "results.csv"
    with whole(path) as file:
        file.write("photo,\udcff\n")
        assert not path.exists()
    assert path.read_bytes() == rb"photo,\udcff" + b"\n"
    assert list(tmp_path.iterdir()) == [path]


def half(path):
    with whole(path) as file:
        file.write("half of")
        raise KeyboardInterrupt


def test_what_an_error_cuts_short_leaves_the_old_file(tmp_path):
    path = tmp_path / "index.html"
    path.write_text("the last report", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        half(path)
    assert path.read_text(encoding="utf-8") == "the last report"
