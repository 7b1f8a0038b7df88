"""What an operator chooses: the context values of cdk.json, or of `cdk -c name=value`, checked before all else.

docs/operations.md says what each is for and what it costs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.inference.model import ENGINES

STACK = "Tripane"
"""The name of the stack of the stage `PRODUCTION`; others add theirs."""
PRODUCTION = "production"

ARCHITECTURES = ("x86_64", "arm64")
MEMORY_MB = (1536, 10240)
"""A model holds up to 1.04 GB for the largest photo, 1.23 GB under PyTorch; Lambda gives 10 GB at most."""

DAILY_LIMIT_USD = (5, 100_000)
"""Any less would allow one comparison every half minute."""

LEAST_REQUESTS = 200
"""Opening the page and comparing a photo are some 70 requests; several people may share an address."""
DOMAIN = r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
ORIGIN = rf"https://{DOMAIN}(:\d{{1,5}})?"
BUCKET = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
CERTIFICATE = r"arn:aws:acm:us-east-1:\d{12}:certificate/[0-9a-f-]{36}"


class SettingsError(Exception):
    """A context value is missing, unknown or invalid."""


@dataclass(frozen=True)
class Settings:
    """The operator's choices; the context value's name is that of the member, in camelCase."""

    architecture: str
    engine: str
    model_memory_mb: int
    snap_start: bool
    provisioned_concurrency: int
    daily_limit_usd: int
    alarm_email: str
    monthly_budget_usd: int
    origin_secrets: tuple[int, ...] = (1,)
    stage: str = PRODUCTION
    domain_name: str = ""
    certificate_arn: str = ""
    access_token_sha256: str = ""
    requests_per_five_minutes: int = 0
    allowed_origins: str = ""
    batch_buckets: tuple[str, ...] = ()

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
            engine=_one_of("engine", context, ENGINES),
            model_memory_mb=_whole("modelMemoryMb", context, *MEMORY_MB),
            snap_start=_one_of("snapStart", context, ("true", "false")) == "true",
            provisioned_concurrency=_whole("provisionedConcurrency", context, 0, 100),
            daily_limit_usd=_whole("dailyLimitUsd", context, *DAILY_LIMIT_USD),
            alarm_email=email(str(context["alarmEmail"])),
            monthly_budget_usd=_whole("monthlyBudgetUsd", context, 1, 1_000_000),
            origin_secrets=origin_secrets(str(context["originSecrets"])),
            stage=_stage("stage", context),
            domain_name=_matching("domainName", context, DOMAIN, "a host name, or empty for CloudFront's own"),
            certificate_arn=_matching("certificateArn", context, CERTIFICATE, "of ACM in us-east-1, or empty"),
            access_token_sha256=_matching("accessTokenSha256", context, "[0-9a-f]{64}", "a SHA-256, or empty"),
            requests_per_five_minutes=_whole("requestsPerFiveMinutes", context, 0, 1_000_000),
            allowed_origins=_matching(
                "allowedOrigins", context, f"{ORIGIN}(,{ORIGIN})*", "https://…, separated by commas"
            ),
            batch_buckets=_names("batchBuckets", context, BUCKET, "names of buckets, separated by commas, or empty"),
        )
        if bool(settings.domain_name) != bool(settings.certificate_arn):
            raise SettingsError(
                "domainName and certificateArn go together: CloudFront accepts neither without the other."
            )
        if 0 < settings.requests_per_five_minutes < LEAST_REQUESTS:
            raise SettingsError(f"requestsPerFiveMinutes must be 0, for no firewall, or at least {LEAST_REQUESTS}.")
        if settings.snap_start and settings.provisioned_concurrency:
            raise SettingsError("snapStart and provisionedConcurrency exclude each other: Lambda supports only one.")
        return settings

    @property
    def versions_cost(self) -> bool:
        """Whether a published version costs money for as long as it exists."""
        return self.snap_start or self.provisioned_concurrency > 0

    @property
    def is_production(self) -> bool:
        """Whether visitors and their logs are real, so that nothing is deleted lightly."""
        return self.stage == PRODUCTION


def stack_name(stage: str) -> str:
    """The stack of a stage, as CloudFormation knows it."""
    return STACK if stage == PRODUCTION else f"{STACK}-{stage}"


def origin_secrets(value: str) -> tuple[int, ...]:
    """The numbers of `OriginSecrets`, such as 3, or 3+4 while they are exchanged. Raises `SettingsError`."""
    numbers = tuple(int(number) for number in value.split("+")) if re.fullmatch(r"\d{1,6}(\+\d{1,6})?", value) else ()
    if not numbers or (len(numbers) == 2 and abs(numbers[0] - numbers[1]) != 1):
        raise SettingsError(f"originSecrets is {value!r}; it must be a number such as 3, or 3+4, or 4+3.")
    return numbers


def email(value: str) -> str:
    """An e-mail address, or nothing. Raises `SettingsError`."""
    if value and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", value):
        raise SettingsError(f"alarmEmail is {value!r}; it must be an e-mail address, or empty for none.")
    return value


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


def _matching(name: str, context: Mapping[str, Any], pattern: str, what: str) -> str:
    value = str(context[name])
    if value and not re.fullmatch(pattern, value):
        raise SettingsError(f"{name} is {value!r}; it must be {what}.")
    return value


def _names(name: str, context: Mapping[str, Any], pattern: str, what: str) -> tuple[str, ...]:
    value = _matching(name, context, f"{pattern}(,{pattern})*", what)
    return tuple(dict.fromkeys(value.split(","))) if value else ()


def _stage(name: str, context: Mapping[str, Any]) -> str:
    value = str(context[name])
    if not re.fullmatch("[a-z][a-z0-9-]{0,19}", value):
        raise SettingsError(f"{name} is {value!r}; it must be up to 20 lower-case letters, digits and dashes.")
    return value
