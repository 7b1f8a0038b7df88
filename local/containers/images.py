"""Build the images of all functions and say how large they are: `python -m local.containers.images`.

Debian and the packages come from the internet. If `make base-image` has made a base image, that is taken instead,
and packages come from wheels/, which is filled with this machine's pip: nothing in the build needs the internet
then but Debian's package mirror.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import subprocess
import sys
import time
from dataclasses import dataclass

from local.containers import layers
from local.containers.docker import DockerError, docker
from local.expected import in_a_sentence
from shared.contracts.card import load_card, load_cards
from shared.inference.model import engine_name, engine_of
from shared.paths import MODELS_DIR, ROOT

WHEELS = ROOT / "wheels"
BASE = "tripane-base"
ORCHESTRATOR = "orchestrator"
REQUIREMENTS = (
    "functions/requirements.txt",
    "functions/segmenter/requirements.txt",
    "functions/orchestrator/requirements.txt",
)
WITH_TORCH = ("requirements-torch.txt", "functions/segmenter/with_torch/requirements.txt")
PLATFORMS = {"x86_64": "linux/amd64", "aarch64": "linux/arm64", "arm64": "linux/arm64"}


@dataclass(frozen=True)
class Image:
    """A built image: its tag, its size uncompressed, how long the build took."""

    tag: str
    megabytes: float
    seconds: float


def names() -> list[str]:
    """The functions that have an image: one for each model, and the orchestrator."""
    return [*load_cards(), ORCHESTRATOR]


def tag(name: str) -> str:
    """The tag of a function's image."""
    return f"tripane-{name}"


def build(name: str) -> Image:
    """Build the image of function `name`; raises `DockerError` with the end of the build's log."""
    kind = ORCHESTRATOR if name == ORCHESTRATOR else "segmenter"
    arguments = []
    if kind == "segmenter":
        arguments += [
            "--build-arg",
            f"MODEL={name}",
            "--build-arg",
            f"ENGINE={engine_of(load_card(MODELS_DIR / name))}",
        ]
    if has_base():
        fill_wheels()
        arguments += ["--build-arg", f"BASE_IMAGE={BASE}", "--build-arg", "PIP_NO_INDEX=1"]
    arguments += ["--platform", PLATFORMS[platform.machine()]]
    began = time.monotonic()
    docker("build", "--file", f"functions/{kind}/Dockerfile", "--tag", tag(name), *arguments, str(ROOT))
    seconds = time.monotonic() - began
    return Image(tag(name), int(docker("image", "inspect", "--format", "{{.Size}}", tag(name))) / 1e6, seconds)


def has_base() -> bool:
    """Whether `make base-image` has made a base image."""
    return bool(docker("images", "--quiet", BASE))


def fill_wheels() -> None:
    """Download what the images install into wheels/, once for each change of the requirements; raises `DockerError`."""
    lists = REQUIREMENTS + (WITH_TORCH if engine_name() == "torch" else ())
    wanted = hashlib.sha256(b"".join((ROOT / path).read_bytes() for path in lists)).hexdigest()
    stamp = WHEELS / "filled.sha256"
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    for old in WHEELS.glob("*.whl"):
        old.unlink()
    print("Downloading what the images install into wheels/ …", file=sys.stderr)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    for path in lists:  # one by one: torch's index serves torch alone
        wheels_for_image = ["--python-version", "3.11", "--only-binary", ":all:", "--dest", str(WHEELS)]
        command = [*pip, *wheels_for_image, "--requirement", str(ROOT / path)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode:
            raise DockerError(f"what {path} lists cannot be downloaded:\n{run.stderr[-4000:].strip()}")
    stamp.write_text(wanted, encoding="ascii")


def entry(name: str) -> list[str]:
    """The program that an image runs."""
    config = json.loads(docker("image", "inspect", "--format", "{{json .Config}}", tag(name)))
    return [*config["Entrypoint"], *config["Cmd"]]


@in_a_sentence
def main() -> int:
    """Build, and print a table."""
    parser = argparse.ArgumentParser(
        prog="python -m local.containers.images",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", nargs="*", metavar="NAME", help=f"one of {', '.join(names())} (default: all)")
    parser.add_argument("--compressed", action="store_true", help="measure the compressed size too (slow)")
    arguments = parser.parse_args()
    chosen = arguments.name or names()
    print(f"{'image':22}{'MB':>8}{'build':>10}")
    for name in chosen:
        image = build(name)
        print(f"{image.tag:22}{image.megabytes:8.0f}{image.seconds:8.1f} s", flush=True)
    if arguments.compressed:
        print(f"\n{'image':22}{'MB compressed':>18}")
        for image_tag, content in layers.read(map(tag, chosen)).items():
            print(f"{image_tag:22}{sum(layer.compressed for layer in content) / 1e6:18.0f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
