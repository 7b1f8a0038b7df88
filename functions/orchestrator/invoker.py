"""Calls a model function, on AWS or under an emulator, and says in our words what went wrong."""

from __future__ import annotations

import json
import time
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError, ReadTimeoutError

from functions.orchestrator.settings import CALLS
from shared import aws
from shared.contracts.problems import Problem, problem

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

THROTTLES = {"TooManyRequestsException", "EC2ThrottledException", "429"}
PAUSES_S = (0.2, 0.4, 0.8, 1.6, 3.0)
_EXCEPTION = {"errorMessage", "errorType"}
# Lambda kills an environment that exceeds its memory; the others are how PyTorch says that there is none left.
_NO_MEMORY = ("OutOfMemory", "signal: killed", "can't allocate memory", "not enough memory")


class InvocationError(Exception):
    """A function gave no answer; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


class Invoker:
    """One model's function, by name, ARN or the http address of an emulator."""

    def __init__(self, title: str, address: str, timeout_s: float) -> None:
        emulated = address.startswith(("http://", "https://"))
        self.title = title
        self.name = "function" if emulated else address
        self._client = _client(address if emulated else None, timeout_s + 5)

    def invoke(self, payload: dict[str, Any], give_up_at: float) -> dict[str, Any]:
        """The function's answer to `payload`.

        A throttled call is tried again until `give_up_at` (by `time.monotonic`). Raises `InvocationError`.
        """
        pauses = iter(PAUSES_S)
        while True:
            try:
                return self._once(payload)
            except ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] == 502:  # a bare emulator: its runtime died
                    raise InvocationError(self._crashed()) from error
                if error.response["Error"]["Code"] not in THROTTLES:
                    raise InvocationError(self._unreachable()) from error
                pause = next(pauses, None)
                if pause is None or time.monotonic() + pause > give_up_at:
                    raise InvocationError(self._throttled()) from error
                time.sleep(pause)
            except ReadTimeoutError as error:
                raise InvocationError(self._timeout()) from error
            except ConnectionClosedError as error:
                raise InvocationError(self._crashed()) from error
            except BotoCoreError as error:
                raise InvocationError(self._unreachable()) from error

    def reachable(self) -> bool:
        """Whether the function could be invoked, without invoking it."""
        try:
            self._client.invoke(FunctionName=self.name, InvocationType="DryRun")
        except (ClientError, BotoCoreError):
            return False
        return True

    def _once(self, payload: dict[str, Any]) -> dict[str, Any]:
        response = self._client.invoke(FunctionName=self.name, Payload=json.dumps(payload).encode())
        body = response["Payload"].read()
        try:
            answer: Any = json.loads(body)
        except ValueError:
            answer = {"errorMessage": body.decode("utf-8", "replace"), "errorType": ""}
        if not isinstance(answer, dict):  # no function of ours answers so
            raise InvocationError(self._failure({}))
        # Lambda marks a failure with a header; the emulator alone only by these members.
        if response.get("FunctionError") or answer.keys() >= _EXCEPTION:
            raise InvocationError(self._failure(answer))
        return cast(dict[str, Any], answer)

    def _failure(self, answer: dict[str, Any]) -> Problem:
        reason, message = str(answer.get("errorType", "")), str(answer.get("errorMessage", ""))
        if "Task timed out" in message or reason == "Sandbox.Timedout":
            return self._timeout()
        if reason == "MemoryError" or any(sign in reason or sign in message for sign in _NO_MEMORY):
            detail = f"{self.title} was ended, most likely for want of memory. Try it again, or with a smaller photo."
            return problem("model-out-of-memory", detail)
        return self._crashed()

    def _crashed(self) -> Problem:
        return problem("model-crashed", f"{self.title} ended before it answered. Try it again.")

    def _timeout(self) -> Problem:
        detail = f"{self.title} did not answer in time. Try it again."
        return problem("model-timeout", detail)

    def _throttled(self) -> Problem:
        detail = f"{self.title} is answering as many requests as it may. Try again in a few seconds."
        return problem("too-many-requests", detail)

    def _unreachable(self) -> Problem:
        detail = f"{self.title} cannot be reached at present. Try again in a minute."
        return problem("model-unreachable", detail)


@cache
def _client(endpoint_url: str | None, read_timeout_s: float) -> LambdaClient:
    """The client of an emulator, or the one of AWS: all models' functions share it, since each takes 15 ms to make."""
    config = Config(
        connect_timeout=2,
        read_timeout=read_timeout_s,
        retries={"total_max_attempts": 1},  # by the SDK never: the first call may still be running, and is paid for
        max_pool_connections=CALLS,
    )
    return aws.client("lambda", endpoint_url=endpoint_url, config=config)
