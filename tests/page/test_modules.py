"""The page's files: its pure modules, tested by node's own runner where there is a node, and what all must keep to."""

from __future__ import annotations

import gzip
import re
import subprocess
from pathlib import Path

import pytest

from shared.contracts.problems import KINDS
from shared.paths import PAGE_DIR
from tests.support.node import node

MODULES = sorted(PAGE_DIR.glob("modules/**/*.js"))
MOST_BYTES = 50_000
"""Limit of the first view: what comes when a tab or a dialog is opened does not count."""


def needed(*entries: str) -> set[Path]:
    """Modules and all that they import when they are loaded, not what they ask for later by `import()`."""
    found: set[Path] = set()
    todo = [PAGE_DIR / "modules" / entry for entry in entries]
    while todo:
        module = todo.pop()
        found.add(module)
        imports = re.findall(r"(?:import|from)\s+\"(\.[^\"]+)\"", module.read_text(encoding="utf-8"))
        todo += [path for name in imports if (path := (module.parent / name).resolve()) not in found]
    return found


@pytest.mark.skipif(node() is None, reason="the page's modules are tested by node, which is not here")
def test_the_modules_pass_their_tests_in_node():
    tests = sorted(map(str, Path(__file__).parent.glob("*.test.js")))
    assert tests
    done = subprocess.run([node() or "node", "--test", *tests], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_scripts_are_small_as_they_are_sent():
    """Each file of the first view gzipped by itself, the worker's too, comments and all."""
    first = needed("main.js", "pixels/worker.js")
    modules = PAGE_DIR / "modules"
    assert not {path.relative_to(modules).as_posix() for path in first} & {"panel/models.js", "here/engine.js"}
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in first) <= MOST_BYTES


def test_nothing_is_inline_and_nothing_comes_from_elsewhere():
    html = (PAGE_DIR / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html)
    for path in [*PAGE_DIR.glob("**/*.html"), *PAGE_DIR.glob("**/*.css"), *MODULES]:
        addresses = re.findall(
            r"(?:src|href|url\(|from|import\()\s*=?\s*[\"'(]?(https?:)?//", path.read_text(encoding="utf-8")
        )
        assert not addresses, path


def test_the_page_says_what_to_do_about_every_kind_of_problem():
    advice = (PAGE_DIR / "modules" / "advice.js").read_text(encoding="utf-8")
    assert set(re.findall(r'^  "?([a-z-]+)"?: ', advice, re.MULTILINE)) == set(KINDS)


def test_every_id_is_one_elements_alone():
    ids = re.findall(r'\sid="([^"]+)"', (PAGE_DIR / "index.html").read_text(encoding="utf-8"))
    assert len(ids) == len(set(ids))


def test_every_module_that_the_page_needs_is_fetched_at_once():
    """Else each import would wait for the file that names it."""
    html = (PAGE_DIR / "index.html").read_text(encoding="utf-8")
    preloaded = {PAGE_DIR / address for address in re.findall(r'rel="modulepreload" href="([^"]+)"', html)}
    assert preloaded == needed("main.js") - {PAGE_DIR / "modules" / "main.js"}
