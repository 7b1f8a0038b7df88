"""The process of a `function.Function`: starts as Lambda's does, then answers each line, an event, with a line."""

from __future__ import annotations

import json
import sys


def main() -> None:
    """Start, which prints the milliseconds of that by stage, then answer."""
    from functions.segmenter.handler import SEGMENTER

    for line in sys.stdin:
        print(json.dumps(SEGMENTER.answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
