"""What the worst day costs for a limit: `python -m infra.tools.worst_day` prints the table of docs/operations.md."""

from __future__ import annotations

import argparse

from infra.costs import Stack
from infra.daily_limit import DailyLimit
from shared.contracts.card import load_cards

LIMITS = (5, 25, 50, 250)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m infra.tools.worst_day", description=__doc__)
    parser.add_argument("usd", type=int, nargs="*", help="limits, as dailyLimitUsd would be")
    parser.add_argument("--memory", type=int, default=Stack.model_mb, help="of a model function, MB")
    arguments = parser.parse_args()
    stack = Stack(model_mb=arguments.memory)
    limits = [DailyLimit(usd, len(load_cards()), stack) for usd in arguments.usd or LIMITS]
    rows = {
        "comparisons a second": [f"{limit.comparisons_per_second:g}" for limit in limits],
        "comparisons a day": [f"{limit.comparisons_per_second * 86400:,.0f}" for limit in limits],
        "function time in five minutes": [f"${limit.functions_usd:.4f}" for limit in limits],
        "egress in five minutes": [f"{limit.egress_bytes / 1e9:.2f} GB" for limit in limits],
        "functions run on for, at most": [f"${limit.functions_run_on_usd():.2f}" for limit in limits],
        "egress runs on for, at 1 Gbit/s": [f"${limit.egress_run_on_usd(1):.2f}" for limit in limits],
    }
    print(f"| `dailyLimitUsd` | {' | '.join(str(limit.usd) for limit in limits)} |")
    print("|---|" + "---:|" * len(limits))
    for name, values in rows.items():
        print(f"| {name} | {' | '.join(values)} |")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
