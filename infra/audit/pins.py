"""Base images by digest and workflow actions by commit, as they were read: `python -m infra.audit.pins`, `make pin`.

Reads each where it is kept, by docker and git, and writes what it read beside the tag. What cannot be read stays as it
is, and the command ends with 3. Nothing is ever written that was not read.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from shared.paths import ROOT

NOT_READ = 3
DIGEST = re.compile("sha256:[0-9a-f]{64}")
COMMIT = re.compile("[0-9a-f]{40}")
IMAGE = re.compile(r"(?<=^ARG BASE_IMAGE=)(?P<name>[\w./-]+:[\w.-]+)(?:@(?P<pin>\S+))?$", re.MULTILINE)
ACTION = re.compile(
    r"(?<=uses: )(?P<name>[\w.-]+/[\w.-]+)(?P<path>/\S+)?@(?:(?P<pin>[0-9a-f]{40}) # )?(?P<tag>v[\w.]+)$", re.MULTILINE
)


class PinError(Exception):
    """What is wanted could not be read; says why."""


class Pinned(NamedTuple):
    """Something that is named by tag, where it is named, and the digest or commit that it is held to, if any."""

    path: Path
    name: str
    pin: str | None


def places(root: Path = ROOT) -> Iterator[tuple[Path, re.Pattern[str], Callable[[re.Match[str]], str]]]:
    """The files in which something is named by tag: how, and how it is named once it was read."""
    for path in sorted((root / "functions").glob("*/Dockerfile")):
        yield path, IMAGE, lambda found: f"{found['name']}@{digest_of(found['name'])}"
    for path in sorted((root / ".github" / "workflows").glob("*.yml")):
        yield path, ACTION, _action


def pins(root: Path = ROOT) -> list[Pinned]:
    """Everything that is named by tag."""
    return [
        Pinned(path, found["name"] + (f"@{found['tag']}" if pattern is ACTION else ""), found["pin"])
        for path, pattern, _ in places(root)
        for found in pattern.finditer(path.read_text(encoding="utf-8"))
    ]


def pin(root: Path = ROOT) -> list[str]:
    """Write what can be read; why the rest could not be."""
    problems = []
    for path, pattern, named in places(root):

        def replaced(found: re.Match[str], named: Callable[[re.Match[str]], str] = named) -> str:
            try:
                return named(found)
            except PinError as error:
                problems.append(f"{found['name']}: {error}")
                return found[0]

        path.write_text(pattern.sub(replaced, path.read_text(encoding="utf-8")), encoding="utf-8")
    return problems


def _action(found: re.Match[str]) -> str:
    return f"{found['name']}{found['path'] or ''}@{commit_of(found['name'], found['tag'])} # {found['tag']}"


def digest_of(image: str) -> str:
    """The digest that the registry has for an image's tag. Raises `PinError`."""
    out = _read("docker", "buildx", "imagetools", "inspect", image, "--format", "{{json .Manifest}}")
    try:
        digest = str(json.loads(out)["digest"])
    except (ValueError, KeyError, TypeError) as error:
        raise PinError(f"the registry's answer is invalid: {out[:80]!r}") from error
    if not DIGEST.fullmatch(digest):
        raise PinError(f"{digest!r} is no digest")
    return digest


def commit_of(repository: str, tag: str) -> str:
    """The commit that a tag of an action's repository is; of an annotated tag, what it points to. Raises `PinError`."""
    out = _read("git", "ls-remote", f"https://github.com/{repository}", f"refs/tags/{tag}", f"refs/tags/{tag}^{{}}")
    refs = {name: commit for commit, name in (line.split("\t") for line in out.splitlines())}
    commit = refs.get(f"refs/tags/{tag}^{{}}") or refs.get(f"refs/tags/{tag}", "")
    if not COMMIT.fullmatch(commit):
        raise PinError(f"there is no tag {tag}")
    return commit


def _read(*command: str) -> str:
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    except FileNotFoundError as error:
        raise PinError(f"there is no {command[0]}") from error
    except subprocess.SubprocessError as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines() or ["no answer"]
        raise PinError(said[-1]) from error
    return run.stdout


def main() -> int:
    """Pin, and say what is pinned and what is not."""
    argparse.ArgumentParser(
        prog="python -m infra.audit.pins", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    problems = pin()
    for found in pins():
        print(f"{found.path.relative_to(ROOT)}: {found.name} is {found.pin or 'not pinned'}")
    for problem in problems:
        print(f"Not read: {problem}", file=sys.stderr)
    return NOT_READ if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
