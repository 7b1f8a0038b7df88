"""What Tripane costs on AWS: `python -m infra.tools.costs` prints docs/operations.md's table, `--help` says more."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import replace

from infra import prices
from infra.costs import MEASURED, SCENARIOS, Stack, Usage, monthly_usd
from infra.tools import tables


def table(cases: Mapping[str, tuple[int, float]], usage: Usage, stack: Stack) -> str:
    """A column for each case: comparisons a month, and the share of them that starts cold."""
    bills = {name: monthly_usd(count, replace(usage, cold=cold), stack) for name, (count, cold) in cases.items()}
    lines = [f"| US dollars a month | {' | '.join(bills)} |", "|---|" + "---:|" * len(bills)]
    for row in next(iter(bills.values())):
        lines.append(f"| {row} | {' | '.join(f'{bill[row]:,.2f}' for bill in bills.values())} |")
    lines.append(f"| **all** | {' | '.join(f'**{sum(bill.values()):,.2f}**' for bill in bills.values())} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Print the table, or write it."""
    parser = argparse.ArgumentParser(prog="python -m infra.tools.costs", description=__doc__)
    parser.add_argument("--comparisons", type=int, help="a month, instead of the three cases")
    parser.add_argument("--cold", type=float, default=MEASURED.cold, help="share of cold starts, with --comparisons")
    parser.add_argument("--architecture", choices=sorted(prices.LAMBDA_GB_SECOND), default="x86_64")
    parser.add_argument("--memory", type=int, default=Stack.model_mb, help="of a model function, MB")
    parser.add_argument("--provisioned", type=int, default=0, help="environments of each model that are kept ready")
    parser.add_argument("--snap-start", action="store_true")
    parser.add_argument("--ms", action="append", default=[], metavar="MODEL=MS", help="billed, warm: what you measured")
    parser.add_argument("--write", action="store_true", help="put the table of the three cases into docs/operations.md")
    arguments = parser.parse_args()
    try:
        measured = {name: float(ms) for name, _, ms in (given.partition("=") for given in arguments.ms)}
    except ValueError:
        print("--ms takes a model and milliseconds, such as enet=291", file=sys.stderr)
        return 2
    usage = replace(MEASURED, model_ms={**MEASURED.model_ms, **measured})
    stack = Stack(
        architecture=arguments.architecture,
        model_mb=arguments.memory,
        provisioned=arguments.provisioned,
        snap_start=arguments.snap_start,
    )
    cases = SCENARIOS
    if arguments.comparisons is not None:
        cases = {f"{arguments.comparisons:,} comparisons a month": (arguments.comparisons, arguments.cold)}
    if arguments.write:
        tables.put(table(SCENARIOS, usage, stack))
        return 0
    print(table(cases, usage, stack), end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
