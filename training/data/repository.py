"""Files of a public git repository at one commit, from a local copy of it, or fetched."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

FORGE = "https://github.com"


class SourceError(Exception):
    """What a source lacks, in a sentence."""


class Repository:
    """The files of one commit, read from git's own store, so that a bare copy serves as well as a checkout."""

    def __init__(self, git_dir: Path, name: str, commit: str) -> None:
        """`name` is OWNER/NAME, for messages. Raises `SourceError` when the copy lacks the commit."""
        self.name, self.commit = name, commit
        self._git = ("git", f"--git-dir={git_dir}")
        listing = subprocess.run([*self._git, "ls-tree", "-r", "-z", commit], capture_output=True, check=False)
        if listing.returncode:
            raise SourceError(
                f"{git_dir} has not the commit {commit} of {name} ({listing.stderr.decode().strip()}): "
                f"git -C {git_dir} fetch {FORGE}/{name} {commit}"
            )
        self._blobs: dict[str, str] = {}
        for row in filter(None, listing.stdout.decode("utf-8", "surrogateescape").split("\0")):
            meta, path = row.split("\t", 1)
            _, kind, digest = meta.split()
            if kind == "blob":
                self._blobs[path] = digest
        self._reader = subprocess.Popen(
            [*self._git, "cat-file", "--batch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def close(self) -> None:
        self._reader.kill()
        self._reader.communicate()

    def __contains__(self, path: str) -> bool:
        return path in self._blobs

    def folder(self, path: str) -> list[str]:
        """Names of the files right in a folder, in order."""
        under = f"{path}/"
        return sorted(p[len(under) :] for p in self._blobs if p.startswith(under) and "/" not in p[len(under) :])

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises `SourceError` when the copy lacks them, or has others."""
        digest = self._blobs.get(path)
        if digest is None:
            raise SourceError(f"{self.name} has no file {path} at commit {self.commit}")
        assert self._reader.stdin is not None  # noqa: S101 - for the type checker
        assert self._reader.stdout is not None  # noqa: S101
        try:
            self._reader.stdin.write(f"{digest}\n".encode())
            self._reader.stdin.flush()
            head = self._reader.stdout.readline().split()
        except BrokenPipeError:
            head = []
        if len(head) != 3:
            raise SourceError(f"the copy of {self.name} is incomplete: git cannot read {path} (object {digest}) there")
        data = self._reader.stdout.read(int(head[2]) + 1)[:-1]
        # Git believes what lies in its packs; this costs nothing beside decoding a picture.
        if hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest() != digest:
            raise SourceError(f"{path} in the copy of {self.name} is not what commit {self.commit} holds ({digest})")
        return data


def local_copy(folder: Path, name: str) -> Path:
    """The git folder of the copy of `name` that lies in `folder` as OWNER+NAME or OWNER+NAME/repo, bare or not.

    Raises `SourceError` when there is none.
    """
    base = folder / name.replace("/", "+")
    for place in (base / "repo", base):
        for git_dir in (place / ".git", place):
            if git_dir.is_file() or (git_dir / "HEAD").is_file():
                return git_dir
    raise SourceError(f"no git copy of {name} in {folder}: looked for {base} and {base / 'repo'}, bare or not")


def fetch(name: str, commit: str, git_dir: Path) -> None:
    """Fetch one commit of a public repository, without its history, into a new bare copy; git shows how far it is.

    Raises `SourceError` when it cannot be had.
    """
    url = f"{FORGE}/{name}"
    quietly = os.environ | {"GIT_TERMINAL_PROMPT": "0"}  # a repository that is gone is no reason to ask for a password
    for step in (["init", "--quiet", "--bare"], ["fetch", "--depth=1", "--no-tags", "--progress", url, commit]):
        if subprocess.run(["git", f"--git-dir={git_dir}", *step], env=quietly, check=False).returncode:
            raise SourceError(
                f"{url} could not be fetched: git says why above. Where it is out of reach, --from takes local copies"
            )


@contextmanager
def opened(name: str, commit: str, copies: Path | None, scratch: Path) -> Iterator[Repository]:
    """A repository at a commit, from `copies`, or fetched into the folder `scratch` while there are none."""
    if copies is None:
        git_dir = scratch / "source.git"
        fetch(name, commit, git_dir)
    else:
        git_dir = local_copy(copies, name)
    with closing(Repository(git_dir, name, commit)) as repository:
        yield repository
