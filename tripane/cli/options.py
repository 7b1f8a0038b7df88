"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ModelsDir = Annotated[
    Path | None,
    typer.Option(
        help="Where your own models are, if not in $TRIPANE_MODELS, this checkout or ./tripane-models.",
        show_default=False,
    ),
]
