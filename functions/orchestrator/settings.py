"""The orchestrator's environment, read and validated once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.contracts.deployment import MODEL_TIMEOUT_S
from shared.paths import MODELS_DIR

CALLS = 128
"""How many calls to S3 and to model functions run at once: as many threads, and connections for them."""

UPLOADS = 256
"""How many bodies are read at once: each is held in memory, and a slow caller holds one until its time is up."""


class SettingsError(Exception):
    """An environment variable is missing or makes no sense."""


@dataclass(frozen=True)
class Settings:
    """Where things are and how long they may take.

    `functions` maps a model to the name or ARN of its function, or to the http address of an emulated one.
    `deadline_s` is when a POST answers with what there is; `function_timeout_s` when a model that was asked and never
    answered counts as failed; `max_comparisons` how many POSTs run at once before the answer is 429.
    """

    bucket: str
    functions: dict[str, str]
    models_dir: Path = MODELS_DIR
    deadline_s: float = 25.0
    function_timeout_s: float = MODEL_TIMEOUT_S
    max_comparisons: int = 32

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the TRIPANE_* variables; raises `SettingsError` naming the one at fault."""
        try:
            functions = json.loads(environment["TRIPANE_FUNCTIONS"])
            if not isinstance(functions, dict) or not all(isinstance(v, str) and v for v in functions.values()):
                raise ValueError("TRIPANE_FUNCTIONS must be a JSON object of model name to function")
            return cls(
                bucket=environment["TRIPANE_DATA_BUCKET"],
                functions=functions,
                models_dir=Path(environment.get("TRIPANE_MODELS_DIR", MODELS_DIR)),
                deadline_s=float(environment.get("TRIPANE_DEADLINE_S", cls.deadline_s)),
                function_timeout_s=float(environment.get("TRIPANE_FUNCTION_TIMEOUT_S", cls.function_timeout_s)),
                max_comparisons=int(environment.get("TRIPANE_MAX_COMPARISONS", cls.max_comparisons)),
            )
        except KeyError as error:
            raise SettingsError(f"the environment variable {error.args[0]} is not set") from error
        except ValueError as error:
            raise SettingsError(f"the environment makes no sense: {error}") from error
