"""Run the real SAM CLI on the synthesized template and the images of `make images`.

python -m local.containers.sam invoke enet                     one call, of events/enet.json
python -m local.containers.sam invoke orchestrator --event events/orchestrator-health.json
python -m local.containers.sam start-api --port 3000           the API, with everything behind it

Starts an S3 stand-in with weights and samples, and for the orchestrator the model functions; stops them at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local import isolation, processes, s3
from local.containers import images, system
from local.containers.docker import docker
from local.expected import LocalError, in_a_sentence
from local.server import listen, port_number
from shared.contracts.card import load_cards
from shared.paths import ASSETS_DIR, ROOT

SAM = ROOT / "build" / "sam" / "bin" / "sam"
TEMPLATE = ROOT / "cdk.out" / "Tripane.template.json"
FOR_SAM = TEMPLATE.with_name("sam.template.json")
"""The template for sam, beside the other, since assets are found from there."""


class MissingError(LocalError):
    """The SAM CLI is not installed, or there is no template."""


@dataclass(frozen=True)
class Sam:
    """The SAM CLI, told where everything is.

    `logical_ids` are the functions' in the template by our names, `overrides` a file of environment variables,
    `network` the one on which containers reach this machine.
    """

    logical_ids: dict[str, str]
    overrides: Path
    network: str

    def command(self, action: str, *arguments: str) -> list[str]:
        """The command line of `sam local ACTION`."""
        files = ("--template", str(FOR_SAM), "--env-vars", str(self.overrides))
        return [str(SAM), "local", action, *arguments, *files, "--docker-network", self.network, "--skip-pull-image"]


def logical_ids(template: dict[str, Any]) -> dict[str, str]:
    """The logical id of each function in a synthesized template by the name of its image."""
    found = {}
    for logical_id, resource in template["Resources"].items():
        metadata = resource.get("Metadata", {})
        if "aws:asset:docker-build-args" in metadata:
            found[metadata["aws:asset:docker-build-args"].get("MODEL", images.ORCHESTRATOR)] = logical_id
    return found


def without_origin_secrets(template: dict[str, Any]) -> dict[str, Any]:
    """The template of an API that answers every caller: there is no CloudFront, and no secret can be resolved."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            resource["Properties"].get("Environment", {}).get("Variables", {}).pop("TRIPANE_ORIGIN_SECRETS", None)
    return template


@contextmanager
def prepared(*, with_models: bool) -> Iterator[Sam]:
    """What `sam local` needs, running; raises `MissingError`, `DockerError`, `ModelFileError`, `WarmupError`."""
    if not SAM.exists() or not TEMPLATE.exists():
        raise MissingError(f"{SAM if not SAM.exists() else TEMPLATE} is missing: `make sam synth` makes both.")
    template = json.loads(TEMPLATE.read_text(encoding="utf-8"))
    FOR_SAM.write_text(json.dumps(without_origin_secrets(template)), encoding="utf-8")
    ids, cards = logical_ids(template), load_cards()
    with ExitStack() as stack:
        network, host = stack.enter_context(bridge())
        address = stack.enter_context(s3.running(host))
        s3.seed(s3.client(address), cards.values(), ASSETS_DIR)
        overrides = {"TRIPANE_DATA_BUCKET": s3.BUCKET, "POWERTOOLS_METRICS_DISABLED": "true"}
        if with_models:
            emulate = partial(system.model, host=host)
            models = stack.enter_context(processes.running(cards.values(), address, emulate))
            overrides["TRIPANE_FUNCTIONS"] = processes.addresses(models)
        for name, logical_id in ids.items():
            tag_for_sam(name, logical_id, address)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "env.json").write_text(json.dumps({"Parameters": overrides}), encoding="utf-8")
        yield Sam(ids, folder / "env.json", network)


@contextmanager
def bridge() -> Iterator[tuple[str, str]]:
    """A network for sam's containers, which do not share the machine's loopback interface: its name, and this
    machine's address on it.
    """
    name = f"tripane-sam-{os.getpid()}"
    docker("network", "create", name)
    try:
        yield name, docker("network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", name)
    finally:
        if left := docker("ps", "--all", "--quiet", "--filter", f"network={name}").split():
            docker("rm", "--force", *left)  # sam leaves some when it is told to end
        docker("network", "rm", name)


def tag_for_sam(name: str, logical_id: str, s3_address: str) -> None:
    """Tag a function's image as sam looks for it, by the logical id. On top comes where S3 is, because sam sets only
    such variables as the template has.
    """
    variables = {"AWS_ENDPOINT_URL_S3": s3_address, "AWS_EC2_METADATA_DISABLED": "true"}
    variables |= isolation.past_proxies(str(urlsplit(s3_address).hostname))
    given = " ".join(f"{name}={json.dumps(value)}" for name, value in variables.items())
    dockerfile = f"FROM {images.tag(name)}\nENV {given}\n"
    with tempfile.TemporaryDirectory() as context:
        (Path(context) / "Dockerfile").write_text(dockerfile, encoding="ascii")
        docker("build", "--tag", logical_id.lower(), context)


def environment() -> dict[str, str]:
    """The environment for sam, which must not find a user's own credentials."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "DOCKER_HOST") if name in os.environ}
    return kept | isolation.AWS | {"SAM_CLI_TELEMETRY": "0"}


def invoke(name: str, event: Path) -> int:
    """One call of function `name`; prints the answer, and returns 1 when the function failed."""
    with prepared(with_models=name == images.ORCHESTRATOR) as sam:
        command = sam.command("invoke", sam.logical_ids[name], "--event", str(event))
        run = subprocess.run(command, env=environment(), stdout=subprocess.PIPE, text=True, check=False)
    print(run.stdout)
    try:
        answer = json.loads(run.stdout)
    except ValueError:
        return 1
    return 0 if answer.get("status") == "ok" or answer.get("statusCode", 500) < 500 else 1


def start_api(port: int) -> int:
    """Serve the API until interrupted; raises `PortError`."""
    listen(port).close()  # sam would find out once everything else runs
    with prepared(with_models=True) as sam:
        command = sam.command("start-api", "--port", str(port), "--warm-containers", "LAZY")
        with subprocess.Popen(command, env=environment(), start_new_session=True) as process:
            try:
                return process.wait()
            except KeyboardInterrupt:
                process.terminate()  # a shell in the background leaves SIGINT ignored
                return 0


@in_a_sentence
def main() -> int:
    """Parse the command line and do it; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m local.containers.sam",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(dest="action", required=True)
    invoking = actions.add_parser("invoke", help="one call of one function")
    invoking.add_argument("function", choices=images.names())
    invoking.add_argument("--event", type=Path, help="a JSON file (default: events/FUNCTION.json)")
    serving = actions.add_parser("start-api", help="serve the API until interrupted")
    serving.add_argument("--port", type=port_number, default=3000)
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # end in good order for both
    if arguments.action == "start-api":
        return start_api(arguments.port)
    return invoke(arguments.function, arguments.event or ROOT / "events" / f"{arguments.function}.json")


if __name__ == "__main__":
    raise SystemExit(main())
