"""Command-line options that all rendering commands have."""

from __future__ import annotations

import argparse
import os

from scenes.output import Quality


def add_quality(parser: argparse.ArgumentParser, size: str, samples: int) -> None:
    """Add --size, --samples and --threads."""
    parser.add_argument("--size", type=_size, default=_size(size), help=f"pixels (default: {size})")
    parser.add_argument("--samples", type=_positive, default=samples, help=f"paths a pixel (default: {samples})")
    threads = os.cpu_count() or 1
    parser.add_argument("--threads", type=_positive, default=threads, help=f"(default: all, {threads})")


def quality(options: argparse.Namespace) -> Quality:
    """What the options of `add_quality` say."""
    return Quality(options.size, options.samples, options.threads)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"at least 1, not {number}")
    return number


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal()) or not (32 <= int(width) <= 8192 and 32 <= int(height) <= 8192):
        raise argparse.ArgumentTypeError(f"two numbers of pixels from 32 to 8192 such as 640x360, not {text!r}")
    return int(width), int(height)
