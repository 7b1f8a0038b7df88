"""What our code asks AWS for: every call that is made, by whom, in the words of IAM."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from shared import aws

IAM_ACTIONS = {
    ("s3", "GetObject"): ["s3:GetObject"],
    ("s3", "HeadObject"): ["s3:GetObject"],
    ("s3", "PutObject"): ["s3:PutObject"],
    ("s3", "CopyObject"): ["s3:GetObject", "s3:PutObject"],  # onto itself
    ("s3", "DeleteObject"): ["s3:DeleteObject"],
    ("s3", "DeleteObjects"): ["s3:DeleteObject"],
    ("s3", "ListObjectsV2"): ["s3:ListBucket"],
    ("lambda", "Invoke"): ["lambda:InvokeFunction"],
    ("apigatewayv2", "UpdateStage"): ["apigateway:PATCH"],
    ("cloudfront", "GetDistributionConfig"): ["cloudfront:GetDistributionConfig"],
    ("cloudfront", "UpdateDistribution"): ["cloudfront:UpdateDistribution"],
}
"""Actions by call, after AWS's service authorization reference; a call that is not here is a `KeyError`."""

Call = tuple[str, str, str]
"""Who, action, resource."""


@dataclass
class Recorder:
    """Writes down what clients that are made by `boto3.client` and `aws.client` are asked; `who` makes them now.

    `answers` answers calls of a service and operation in place of moto.
    """

    who: str = ""
    calls: set[Call] = field(default_factory=set)
    once: set[Call] = field(default_factory=set)
    """Those of `calls` that write only what is not there yet, and never anything else."""
    answers: dict[tuple[str, str], Callable[[dict[str, Any]], dict[str, Any]]] = field(default_factory=dict)

    def watch(self, client: Any, who: str) -> None:
        """Write down what `client` is asked from now on."""
        service = client.meta.service_model.service_name

        def before(params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
            context["asked"] = dict(params)
            for action in IAM_ACTIONS[service, model.name]:
                asked = {(who, action, resource) for resource in resources(action, params)}
                is_once = params.get("IfNoneMatch") == "*"
                self.once = (self.once | (asked - self.calls)) if is_once else (self.once - asked)
                self.calls |= asked

        def instead(model: Any, context: dict[str, Any], **_: Any) -> Any:
            if answer := self.answers.get((service, model.name)):
                return SimpleNamespace(status_code=200), answer(context["asked"])
            return None

        def after(http_response: Any, model: Any, context: dict[str, Any], **_: Any) -> None:
            # S3 says 404 to those who may list, and 403 to others: whoever goes by a 404 needs that right.
            if service == "s3" and http_response.status_code == 404:
                self.calls.add((who, "s3:ListBucket", f"arn:aws:s3:::{context['asked']['Bucket']}"))

        client.meta.events.register("before-parameter-build", before)
        client.meta.events.register("before-call", instead)
        client.meta.events.register("after-call", after)


def resources(action: str, params: dict[str, Any]) -> list[str]:
    """What a call is about, as IAM names it."""
    if action == "s3:ListBucket":
        return [f"arn:aws:s3:::{params['Bucket']}"]
    if action.startswith("s3:"):
        keys = [found["Key"] for found in params["Delete"]["Objects"]] if "Delete" in params else [params["Key"]]
        return [f"arn:aws:s3:::{params['Bucket']}/{key}" for key in keys]
    if action == "lambda:InvokeFunction":
        return [params["FunctionName"]]
    if action == "apigateway:PATCH":
        return [f"arn:aws:apigateway:us-east-1::/apis/{params['ApiId']}/stages/{params['StageName']}"]
    return [f"arn:aws:cloudfront::123456789012:distribution/{params['Id']}"]


@contextmanager
def recorded() -> Iterator[Recorder]:
    """Have every client that is made here watched."""
    recorder = Recorder()

    def watched(make: Callable[..., Any]) -> Callable[..., Any]:
        def client(*arguments: Any, **options: Any) -> Any:
            made = make(*arguments, **options)
            if recorder.who:
                recorder.watch(made, recorder.who)
            return made

        return client

    with pytest.MonkeyPatch.context() as patch:
        for maker in (boto3, aws):
            patch.setattr(maker, "client", watched(maker.client))
        yield recorder


def payload(answer: Any) -> dict[str, Any]:
    """What Lambda's API answers when a function has returned `answer`."""
    return {"StatusCode": 200, "Payload": io.BytesIO(json.dumps(answer).encode())}
