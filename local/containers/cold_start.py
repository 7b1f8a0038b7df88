"""Measure a cold start by stage in the real image: `python -m local.containers.cold_start enet --runs 7`

Prints the median of each stage over fresh containers with Lambda's share of processors. `--without-bytecode` keeps
Python from using the compiled files of the image, to see what they save.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys

from local.containers import images
from local.containers.docker import DockerError, docker
from shared.contracts.card import load_cards
from shared.contracts.deployment import MODEL_MEMORY_MB, cpus

# Runs in the container, in the order of functions/segmenter/start.py, one stage after the other; without weights.
STAGES = """
import sys, time
sys.path.insert(0, "/var/task")
from functions.segmenter.process import age_ms
stages, last = {"Python": age_ms()}, time.perf_counter()
def done(stage):
    global last
    now = time.perf_counter()
    stages[stage], last = (now - last) * 1000, now
import boto3, pathlib
boto3.client("s3", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y"); done("S3 client")
import torch; done("import torch")
from functions.segmenter import segmenter
from shared import telemetry
from shared.contracts.card import load_card
from shared.inference.network import build, optimise
done("other imports")
network = optimise(build(load_card(pathlib.Path("/var/task/functions/models") / sys.argv[1]))); done("build network")
with torch.inference_mode():
    network.coarse(torch.zeros(1, 3, 256, 512).contiguous(memory_format=torch.channels_last))
done("first forward")
import json; print(json.dumps(stages))
"""


def main() -> int:
    """Parse the command line, measure, print; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m local.containers.cold_start",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("model", choices=list(load_cards()))
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--without-bytecode", action="store_true")
    arguments = parser.parse_args()
    options = ["--rm", "--read-only", "--tmpfs", "/tmp", "--user", "65534:65534"]  # noqa: S108 - the container's own
    options += ["--cpus", str(cpus(MODEL_MEMORY_MB))]
    if arguments.without_bytecode:
        options += ["--env", "PYTHONPYCACHEPREFIX=/nowhere"]
    options += ["--entrypoint", "python3", images.tag(arguments.model), "-c", STAGES, arguments.model]
    try:
        runs = [json.loads(docker("run", *options)) for _ in range(arguments.runs)]
    except DockerError as error:
        print(error, file=sys.stderr)
        return 1
    for stage in runs[0]:
        print(f"{stage:16}{statistics.median(run[stage] for run in runs):8.0f} ms")
    print(f"{'all':16}{statistics.median(sum(run.values()) for run in runs):8.0f} ms")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
