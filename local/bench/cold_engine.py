"""A process's way to its first answer with one engine: `python -m local.bench.cold_engine onnx swiftnet int8`.

Prints a line of JSON: milliseconds by stage from the process's start on, and the most memory it held, in MB.
"""

from __future__ import annotations

import json
import sys

from functions.segmenter import process
from shared.stopwatch import Stopwatch


def main() -> None:
    """Import, load, run once."""
    name, model, precision = sys.argv[1:]
    watch = Stopwatch()
    watch.timings_ms["Python"] = process.age_ms()
    with watch.stage("numpy, cards"):
        import numpy as np

        from local.bench import engines
        from shared.contracts.card import load_cards

        card = load_cards()[model]
    with watch.stage("import engine"):
        if name == "openvino":
            import openvino  # noqa: F401 - its import is what is timed
        else:
            from shared.inference.model import engine

            engine(name)
    with watch.stage("read and load"):
        loaded = engines.load(name, card, precision)
    with watch.stage("first pass"):
        loaded.run(np.zeros((1, 3, 512, 1024), np.float32))
    print(json.dumps({"ms": watch.timings_ms, "peak_mb": process.peak_memory_mb()}))


if __name__ == "__main__":
    main()
