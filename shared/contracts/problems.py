"""Problem documents (RFC 9457): every error, from whichever function, has this one form."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

MEDIA_TYPE = "application/problem+json"
_URN = "urn:tripane:problem:"


@dataclass(frozen=True)
class Problem:
    """What went wrong, in the words of RFC 9457.

    `kind` names the sort of problem for programs ("image-too-large"); `detail` says to people what was found and what
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
