"""Run Lighthouse on the page: `python -m tests.browser.lighthouse [http://127.0.0.1:8080]`, on a machine at rest.

Without an address it serves the page with painted results itself.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass

from shared.paths import ROOT
from tests.browser import painted
from tests.browser.conftest import FLAGS
from tests.browser.install import executable
from tests.support.node import node

LIGHTHOUSE = ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
METRICS = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"]


@dataclass(frozen=True)
class Report:
    """Scores of 100 by category, titles of what failed (performance aside), metrics, and the machine's speed."""

    scores: dict[str, int]
    failures: list[str]
    metrics: dict[str, str]
    benchmark: float


def audit(url: str, categories: list[str], *options: str) -> Report:
    """Load the page as Lighthouse's slow phone does, and judge it."""
    command = [
        node() or "node",
        str(LIGHTHOUSE),
        url,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(categories)}",
        *options,
    ]
    command.append(f"--chrome-flags=--headless=new {FLAGS}")
    environment = os.environ | {"CHROME_PATH": executable() or ""}
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=environment)
    if done.returncode:
        raise RuntimeError(f"Lighthouse failed: {done.stderr[-2000:]}")
    found = json.loads(done.stdout)
    audits = found["audits"]
    judged = {
        reference["id"]
        for name, category in found["categories"].items()
        for reference in category["auditRefs"]
        if name != "performance" and reference["weight"] > 0
    }
    failed = [audits[each] for each in judged if audits[each]["score"] is not None and audits[each]["score"] < 1]
    return Report(
        scores={name: round(100 * category["score"]) for name, category in found["categories"].items()},
        failures=sorted(each["title"] for each in failed),
        metrics={name: audits[name]["displayValue"] for name in METRICS if name in audits},
        benchmark=found["environment"]["benchmarkIndex"],
    )


def main() -> None:
    """Print what Lighthouse says, for a phone and for a desktop."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?", help="of a running system (default: serve painted results)")
    url = parser.parse_args().url
    with ExitStack() as stack:
        address = url or stack.enter_context(painted.running(size=(2048, 1024))).url
        for device, options in (("phone", []), ("desktop", ["--preset=desktop"])):
            report = audit(address, CATEGORIES, *options)
            print(f"{device}: {report.scores}, {report.metrics}, machine {report.benchmark:.0f}", flush=True)
            for failure in report.failures:
                print(f"  {failure}")


if __name__ == "__main__":
    main()
