"""What an operator chooses: the context values of cdk.json, or of `cdk -c name=value`, checked before all else.

docs/operations.md says what each is for and what it costs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

STACK = "Tripane"
"""The stack's name, by which CloudFormation knows it."""

ARCHITECTURES = ("x86_64", "arm64")
MEMORY_MB = (1536, 10240)
"""A model holds up to 0.9 GB for the largest photo; Lambda gives 10 GB at most."""

DAILY_LIMIT_USD = (5, 100_000)
"""Less would let through a comparison every half a minute."""


class SettingsError(Exception):
    """A context value is missing, unknown or makes no sense."""


@dataclass(frozen=True)
class Settings:
    """The operator's choices; the context value's name is that of the member, in camelCase."""

    architecture: str
    model_memory_mb: int
    snap_start: bool
    provisioned_concurrency: int
    daily_limit_usd: int
    alarm_email: str
    monthly_budget_usd: int
    origin_secrets: tuple[int, ...] = (1,)

    @classmethod
    def from_context(cls, context: Mapping[str, Any]) -> Settings:
        """Read and check `context`, in which the command line puts strings. Raises `SettingsError`."""
        names = {_camel_case(member): member for member in cls.__dataclass_fields__}
        # The CDK's own keys have colons, slashes or dashes in them: what has none is meant for us.
        if unknown := sorted(key for key in context if re.fullmatch("[A-Za-z0-9_]+", key) and key not in names):
            raise SettingsError(f"There is no context value {', '.join(unknown)}. There are {', '.join(names)}.")
        if missing := sorted(names.keys() - context.keys()):
            raise SettingsError(f"cdk.json lacks the context value {', '.join(missing)}.")
        settings = cls(
            architecture=_one_of("architecture", context, ARCHITECTURES),
            model_memory_mb=_whole("modelMemoryMb", context, *MEMORY_MB),
            snap_start=_one_of("snapStart", context, ("true", "false")) == "true",
            provisioned_concurrency=_whole("provisionedConcurrency", context, 0, 100),
            daily_limit_usd=_whole("dailyLimitUsd", context, *DAILY_LIMIT_USD),
            alarm_email=_email("alarmEmail", context),
            monthly_budget_usd=_whole("monthlyBudgetUsd", context, 1, 1_000_000),
            origin_secrets=origin_secrets(str(context["originSecrets"])),
        )
        if settings.snap_start and settings.provisioned_concurrency:
            raise SettingsError("snapStart and provisionedConcurrency exclude each other: Lambda takes one of them.")
        return settings

    @property
    def published(self) -> bool:
        """Whether models are invoked by a published version, which both answers to cold starts need."""
        return self.snap_start or self.provisioned_concurrency > 0


def origin_secrets(value: str) -> tuple[int, ...]:
    """The numbers of `OriginSecrets`, such as 3, or 3+4 while they are exchanged. Raises `SettingsError`."""
    numbers = tuple(int(number) for number in value.split("+")) if re.fullmatch(r"\d{1,6}(\+\d{1,6})?", value) else ()
    if not numbers or (len(numbers) == 2 and abs(numbers[0] - numbers[1]) != 1):
        raise SettingsError(f"originSecrets is {value!r}; it must be a number such as 3, or 3+4, or 4+3.")
    return numbers


def _camel_case(member: str) -> str:
    first, *rest = member.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _one_of(name: str, context: Mapping[str, Any], allowed: tuple[str, ...]) -> str:
    value = str(context[name]).lower()
    if value not in allowed:
        raise SettingsError(f"{name} is {context[name]!r}; it must be one of {', '.join(allowed)}.")
    return value


def _whole(name: str, context: Mapping[str, Any], least: int, most: int) -> int:
    value = context[name]
    if not re.fullmatch("[0-9]{1,9}(\\.0)?", str(value)) or not least <= float(value) <= most:
        raise SettingsError(f"{name} is {value!r}; it must be a whole number from {least} to {most}.")
    return int(float(value))


def _email(name: str, context: Mapping[str, Any]) -> str:
    value = str(context[name])
    if value and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", value):
        raise SettingsError(f"{name} is {value!r}; it must be an e-mail address, or empty for none.")
    return value
