"""AWS's clients for functions, made by botocore alone.

boto3 puts an interface of objects and a transfer manager around it, of which functions use nothing, and a cold start
pays for their import: to a first S3 client it is 309 ms of CPU time with boto3 and 253 without (medians of five).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal, overload

import botocore.session
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client


@overload
def client(service: Literal["s3"], *, config: Config | None = None) -> S3Client: ...
@overload
def client(
    service: Literal["lambda"], *, config: Config | None = None, endpoint_url: str | None = None
) -> LambdaClient: ...
def client(service: str, **options: Any) -> Any:
    """A client of a service, configured by the environment as AWS's SDKs are."""
    return _session().create_client(service, **options)


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()
