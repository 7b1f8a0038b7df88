"""Can a class have this colour? If not (exit code 1), which is the nearest that it can have?

python -m tests.palette tree "#2e8b57"    # a colour of your choice
python -m tests.palette tree              # the one that shared/contracts/labels.py has now
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

from shared.contracts.labels import CLASS_NAMES, CLASSES, Colour
from tests.palette.colour_vision import SIGHTS, oklab
from tests.palette.rules import confused, nearest


def main() -> int:
    """Say whether the colour passes, what it is confused with, and what to write instead; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", metavar="CLASS", choices=CLASS_NAMES, help=", ".join(CLASS_NAMES))
    parser.add_argument("colour", nargs="?", type=colour, help='sRGB, such as "#2e8b57"')
    arguments = parser.parse_args()
    palette = {label.name: label.distinct for label in CLASSES}
    now = palette.pop(arguments.name)
    wish = arguments.colour or now
    alike = {sight: confused([wish], list(palette.values()), sight)[0] for sight in SIGHTS}
    if not np.any(list(alike.values())):
        print(f"{arguments.name} can be {written(wish)}")
        return 0
    print(f"{arguments.name} cannot be {written(wish)}. It looks too much like:")
    for sight, near in alike.items():
        if near.any():
            names = ", ".join(name for name, one in zip(palette, near, strict=True) if one)
            print(f"  with {sight} vision: {names}")
    print("Looking for the nearest colour that passes, a minute or two at most ...", file=sys.stderr)
    propose(arguments.name, wish, palette)
    return 1


def propose(name: str, wish: Colour, others: dict[str, Colour]) -> None:
    """Print the nearest free colour and, where another class has a nearer one, that the two can be exchanged."""
    proposal = nearest(wish, list(others.values()))
    if proposal is None:
        print("The other classes leave no colour free.")
    else:
        print(f"The nearest that it can be is {written(proposal)}")
    other = min(others, key=lambda name: distance(wish, others[name]))
    if proposal is None or distance(wish, others[other]) < distance(wish, proposal):
        print(f"Nearer is {other}'s, {written(others[other])}: {name} and {other} can exchange theirs.")


def distance(one: Colour, other: Colour) -> float:
    """How different two colours look, in OKLab."""
    return float(np.linalg.norm(oklab(one, SIGHTS["normal"]) - oklab(other, SIGHTS["normal"])))


def colour(text: str) -> Colour:
    """The colour that "#2e8b57" stands for."""
    try:
        red, green, blue = bytes.fromhex(text.removeprefix("#"))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f'a colour is six hexadecimal digits, such as "#2e8b57"; this is {text!r}'
        ) from None
    return red, green, blue


def written(colour: Colour) -> str:
    """A colour in hexadecimal, as shared/contracts/labels.py has it, and, in a terminal, painted."""
    patch = "\x1b[48;2;{};{};{}m      \x1b[0m ".format(*colour) if sys.stdout.isatty() else ""
    return f"{patch}#{bytes(colour).hex()} {colour}"


if __name__ == "__main__":
    sys.exit(main())
