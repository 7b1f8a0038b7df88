"""What a batch costs and takes: `python -m infra.tools.batch` prints the table of docs/operations.md."""

from __future__ import annotations

import argparse

from infra.batch_costs import STEP_MS, batch_hours, batch_usd
from infra.costs import Stack, billed_ms
from infra.tools import tables
from shared.contracts.deployment import MODEL_MEMORY_MB

COUNTS = (1000, 100_000, 1_000_000)
AT_ONCE = (1, 100, 166)
"""What an account's ten, and its thousand, executions at once allow by half for three models; and with no cap."""


def table(counts: tuple[int, ...], ms: dict[str, float], stack: Stack) -> str:
    """A column for each number of photos: US dollars by what they are for, and hours by photos at once."""
    bills = [batch_usd(count, ms, stack) for count in counts]
    lines = [f"| US dollars | {' | '.join(f'{count:,} photos' for count in counts)} |", "|---|" + "---:|" * len(counts)]
    lines += [f"| {row} | {' | '.join(f'{bill[row]:,.2f}' for bill in bills)} |" for row in bills[0]]
    lines.append(f"| **all** | {' | '.join(f'**{sum(bill.values()):,.2f}**' for bill in bills)} |")
    for at_once in AT_ONCE:
        hours = [f"{batch_hours(count, ms, at_once):,.2f}" for count in counts]
        lines.append(f"| hours, {at_once} at once | {' | '.join(hours)} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Print the table, or write it."""
    parser = argparse.ArgumentParser(prog="python -m infra.tools.batch", description=__doc__)
    parser.add_argument("photos", type=int, nargs="*", help="how many, instead of three cases")
    parser.add_argument("--memory", type=int, default=MODEL_MEMORY_MB, help="of a model function, MB")
    parser.add_argument("--write", action="store_true", help="put the table of the three cases into docs/operations.md")
    arguments = parser.parse_args()
    ms, _ = billed_ms(MODEL_MEMORY_MB)
    if arguments.write:
        tables.put(table(COUNTS, ms, Stack()))
        return 0
    print(table(tuple(arguments.photos) or COUNTS, ms, Stack(model_mb=arguments.memory)), end="")
    slowest = max(ms.values())
    print(f"\nA photo is worked on for {slowest:.0f} ms, the slowest model's, and {STEP_MS:.0f} ms of steps around it.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
