"""Measure how fast Tripane is, everything side by side: `make bench`.

python -m local.bench                    all parts, at most 20 minutes: writes docs/performance.md and its pictures
python -m local.bench forward stages     these alone, into build/bench
python -m local.bench --quick            one round of each, into build/bench: shows that it works, and no more
python -m local.bench --name performance-avx2    all parts, beside what another kind of machine has measured
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local.bench import document, machine, plots
from local.bench.document import PARTS
from local.bench.quota import QuotaError
from local.bench.timing import Budget
from local.isolation import isolate
from shared.paths import DOCS_DIR, ROOT

MINUTES = 18.0
"""A run's time, of 20: the rest is for a last round that takes longer than those before, and for ending in order."""
TRIAL = ROOT / "build" / "bench"


def measured(names: list[str], minutes: float, *, quick: bool) -> dict[str, Any]:
    """The results of parts, each with its share of the time; a part that cannot be measured here says why."""
    began, found = time.perf_counter(), {}
    all_shares, share = sum(PARTS[name].SHARE for name in names), 0.0
    for name in names:
        share += PARTS[name].SHARE
        until = began + minutes * 60 * share / all_shares
        print(f"{PARTS[name].TITLE}, until minute {(until - began) / 60:.1f} …", file=sys.stderr, flush=True)
        try:
            found[name] = PARTS[name].measure(Budget(until, quick))
        except QuotaError as error:
            found[name] = {"left_out": str(error)}
        except Exception as error:  # one part's failure never costs the others, which took minutes
            traceback.print_exc()
            found[name] = {"left_out": f"it failed, {type(error).__name__}: {error}"}
    return found


def write(results: dict[str, Any], folder: Path, name: str) -> Path:
    """Write results, document and pictures, all under a name; returns the document's path."""
    folder.mkdir(parents=True, exist_ok=True)
    text = re.sub(r"\[\s+([-\d.,\s]+?)\s+\]", _on_one_line, json.dumps(_rounded(results), indent=1))
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    results = json.loads(text)  # the document is made of what the file holds
    path = folder / f"{name}.md"
    path.write_text(document.document(results, name), encoding="utf-8")
    plots.draw(results["parts"], folder / "images", name)
    return path


def _rounded(found: Any) -> Any:
    """Five digits of each number: more is noise."""
    if isinstance(found, dict):
        return {key: _rounded(value) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [_rounded(value) for value in found]
    return float(f"{found:.5g}") if isinstance(found, float) else found


def _on_one_line(numbers: re.Match[str]) -> str:
    return f"[{' '.join(numbers[1].split())}]"


def main() -> int:
    """Parse the command line, measure, write; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m local.bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="one round of each part")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="for all parts together (default: %(default)g)")
    parser.add_argument("--out", type=Path, help="folder (default: docs for a whole run, else build/bench)")
    parser.add_argument("--name", default=document.NAME, help="of the files that are written (default: %(default)s)")
    arguments = parser.parse_args()
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"  # before torch is imported: its threads spin while others take their turn
    isolate()
    began, about = time.perf_counter(), machine.described()
    if about["load_before"] > 0.5:
        print(f"The machine is busy (load {about['load_before']}): ratios hold, milliseconds do not.", file=sys.stderr)
    names = [name for name in PARTS if name in arguments.part] or list(PARTS)
    parts = measured(names, arguments.minutes, quick=arguments.quick)
    is_whole = len(names) == len(PARTS) and not arguments.quick
    words = [*arguments.part, *(["--quick"] if arguments.quick else [])]
    words += [f"--minutes {arguments.minutes:g}"] if arguments.minutes != MINUTES else []
    words += [f"--name {arguments.name}"] if arguments.name != document.NAME else []
    results: dict[str, Any] = {
        "command": " ".join(["make bench", *([f'ARGS="{" ".join(words)}"'] if words else [])]),
        "date": datetime.now(UTC).date().isoformat(),
        "seconds": round(time.perf_counter() - began),
        "machine": about,
        "parts": parts,
    }
    folder = arguments.out or (DOCS_DIR if is_whole else TRIAL)
    path = write(results, folder, arguments.name)
    print(f"{path}, after {results['seconds'] / 60:.1f} minutes")
    return int(any("left_out" in part for part in parts.values()))


if __name__ == "__main__":
    raise SystemExit(main())
