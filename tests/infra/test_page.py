"""The page as it is published."""

from __future__ import annotations

import re

import pytest

from infra.constructs.deployed_files import collect_model_files, collect_page_files
from infra.constructs.fingerprint import publish
from shared import page_files
from shared.contracts.card import load_cards
from shared.model_files import ModelFileError
from shared.paths import ASSETS_DIR, PAGE_DIR

INDEX = (
    '<link href="style.css"><script src="js/a.js"></script><a href="/v1/docs"><a href="https://example.org/style.css">'
)


@pytest.fixture
def published(tmp_path):
    """Publish a page of these files; gives index.html and the other files by name."""

    def run(**files: str):
        page, rest = (tmp_path / name for name in ("page", "rest"))
        for folder in (page / "js", rest):
            folder.mkdir(parents=True, exist_ok=True)
        for old in rest.rglob("*.*"):
            old.unlink()
        (page / "index.html").write_text(INDEX, encoding="utf-8")
        (page / "style.css").write_text(files.get("style", ""), encoding="utf-8")
        (page / "js" / "a.js").write_text(files.get("script", ""), encoding="utf-8")
        _, index = publish(page, rest)
        names = sorted(path.relative_to(rest).as_posix() for path in rest.rglob("*.*"))
        return index, names

    return run


def test_the_index_names_its_files_by_their_content_and_nothing_else_changes(published):
    index, names = published()
    version = names[0].partition("/")[0]
    assert re.fullmatch("[0-9a-f]{16}", version)
    assert names == [f"{version}/js/a.js", f"{version}/style.css"]
    assert index == INDEX.replace('"style.css', f'"{version}/style.css').replace('"js/', f'"{version}/js/')


def test_a_change_of_any_file_changes_the_name_and_no_change_does_not(published):
    assert published() == published()
    names = {published(**files)[1][0] for files in ({}, {"style": "a"}, {"script": "a"}, {"style": "b"})}
    assert len(names) == 4


def test_the_real_page_refers_to_published_files_only(tmp_path):
    version, index = publish(PAGE_DIR, tmp_path / "files")
    assert (tmp_path / "files" / version / "modules" / "sample.js").is_file()
    references = [r for r in re.findall(r'(?:href|src)="([^"#]+)"', index) if not r.startswith(("/", "http"))]
    assert len(references) >= 3
    for reference in references:
        assert (tmp_path / "files" / reference).is_file()


def test_files_that_are_missing_or_not_the_cards_are_refused(tmp_path):
    card = next(iter(load_cards().values()))
    with pytest.raises(ModelFileError, match="is missing"):
        collect_model_files([card], tmp_path, tmp_path / "out")
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / f"{card.name}.safetensors").write_bytes(b"other")
    with pytest.raises(ModelFileError, match="names another"):
        collect_model_files([card], tmp_path, tmp_path / "out")


def test_models_files_are_copied_under_their_names_in_the_bucket(tmp_path):
    cards = load_cards()
    collect_model_files(cards.values(), ASSETS_DIR, tmp_path)
    assert len(list(tmp_path.rglob("*.safetensors"))) == len(cards)
    assert {path.stem for path in tmp_path.rglob("*.onnx")} >= {c.networks_sha256[c.precision] for c in cards.values()}


@pytest.mark.skipif(not page_files.ENGINE_DIR.is_dir(), reason="the engine is not installed: `make node_modules`")
def test_what_runs_networks_in_a_browser_is_published_with_its_licence(tmp_path):
    cards = load_cards()
    collect_page_files(cards.values(), ASSETS_DIR, tmp_path)
    engine = tmp_path / "engine" / page_files.engine_version()
    assert (engine / "ort-wasm-simd-threaded.wasm").read_bytes().startswith(b"\0asm")
    assert "MIT License" in (engine / "LICENSE").read_text(encoding="utf-8")
    assert len(list((tmp_path / "networks").glob("*.onnx"))) == len(cards)
