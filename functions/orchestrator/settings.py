"""The orchestrator's environment, read and validated once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from functions.orchestrator.cors import read_origins
from shared.contracts.deployment import MODEL_TIMEOUT_S
from shared.paths import MODELS_DIR

CALLS = 128
"""How many calls to S3 and to model functions run at once: as many threads, and connections for them."""

UPLOADS = 256
"""How many bodies are read at once: each is held in memory, and a slow caller holds one until its time is up."""

SECRET_LENGTH = 16
"""The least number of characters in a secret."""


class SettingsError(Exception):
    """An environment variable is missing or invalid."""


@dataclass(frozen=True)
class Settings:
    """Where things are and how long they may take.

    `functions` maps a model to the name or ARN of its function, or to the http address of an emulated one.
    `deadline_s` is when a POST answers with what there is; `function_timeout_s` when a model that was asked and never
    answered counts as failed; `max_comparisons` how many POSTs run at once before the answer is 429;
    `calls_per_model` how many calls a function does at once where others wait, which on AWS none does;
    `allowed_origins` those of other sites whose pages may call the API; `origin_secrets` those of which CloudFront
    sends one with every request (see `origin_secret`), none: whoever calls is answered.
    """

    bucket: str
    functions: dict[str, str]
    models_dir: Path = MODELS_DIR
    deadline_s: float = 25.0
    function_timeout_s: float = MODEL_TIMEOUT_S
    max_comparisons: int = 32
    calls_per_model: int | None = None
    allowed_origins: tuple[str, ...] = ()
    origin_secrets: tuple[str, ...] = field(default=(), repr=False)

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
                calls_per_model=int(environment.get("TRIPANE_CALLS_PER_MODEL", 0)) or None,
                allowed_origins=read_origins(environment.get("TRIPANE_ALLOWED_ORIGINS", "")),
                origin_secrets=_secrets(environment.get("TRIPANE_ORIGIN_SECRETS")),
            )
        except KeyError as error:
            raise SettingsError(f"the environment variable {error.args[0]} is not set") from error
        except ValueError as error:
            raise SettingsError(f"the environment is invalid: {error}") from error


def _secrets(value: str | None) -> tuple[str, ...]:
    """One secret or, during a rotation, two; raises `ValueError`, whose message must not reveal any."""
    if value is None:
        return ()
    secrets = tuple(secret.strip() for secret in value.split(","))
    if len(secrets) > 2 or not all(len(secret) >= SECRET_LENGTH and secret.isascii() for secret in secrets):
        few = f"one or two secrets, separated by a comma, of {SECRET_LENGTH} ASCII characters or more"
        raise ValueError(f"TRIPANE_ORIGIN_SECRETS must be {few}")
    return secrets
