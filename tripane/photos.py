"""Photos in files and folders: what counts as one, what is skipped, and why the rest cannot be used."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Protocol

from PIL import Image

from shared.contracts.batch import SIDECARS, SUFFIXES
from shared.contracts.limits import MAX_FILE_BYTES, MAX_PIXELS
from tripane.errors import UsageError

PHOTO = {*SUFFIXES}
HEIC = {".heic", ".heif", ".hif"}
OTHER = {".avif", ".bmp", ".gif", ".jp2", ".jxl", ".tif", ".tiff"} | {".cr2", ".cr3", ".nef", ".arw", ".dng", ".raf"}
"""Pictures that are not accepted, and are listed with the reason; files with other endings are skipped."""


def too_large(size: int) -> str:
    """Why a file of `size` bytes is refused."""
    return f"the file has {size / 2**20:.0f} MiB; at most {MAX_FILE_BYTES // 2**20} are accepted"


class UnreadableError(Exception):
    """A file cannot be used as a photo; the message is the reason that its row gives."""


@dataclass(frozen=True)
class Photo:
    """A file, and the name by which a report knows it: its path below the folder that was given, with slashes."""

    path: Path
    name: str

    @cached_property
    def stamp(self) -> str:
        """What changes when the file does, without reading it: size and time of modification."""
        try:
            status = self.path.stat()
        except OSError:
            return "gone"
        return f"{status.st_size}-{status.st_mtime_ns}"

    def read(self) -> bytes:
        """The bytes of a JPEG, PNG or WebP; a HEIC is brought to one. Raises `UnreadableError`."""
        ending = self.path.suffix.lower()
        if ending in OTHER:
            raise UnreadableError(f"{ending[1:].upper()} is not accepted: JPEG, PNG, WebP and HEIC are")
        try:
            data = bounded(self.path)
        except OSError as error:
            raise UnreadableError(f"the file cannot be read: {error.strerror}") from error
        return _from_heic(data) if ending in HEIC else data


def bounded(path: Path) -> bytes:
    """The bytes of an untrusted file; raises `OSError` and `UnreadableError`.

    A device or a pipe is not even opened: it may have no end, or never begin.
    """
    if not stat.S_ISREG((status := path.stat()).st_mode):
        raise UnreadableError("it is not a file but a device, a pipe or a folder")
    if status.st_size > MAX_FILE_BYTES:
        raise UnreadableError(too_large(status.st_size))
    with path.open("rb") as file:
        data = file.read(MAX_FILE_BYTES + 1)  # it may have grown, or tell no size, as in /proc
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableError(too_large(len(data)))
    return data


class Readable(Protocol):
    """A photo of a report, wherever it is stored: its name, a stamp that changes when it does, and its bytes.

    `read` raises `UnreadableError`.
    """

    @property
    def name(self) -> str: ...
    @property
    def stamp(self) -> str: ...
    def read(self) -> bytes: ...


def suffix_of(name: str) -> str:
    """The ending of a file's name, in lower case."""
    return PurePosixPath(name).suffix.lower()


def find(given: Iterable[Path]) -> tuple[Path, list[Photo]]:
    """The photos in the files and folders given, in order of name, and the folder that their names start from.

    Hidden files, sidecars and files that are no pictures are passed over, and so are hidden folders and reports.
    Raises `UsageError` for a path that is not there, or when there is no photo at all.
    """
    paths = [absolute(path) for path in given]
    if missing := [path for path in paths if not path.exists()]:
        raise UsageError(f"{missing[0]} does not exist.")
    try:
        root = Path(os.path.commonpath([path if path.is_dir() else path.parent for path in paths]))
    except ValueError as error:
        raise UsageError("The photos are on several drives: compare those of one drive at a time.") from error
    found = {file for path in paths for file in (_walk(path) if path.is_dir() else [path])}
    photos = [Photo(file, file.relative_to(root).as_posix()) for file in found]
    if not photos:
        raise UsageError(f"No photo was found in {', '.join(map(str, paths))}: JPEG, PNG, WebP and HEIC are accepted.")
    return root, sorted(photos, key=lambda photo: photo.name)


def absolute(path: Path) -> Path:
    """A path that names of photos can start from: where it climbs (`..`), links on its way are followed."""
    return path.resolve() if ".." in path.parts else path.absolute()


def _walk(folder: Path) -> Iterator[Path]:
    for directory, folders, files in os.walk(folder):
        here = Path(directory)
        folders[:] = [name for name in folders if not name.startswith(".") and not is_report(here / name)]
        for name in files:
            ending = Path(name).suffix.lower()
            if ending in PHOTO | HEIC | OTHER and not name.startswith(".") and not name.lower().endswith(SIDECARS):
                yield here / name


def is_report(folder: Path) -> bool:
    """Whether a folder is a report, whose pictures are not photos."""
    return (folder / "results.jsonl").is_file()


def _from_heic(data: bytes) -> bytes:
    try:
        import pillow_heif
    except ImportError as error:
        raise UnreadableError("reading HEIC needs pillow-heif: pip install pillow-heif") from error
    try:
        heif = pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
        if heif.size[0] * heif.size[1] > MAX_PIXELS:
            raise UnreadableError(f"the photo has more than {MAX_PIXELS // 1_000_000} megapixels")
        image = heif.to_pillow()
    except (MemoryError, UnreadableError):
        raise
    except Exception as error:  # decoders raise whatever their authors thought of
        raise UnreadableError("the HEIC cannot be decoded: it is truncated, corrupt, or another file") from error
    return _lossless(image)


def _lossless(image: Image.Image) -> bytes:
    """The picture as PNG, which every later step reads; without EXIF, as it is upright by now."""
    out = BytesIO()
    image.convert("RGB").save(out, "PNG", compress_level=0, icc_profile=image.info.get("icc_profile"), exif=b"")
    return out.getvalue()
