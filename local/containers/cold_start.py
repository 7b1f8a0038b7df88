"""Measure a cold start by stage in the real image: `python -m local.containers.cold_start enet --runs 7`

Prints the median of each stage, as `functions.segmenter.start` times them, over fresh containers with Lambda's share of
CPUs. `--without-bytecode` keeps Python from using the compiled files of the image, to see what they save.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Mapping

from local import processes, s3
from local.containers import images
from local.containers.docker import docker
from local.expected import in_a_sentence
from shared.contracts.card import load_cards
from shared.contracts.deployment import MODEL_MEMORY_MB, cpus
from shared.paths import ASSETS_DIR


def stages(model: str, env: Mapping[str, str]) -> dict[str, float]:
    """Milliseconds of each stage of one start; raises `DockerError`."""
    options = ["--rm", "--read-only", "--tmpfs", "/tmp", "--user", "65534:65534", "--cpus", str(cpus(MODEL_MEMORY_MB))]  # noqa: S108
    options += ["--network", "host", *(word for name, value in env.items() for word in ("--env", f"{name}={value}"))]
    # What Lambda's init phase is: the import of the handler.
    command = ["--entrypoint", "python3", images.tag(model), "-c", "import functions.segmenter.handler"]
    printed: dict[str, dict[str, float]] = json.loads(docker("run", *options, *command).splitlines()[-1])
    return printed["start_ms"]


def table(runs: list[dict[str, float]]) -> str:
    """The median of each stage, and of all of them together."""
    rows = {stage: statistics.median(run[stage] for run in runs) for stage in runs[0]}
    rows["all"] = statistics.median(sum(run.values()) for run in runs)
    return "\n".join(f"{stage:24}{ms:8.0f} ms" for stage, ms in rows.items())


@in_a_sentence
def main() -> int:
    """Parse the command line, measure, print; returns the exit status."""
    cards = load_cards()
    parser = argparse.ArgumentParser(
        prog="python -m local.containers.cold_start",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("model", choices=list(cards))
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--without-bytecode", action="store_true")
    arguments = parser.parse_args()
    with s3.running() as address:
        s3.seed(s3.client(address), [cards[arguments.model]], ASSETS_DIR)
        env = processes.environment(address) | {"TRIPANE_TIME_START": "1"}
        if arguments.without_bytecode:
            env["PYTHONPYCACHEPREFIX"] = "/nowhere"
        runs = [stages(arguments.model, env) for _ in range(arguments.runs)]
    print(table(runs))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
