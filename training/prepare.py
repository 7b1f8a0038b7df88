"""Get the data sets: CamVid and LabelMeFacade to train on, IDD-Lite to measure with.

    make data                                     clone the public repositories and make the sets of them
    make data ARGS="--from FOLDER --out OUT --yes"
    make data ARGS="--sets camvid labelmefacade"

Each set has terms of its own; they are shown, and nothing is taken before they are agreed to. --yes agrees to them all.
Writes SET/images/NAME.jpg, SET/labels/NAME.png and SET/dataset.json into data/ or $TRIPANE_DATA, each set whole or not
at all; one that is there already is left alone. --from takes git copies at hand, bare or not, as FOLDER/OWNER+NAME or
FOLDER/OWNER+NAME/repo. Which photos a set holds, and what to watch: training/data/sets/SET.json.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from training.data import datasets, repository, writing
from training.data.repository import SourceError
from training.data.sources import SOURCES
from training.data.writing import Description

SETS_DIR = Path(__file__).parent / "data" / "sets"


def described(name: str) -> Description:
    """What sets/NAME.json says of a set."""
    description: Description = json.loads((SETS_DIR / f"{name}.json").read_text(encoding="utf-8"))
    return description


def terms(name: str, description: Description) -> str:
    """A set, where it comes from and what it may be used for, for people."""
    return "\n".join(
        [
            f"{name}: {description['name']}",
            f"  from     {repository.FORGE}/{description['repository']} at {description['commit'][:12]}",
            f"  use      {description['use']}",
            f"  licence  {description['licence']}",
            f"  cite     {description['cite']}",
        ]
    )


def agreed(name: str, description: Description) -> bool:
    """Show a set's terms, and ask."""
    print(f"\n{terms(name, description)}")
    try:
        return input(f"Get {name} on these terms? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def make(name: str, description: Description, copies: Path | None, out: Path) -> None:
    """Make one set in `out`. Raises `SourceError` saying what is missing, and leaves nothing then."""
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix=".source-", dir=out) as scratch,
        repository.opened(description["repository"], description["commit"], copies, Path(scratch)) as source,
    ):
        folder = writing.write(name, description, source, out)
    print(f"{name}: {len(list((folder / 'images').iterdir()))} photos in {folder}")


def main() -> None:
    """Ask, then make what is not there yet; says at the end what could not be made."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="copies", type=Path, metavar="FOLDER", help="git copies to take the sets from")
    parser.add_argument("--out", type=Path, default=datasets.home(), help="where to (default: $TRIPANE_DATA or data/)")
    parser.add_argument("--sets", nargs="+", choices=SOURCES, default=list(SOURCES), help="only these")
    parser.add_argument("--yes", action="store_true", help="agree to the sets' terms without being asked")
    given = parser.parse_args()
    wanted, problems = {}, []
    for name in given.sets:
        description = described(name)
        try:
            if writing.is_whole(given.out / name, description):
                print(f"{name}: complete in {given.out / name}, left alone")
            else:
                wanted[name] = description
        except (SourceError, OSError) as error:
            problems.append(f"{name}: {error}")
    if wanted and not given.yes:
        if not sys.stdin.isatty():
            print("\n\n".join(terms(*one) for one in wanted.items()))
            sys.exit("Nothing was downloaded: these are the terms. --yes agrees to them; on a terminal you are asked.")
        wanted = {name: description for name, description in wanted.items() if agreed(name, description)}
    for name, description in wanted.items():
        try:
            make(name, description, given.copies, given.out)
        except (SourceError, OSError) as error:
            problems.append(f"{name}: {error}")
    if problems:
        sys.exit("\n".join(["", *problems]))


if __name__ == "__main__":
    main()
