"""Find a Chromium for the browser tests, or bring one: `python -m tests.browser.install`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def executable() -> str | None:
    """The path of a Chromium that is there: the system's, else Playwright's own; None when there is none."""
    if system := next(filter(None, map(shutil.which, NAMES)), None):
        return system
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def main() -> int:
    """Install a browser if there is none; never fails, since every other test runs without one."""
    if found := executable():
        print(f"Browser tests will use {found}")
        return 0
    print("No Chromium on this machine: fetching one for the browser tests.")
    ways = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if shutil.which("apt-get") and os.geteuid() == 0:
        apt = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
        subprocess.run([*apt, "update"], check=False, stdout=subprocess.DEVNULL)
        ways.insert(0, [*apt, "install", "-y", "--no-install-recommends", "chromium"])
    for way in ways:
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        if subprocess.run(way, check=False, stdout=subprocess.DEVNULL, env=quiet).returncode == 0 and executable():
            return 0
    print(
        "No browser could be installed, so the browser tests will be skipped. Install Chromium with your package\n"
        "manager, or run `.venv/bin/python -m playwright install --with-deps chromium`, then `make test` again."
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
