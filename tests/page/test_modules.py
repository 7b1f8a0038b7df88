"""The page's pure modules, tested by node's own runner where there is a node."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.mark.skipif(not shutil.which("node"), reason="the page's modules are tested by node, which is not here")
def test_the_modules_pass_their_tests_in_node():
    tests = sorted(map(str, Path(__file__).parent.glob("*.test.js")))
    assert tests
    done = subprocess.run(["node", "--test", *tests], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
