"""Problem documents (RFC 9457), the form of every error of every function, and all their kinds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

MEDIA_TYPE = "application/problem+json"
_URN = "urn:tripane:problem:"


class Kind(NamedTuple):
    """What all problems of a kind have in common."""

    title: str
    status: int


KINDS: dict[str, Kind] = {
    # The request.
    "bad-request": Kind("Bad request", 400),
    "cross-site": Kind("Asked for by another site", 403),
    "past-the-site": Kind("Not by way of the site", 403),
    "wrong-token": Kind("Wrong token", 403),
    "not-found": Kind("Not found", 404),
    "unknown-comparison": Kind("Unknown comparison", 404),
    "unknown-sample": Kind("Unknown sample", 404),
    "unknown-model": Kind("Unknown model", 404),
    "method-not-allowed": Kind("Method not allowed", 405),
    "upload-timeout": Kind("Upload took too long", 408),
    "too-large": Kind("Upload too large", 413),
    "unsupported-media-type": Kind("Unsupported media type", 415),
    "bad-form": Kind("Form cannot be read", 422),
    "unknown-field": Kind("Unknown field", 422),
    "missing-image": Kind("No image", 422),
    "both-image-and-sample": Kind("More than one image", 422),
    "too-many-requests": Kind("Too many requests", 429),
    # The photo.
    "image-empty": Kind("Empty image", 422),
    "image-undecodable": Kind("Image cannot be decoded", 422),
    "image-dimensions": Kind("Image dimensions out of range", 422),
    "image-too-costly": Kind("Image takes too long to decode", 422),
    "too-much-work": Kind("Photo takes too much work", 422),
    "image-missing": Kind("Image is gone", 404),
    # The models.
    "model-crashed": Kind("Model crashed", 502),
    "model-out-of-memory": Kind("Model ran out of memory", 502),
    "model-unreachable": Kind("Model cannot be reached", 502),
    "model-timeout": Kind("Model took too long", 504),
    "version-mismatch": Kind("A deployment is under way", 503),
    "all-models-failed": Kind("No model answered", 502),
    # Ours.
    "internal": Kind("Internal error", 500),
}
"""Every kind of problem; `docs/api.md` says when each occurs."""


@dataclass(frozen=True)
class Problem:
    """What went wrong, in the words of RFC 9457; made by `problem`, or read from a document.

    `kind` names the sort of problem for programs ("image-dimensions"); `detail` says to people what was found and what
    is allowed. `status` is the HTTP status that the problem has when it is the answer to a whole request.
    """

    kind: str
    title: str
    status: int
    detail: str

    def document(self, request_id: str | None = None) -> dict[str, Any]:
        """The JSON document, with the id by which the request is found in the logs."""
        body: dict[str, Any] = {"type": _URN + self.kind} | asdict(self)
        del body["kind"]
        return body | ({"request_id": request_id} if request_id else {})

    @classmethod
    def from_document(cls, body: dict[str, Any]) -> Problem:
        """The inverse of `document`; raises `KeyError` when a member is missing."""
        return cls(str(body["type"]).removeprefix(_URN), body["title"], int(body["status"]), body["detail"])


def problem(kind: str, detail: str) -> Problem:
    """A problem of one of the `KINDS`; raises `KeyError` for any other."""
    return Problem(kind, *KINDS[kind], detail)


class ProblemError(Exception):
    """Raised where an error is found, caught once at the boundary that answers.

    `headers` go with the answer; `members` extend the document, as RFC 9457 allows.
    """

    def __init__(
        self, problem: Problem, headers: dict[str, str] | None = None, members: dict[str, Any] | None = None
    ) -> None:
        super().__init__(problem.detail)
        self.problem = problem
        self.headers = headers or {}
        self.members = members or {}
