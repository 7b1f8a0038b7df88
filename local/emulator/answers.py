"""The emulator's answers in the form of Lambda's Invoke API."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

# What awslambdaric reports of an exception: exactly these members.
_EXCEPTION = {"errorMessage", "errorType", "requestId", "stackTrace"}
_FUNCTION_ERROR = {"X-Amz-Function-Error": "Unhandled"}


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: status, body, and headers beyond content type and length."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_failure(self) -> bool:
        """Whether the function was called and gave no answer."""
        return _FUNCTION_ERROR.items() <= self.headers.items()


BUSY = Answer(
    429,
    json.dumps(
        {
            "Type": "User",
            "message": "Rate Exceeded.",
            "Reason": "ReservedFunctionConcurrentInvocationLimitExceeded",
        }
    ).encode(),
    {"x-amzn-ErrorType": "TooManyRequestsException", "Retry-After": "1"},
)


def as_lambda(status: int, body: bytes) -> Answer:
    """What Lambda would have answered where the emulator answered `status` and `body`."""
    if body.startswith(b"Task timed out after"):
        message = {"errorType": "Sandbox.Timedout", "errorMessage": body.decode()}
        return Answer(200, json.dumps(message).encode(), _FUNCTION_ERROR)
    if status == 502:  # the runtime died, or could not start
        return Answer(200, body, _FUNCTION_ERROR)
    try:
        document = json.loads(body)
    except ValueError:
        return Answer(status, body)
    if isinstance(document, dict) and document.keys() == _EXCEPTION:
        return Answer(200, body, _FUNCTION_ERROR)
    return Answer(status, body)


def gone(error: Exception, status: int = 200) -> Answer:
    """The emulator itself ended during a call."""
    message = {"errorType": "Runtime.ExitError", "errorMessage": f"The emulator ended during the call: {error}"}
    return Answer(status, json.dumps(message).encode(), _FUNCTION_ERROR)
