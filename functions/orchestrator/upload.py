"""What a caller posts: a photo or a sample's id, and which models are asked."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from functions.orchestrator.photo import too_large
from shared.contracts import limits
from shared.contracts.problems import ProblemError, problem

FIELDS = {"image", "sample", "models"}
MAX_BODY_BYTES = limits.MAX_UPLOAD_BYTES + 64 * 1024
"""A photo, the other fields, and multipart's overhead."""
MAX_DRAIN_BYTES = 4 * MAX_BODY_BYTES
MAX_FIELDS_BYTES = 64 * 1024
"""A form that holds no file, whose parser takes far longer for a byte than a photo's: a sample's id, models' names."""
HOW = "Send multipart/form-data with a file as `image`, or a sample's id as `sample`; or the photo alone as the body."
BARE = {media_type.encode() for media_type in limits.MEDIA_TYPES.values()}
"""Types of a body that is the photo alone; its bytes say which of them it is."""

_FILE = f"{limits.formats('or')} of at most {limits.UPLOAD_SIZE} and {limits.MEGAPIXELS}"

_BYTES = {"type": "string", "format": "binary"}
# The OpenAPI description of what `read_upload` takes; FastAPI cannot derive it, since it does not parse the body.
# Examples are empty, so that a form made of them, as Swagger UI's is, asks for nothing that nobody chose. `oneOf`
# stands within `allOf`, since generators of clients take one beside `properties` for several forms, and send none.
REQUEST_BODY: dict[str, Any] = {
    "required": True,
    "description": "A form with exactly one of `image` and `sample`; or the photo alone, models in the query.",
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "image": {
                        **_BYTES,
                        "contentMediaType": "application/octet-stream",
                        "description": _FILE,
                    },
                    "sample": {"type": "string", "description": "a sample's id, instead of `image`", "example": ""},
                    "models": {
                        "type": "array",
                        "items": {"type": "string"},
                        "description": "which models to ask, repeated or separated by commas; all, when left out",
                        "example": [],
                    },
                },
                "additionalProperties": False,
                "allOf": [{"oneOf": [{"required": ["image"]}, {"required": ["sample"]}]}],
            },
            "encoding": {"models": {"style": "form", "explode": True}},
        },
        **{media_type: {"schema": _BYTES} for media_type in limits.MEDIA_TYPES.values()},
    },
}


@dataclass(frozen=True)
class Upload:
    """Exactly one of `image` (its bytes) and `sample` is set; `models` is never empty."""

    image: bytes | None
    sample: str | None
    models: list[str]


async def read_upload(request: Request, known_models: Collection[str], named: Iterable[str] = ()) -> Upload:
    """Read and check the body of a POST; `named` are the models that its query names. Raises `ProblemError`.

    A body over the limit is refused by its declared length, or as soon as it goes over; nothing of it is kept.
    """
    content_type = parse_options_header(request.headers.get("content-type", ""))[0]
    if refusal := _refusal(request, content_type):
        await _drain(request)
        raise refusal
    if content_type in BARE:
        return await _read_bare(request, chosen_models(named, known_models))
    try:
        form = await _parser(request, content_type).parse()
    except (MultiPartException, ClientDisconnect, KeyError, ValueError) as error:
        why = f": {error.message:.80}" if isinstance(error, MultiPartException) else "."
        raise ProblemError(problem("bad-form", f"The form is broken{why} {HOW}")) from error
    try:
        return await _of_form(form, known_models, named)
    finally:
        await form.close()


def _refusal(request: Request, content_type: bytes) -> ProblemError | None:
    """What is wrong with a body, judging by its headers; None when nothing is."""
    if content_type not in {*BARE, b"multipart/form-data", b"application/x-www-form-urlencoded"}:
        return ProblemError(problem("unsupported-media-type", HOW))
    encoding = request.headers.get("content-encoding", "")
    if encoding.lower() not in {"", "identity"}:
        detail = f"The body is compressed (Content-Encoding: {encoding:.40}). Send it as it is."
        return ProblemError(problem("unsupported-media-type", detail), {"Accept-Encoding": "identity"})
    declared = request.headers.get("content-length", "")
    return too_large(int(declared)) if declared.isdecimal() and int(declared) > MAX_BODY_BYTES else None


async def _of_form(form: FormData, known_models: Collection[str], named: Iterable[str]) -> Upload:
    """What the fields of a form say. Raises `ProblemError`."""
    if unknown := sorted(set(form) - FIELDS):
        known = ", ".join(sorted(FIELDS))
        detail = f"There is no field {', '.join(unknown)!s:.100}. Fields are {known}."
        raise ProblemError(problem("unknown-field", detail))
    # A field of a form in a browser that is left empty is sent nevertheless.
    images, samples, wanted = (
        [value for value in form.getlist(field) if value != ""] for field in ("image", "sample", "models")
    )
    if not all(isinstance(value, str) for value in (*samples, *wanted)):
        raise ProblemError(problem("bad-form", f"The fields `sample` and `models` hold text, and no file. {HOW}"))
    models = chosen_models([*wanted, *named], known_models)
    if len(images) + len(samples) != 1:
        raise _both() if images or samples else _missing()
    if samples:
        return Upload(None, str(samples[0]), models)
    if isinstance(images[0], str):
        detail = f"The field `image` holds text; it must be a file. {HOW}"
        raise ProblemError(problem("missing-image", detail))
    return Upload(await images[0].read(), None, models)


async def _read_bare(request: Request, models: list[str]) -> Upload:
    try:
        return Upload(b"".join([chunk async for chunk in _limited(request)]), None, models)
    except ClientDisconnect as error:
        raise ProblemError(problem("bad-form", "The photo ends too early. Send it again.")) from error


def _parser(request: Request, content_type: bytes) -> MultiPartParser | FormParser:
    if content_type == b"multipart/form-data":
        return _WholeFormParser(request)
    return FormParser(request.headers, _limited(request, MAX_FIELDS_BYTES, _too_long_fields))


def chosen_models(wanted: Iterable[Any], known: Collection[str]) -> list[str]:
    """The models that are named, one by one or separated by commas; all if none is. Raises `ProblemError`."""
    names = {name for value in wanted for name in str(value).split(",")}
    if unknown := names - set(known) - {""}:
        raise unknown_model(sorted(unknown), known)
    return [name for name in known if name in names] or list(known)


def unknown_model(unknown: Iterable[str], known: Iterable[str]) -> ProblemError:
    """The problem of names that no model has."""
    named = ", ".join(map(repr, unknown))
    return ProblemError(problem("unknown-model", f"There is no model {named:.100}. Models are {', '.join(known)}."))


def _missing() -> ProblemError:
    return ProblemError(problem("missing-image", f"There is neither an image nor a sample. {HOW}"))


def _both() -> ProblemError:
    detail = f"There is more than one image or sample; one is compared at a time. {HOW}"
    return ProblemError(problem("both-image-and-sample", detail))


def _too_long_fields() -> ProblemError:
    return ProblemError(problem("too-large", f"A form without a file has at most {MAX_FIELDS_BYTES:,} bytes. {HOW}"))


class _WholeFormParser(MultiPartParser):
    """A parser that rejects an incomplete form: half a photo is not the one that was meant.

    A photo stays in memory, where it is wanted next; a disk, which might be full, has nothing to do with it.
    """

    spool_max_size = MAX_BODY_BYTES

    def __init__(self, request: Request) -> None:
        self.ended = False
        super().__init__(request.headers, self._whole(request), max_files=2, max_fields=32)

    def on_end(self) -> None:
        self.ended = True

    async def _whole(self, request: Request) -> AsyncGenerator[bytes]:
        async for chunk in _limited(request):
            yield chunk
        if not self.ended:
            raise MultiPartException("The form ends too early.")


async def _limited(
    request: Request, most: int = MAX_BODY_BYTES, beyond: Callable[[], ProblemError] = too_large
) -> AsyncGenerator[bytes]:
    length = 0
    async for chunk in request.stream():
        length += len(chunk)
        if length > most:
            raise beyond()
        yield chunk


async def _drain(request: Request) -> None:
    """Let the caller finish sending, since many read no answer earlier; past a limit the connection is closed."""
    length = 0
    async for chunk in request.stream():
        length += len(chunk)
        if length > MAX_DRAIN_BYTES:
            return
