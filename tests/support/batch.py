"""A batch rehearsed: moto's interpreter of state machines, its Lambda tasks routed to emulated model functions."""

from __future__ import annotations

import copy
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import httpx
import pytest
from moto.core.config import default_user_config
from moto.server import ThreadedMotoServer

from infra.constructs.batch_definition import definition
from local import processes, s3
from local.emulator import Emulator
from local.emulator.emulator import INVOKE
from shared.contracts.batch import OUTPUT, Deployed, DeployedModel
from shared.contracts.card import Card
from tests.support.api import CREDENTIALS
from tests.support.toy_model import make_toy_model

PHOTOS, PREFIX, LISTING = "photos", "drive/", "listing.json"
MODELS = ("toy", "other")
THROTTLED = {
    "Error": {"Code": "TooManyRequestsException", "Message": "Rate exceeded"},
    "ResponseMetadata": {"HTTPStatusCode": 429, "RequestId": "1"},
}
ACCOUNT = "123456789012"


def as_moto_takes_it(machine: dict[str, Any]) -> dict[str, Any]:
    """The definition with the three replacements that moto needs, and no other: children are standard executions, no
    share of failures is tolerated (moto goes on whatever fails), and the objects are listed by a JSON file.
    """
    replaced = copy.deepcopy(machine)
    photos = replaced["States"]["Photos"]
    photos["ItemProcessor"]["ProcessorConfig"]["ExecutionType"] = "STANDARD"
    del photos["ToleratedFailurePercentagePath"]
    photos["ItemReader"]["Resource"] = photos["ItemReader"]["Resource"].replace("listObjectsV2", "getObject")
    photos["ItemReader"]["ReaderConfig"]["InputType"] = "JSON"
    photos["ItemReader"]["Parameters"] = {"Bucket.$": "$.bucket", "Key": LISTING}
    return replaced


def crashed(message: str) -> tuple[int, dict[str, Any]]:
    """What Lambda's API answers when a function has ended without an answer."""
    body = json.dumps({"errorType": "Runtime.ExitError", "errorMessage": message}).encode()
    payload = SimpleNamespace(read=lambda: body)
    return 200, {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": payload}


@dataclass
class Account:
    """What is deployed, and every call of a model's function by model and photo; `before` may answer a call itself."""

    s3: Any
    cards: dict[str, Card]
    emulators: dict[str, Emulator]
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    before: Callable[[str, dict[str, Any]], tuple[int, dict[str, Any]] | None] = lambda model, event: None
    lock: Any = field(default_factory=threading.Lock)

    def put(self, **objects: bytes) -> None:
        """Put objects below the prefix, and write down the listing that Step Functions would make itself."""
        for name, body in objects.items():
            self.s3.put_object(Bucket=PHOTOS, Key=PREFIX + name, Body=body)
        found = self.s3.list_objects_v2(Bucket=PHOTOS, Prefix=PREFIX)["Contents"]
        listed = [{"Key": o["Key"], "Etag": o["ETag"], "Size": o["Size"], "StorageClass": "STANDARD"} for o in found]
        self.s3.put_object(Bucket=PHOTOS, Key=LISTING, Body=json.dumps(listed).encode())

    def route(self, params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]] | None:
        """Have the emulated function answer instead of moto's Lambda, as botocore's event `before-call` allows."""
        model = next((name for name in self.cards if f"Batch{name}" in params["url_path"]), None)
        if model is None:
            return None
        event = json.loads(params["body"])
        with self.lock:
            instead = self.before(model, event)
            if instead is None:
                self.calls[model, event["image_key"].removeprefix(PREFIX)] += 1
        if instead:
            status, parsed = instead
            return SimpleNamespace(status_code=status, headers={}), parsed
        answer = httpx.post(self.emulators[model].address + INVOKE, content=params["body"], timeout=60)
        parsed = {"StatusCode": 200, "Payload": SimpleNamespace(read=lambda: answer.content)}
        if "X-Amz-Function-Error" in answer.headers:
            parsed["FunctionError"] = answer.headers["X-Amz-Function-Error"]
        return SimpleNamespace(status_code=200, headers={}), parsed


@contextmanager
def rehearsed(folder: Path) -> Iterator[Account]:
    """A stack with batches, its models toys, in an account of moto's; raises what the emulators raise."""
    toys = {name: make_toy_model(folder / "models", folder / "assets", name) for name in MODELS}
    server = ThreadedMotoServer(port=0, verbose=False)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        patch.setitem(default_user_config["stepfunctions"], "execute_state_machine", True)
        server.start()
        try:
            host, port = server.get_host_and_port()
            patch.setenv("MOTO_PORT", str(port))
            patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
            patch.setattr(boto3, "DEFAULT_SESSION", None)
            client = boto3.client("s3")
            for bucket in (PHOTOS, s3.BUCKET):
                client.create_bucket(Bucket=bucket)
            s3.seed(client, toys.values(), folder / "assets")
            with processes.running(toys.values(), f"http://{host}:{port}") as emulators:
                account = Account(client, toys, emulators)
                session: Any = boto3.DEFAULT_SESSION
                session.events.register("before-call.lambda.Invoke", account.route)
                deploy(toys)
                yield account
        finally:
            server.stop()


def deploy(cards: dict[str, Card]) -> None:
    """The state machine, and a stack whose output tells of it."""
    functions = {name: f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:Batch{name}" for name in cards}
    text = json.dumps(as_moto_takes_it(definition({n: c.version for n, c in cards.items()}, s3.BUCKET)))
    for name, arn in functions.items():
        text = text.replace(f"${{{name}}}", f"{arn}:1")
    role = f"arn:aws:iam::{ACCOUNT}:role/batch"
    machine = boto3.client("stepfunctions").create_state_machine(name="Batch", definition=text, roleArn=role)
    models = {
        name: DeployedModel(card.title, card.version, f"Batch{name}", ms=100.0, usd_per_ms=1e-5, usd_per_call=1e-3)
        for name, card in cards.items()
    }
    deployed = Deployed(machine["stateMachineArn"], s3.BUCKET, [PHOTOS], models, 1e-3, 0.09, step_ms=100.0)
    template = {
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {OUTPUT: {"Value": json.dumps(deployed.document())}},
    }
    for name, outputs in (("Tripane", template), ("Without", {"Resources": template["Resources"]})):
        boto3.client("cloudformation").create_stack(StackName=name, TemplateBody=json.dumps(outputs))
