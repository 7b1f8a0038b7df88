"""Lighthouse on the real page: what it says that does not depend on how busy the machine is.

`python -m tests.browser.lighthouse` runs all of it, performance too, on a machine that has nothing else to do.
"""

from __future__ import annotations

import pytest

from tests.browser.install import executable
from tests.browser.lighthouse import LIGHTHOUSE, audit
from tests.support.node import node

pytestmark = pytest.mark.browser


@pytest.mark.skipif(not LIGHTHOUSE.exists() or node() is None, reason="Lighthouse is not here: `npm ci`")
def test_accessibility_best_practices_and_search_have_nothing_to_mend(painted):
    if executable() is None:
        pytest.skip("there is no Chromium")
    report = audit(painted.url, ["accessibility", "best-practices", "seo"])
    assert report.failures == []
    assert report.scores == {"accessibility": 100, "best-practices": 100, "seo": 100}
