"""Where models are kept: those that come with Tripane, and the user's own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from shared.contracts.card import CardError, load_cards
from shared.paths import ASSETS_DIR, MODELS_DIR, ROOT
from tripane.errors import UsageError

VARIABLE = "TRIPANE_MODELS"
FOLDER = "tripane-models"
_CHECKOUT = ("functions/models", "assets/networks", "cdk.json")


@dataclass(frozen=True)
class Home:
    """A folder of models, and the folder of assets in whose `networks/` their files lie."""

    models: Path
    assets: Path

    @classmethod
    def below(cls, folder: Path) -> Home:
        """That of a folder of the user's own."""
        return cls(folder / "models", folder)

    @classmethod
    def of_checkout(cls, root: Path) -> Home | None:
        """That of a checkout, if `root` is one."""
        return cls(root / "functions/models", root / "assets") if all((root / p).exists() for p in _CHECKOUT) else None

    @property
    def is_served(self) -> bool:
        """Whether `make run` serves these models: they are a checkout's."""
        return self == Home.of_checkout(self.assets.parent)


SHIPPED = Home(MODELS_DIR, ASSETS_DIR)


def own(folder: Path | None = None) -> Home:
    """Where the user's own models are: in `folder` or $TRIPANE_MODELS; else in the checkout that Tripane runs from, or
    that the current folder is in; else in ./tripane-models.
    """
    if chosen := folder or os.environ.get(VARIABLE):
        return Home.below(Path(chosen).absolute())
    here = Path.cwd()
    for root in (ROOT, here, *here.parents):
        if home := Home.of_checkout(root):
            return home
    return Home.below(here / FOLDER)


def places(folder: Path | None = None) -> dict[str, Home]:
    """All models by name, and where they are kept; those that come with Tripane first. Raises `UsageError`."""
    try:
        return {name: home for home in (own(folder), SHIPPED) for name in load_cards(home.models)}
    except CardError as error:
        raise UsageError(str(error)) from error
