"""Which secrets CloudFront and the API share, and the deployments that exchange them.

python -m infra.tools.rotation             what is deployed, as the context value originSecrets has it
python -m infra.tools.rotation --steps     the values of the deployments that lead to another secret, in order
"""

from __future__ import annotations

import argparse
import sys

from botocore.exceptions import BotoCoreError, ClientError

from infra.settings import SettingsError, origin_secrets
from infra.tools.outputs import outputs

FIRST = "1"


def steps(deployed: str) -> list[str]:
    """From the state that is `deployed` to one of another secret alone; goes on with what was begun.

    Raises `SettingsError` for what is no state.
    """
    first, *rest = origin_secrets(deployed)
    if not rest:
        return [f"{first}+{first + 1}", f"{first + 1}+{first}", str(first + 1)]
    (other,) = rest
    return [str(first)] if first > other else [f"{other}+{first}", str(other)]


def main() -> int:
    """Print the state, or the steps."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.tools.rotation", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", action="store_true")
    wanted = parser.parse_args().steps
    try:
        deployed = outputs().get("OriginSecrets", FIRST)
    except (BotoCoreError, ClientError) as error:
        if "does not exist" not in str(error):  # refused or unreachable: it may be another secret than the first
            print(f"Which secret is deployed cannot be found out: {error}", file=sys.stderr)
            return 1
        if wanted:
            print(f"There is nothing deployed whose secret could be exchanged: {error}", file=sys.stderr)
            return 1
        deployed = FIRST
    try:
        print("\n".join(steps(deployed)) if wanted else deployed)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
