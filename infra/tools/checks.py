"""Hold the template to cfn-lint, with its serverless rules, and to checkov: `make checks`.

Prints findings that have no reason in infra/exceptions.py, and reasons for what is not found; ends with 1 for either.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from infra.exceptions import CFN_LINT, CHECKOV, Meant
from infra.settings import STACK
from shared.paths import ROOT

TEMPLATE = ROOT / "cdk.out" / f"{STACK}.template.json"
CHECKOV_COMMAND = ROOT / ".venv-checkov" / "bin" / "checkov"
Finding = tuple[str, str]
"""A rule, and the logical id of what breaks it."""


def cfn_lint(template: Path) -> set[Finding]:
    """What cfn-lint and its serverless rules find in a template."""
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--format", "json"]
    report = _run([*command, "--append-rules", "cfn_lint_serverless.rules", "--", str(template)])
    found: list[dict[str, Any]] = json.loads(report or "[]")
    return {(match["Rule"]["Id"], _resource(match, template)) for match in found}


def checkov(template: Path) -> set[Finding]:
    """What checkov finds in a template."""
    options = ["--framework", "cloudformation", "--skip-download", "--quiet", "--compact", "--output", "json"]
    report = json.loads(_run([str(CHECKOV_COMMAND), "--file", str(template), *options]))
    return {(found["check_id"], found["resource"].rpartition(".")[2]) for found in report["results"]["failed_checks"]}


def unexplained(found: Iterable[Finding], meant: Sequence[Meant]) -> list[str]:
    """Findings without a reason, and reasons without a finding, in words."""
    found = set(found)
    without = [
        f"{rule} on {resource}"
        for rule, resource in sorted(found)
        if not any(_is_meant(m, rule, resource) for m in meant)
    ]
    stale = [
        f"{m.rule} is no longer found on {p}"
        for m in meant
        for p in m.resources
        if not any(_matches(m.rule, p, f) for f in found)
    ]
    return without + stale


def _is_meant(meant: Meant, rule: str, resource: str) -> bool:
    return any(_matches(meant.rule, pattern, (rule, resource)) for pattern in meant.resources)


def _matches(rule: str, pattern: str, finding: Finding) -> bool:
    return finding[0] == rule and fnmatchcase(finding[1], pattern)


def _resource(match: dict[str, Any], template: Path) -> str:
    """The logical id that a match of cfn-lint is about: of its path, or the one that its message begins with."""
    path = match["Location"].get("Path") or []
    if len(path) > 1 and path[0] == "Resources":
        return str(path[1])
    names = json.loads(template.read_text(encoding="utf-8"))["Resources"]
    return next((word for word in match["Message"].split() if word in names), "")


def _run(command: Sequence[str]) -> str:
    """What a checker prints; it ends with other than 0 when it finds something."""
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if not run.stdout.strip() and run.returncode:
        raise RuntimeError(f"{command[0]} ended with {run.returncode}: {run.stderr}")
    return run.stdout


def main() -> int:
    """Check the template of `make synth`."""
    argparse.ArgumentParser(prog="python -m infra.tools.checks", description=__doc__).parse_args()
    wrong = [f"cfn-lint: {words}" for words in unexplained(cfn_lint(TEMPLATE), CFN_LINT)]
    wrong += [f"checkov: {words}" for words in unexplained(checkov(TEMPLATE), CHECKOV)]
    print("\n".join(wrong) or "Everything that cfn-lint and checkov find has its reason, and every reason its finding.")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
