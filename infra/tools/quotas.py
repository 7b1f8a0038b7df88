"""The stack beside the quotas of a new account: `python -m infra.tools.quotas` prints docs/operations.md's table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infra.app import create_app
from infra.quotas import table
from infra.settings import STACK


def as_markdown(template: Mapping[str, Any]) -> str:
    """The table; sizes, which change with every word, as a share of what is allowed, in steps of a tenth."""
    lines = ["| what | the stack has | a new account allows |", "|---|---:|---:|"]
    for what, count, most in table(template):
        shown = f"under {count * 10 // most * 10 + 10} %" if what.startswith("bytes") else str(count)
        lines.append(f"| {what} | {shown} | {most:,} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Synthesize, and print it."""
    with TemporaryDirectory() as folder:
        create_app(outdir=folder).synth()
        template = json.loads((Path(folder) / f"{STACK}.template.json").read_text(encoding="utf-8"))
    print(as_markdown(template), end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
