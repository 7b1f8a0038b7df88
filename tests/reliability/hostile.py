"""Requests that no honest program sends, as bytes on a connection, and how each may be answered.

Statuses that a case allows stand beside it; `CLOSED` is a connection that ends without an answer.
"""

from __future__ import annotations

import gzip
import zlib
from typing import NamedTuple

from tests.support import photos

CLOSED = 0
URL = "/v1/comparisons"
JPEG = photos.jpeg()
ID = "0" * 64
FORM = "multipart/form-data; boundary=X"


class Case(NamedTuple):
    """What is sent, and the statuses that may come back; `word` is what the answer's text must hold."""

    sent: bytes
    statuses: frozenset[int]
    word: str = ""


def request(
    method: str = "GET",
    target: str = "/v1/health",
    headers: tuple[str, ...] = (),
    body: bytes = b"",
    *,
    host: str | None = "Host: 127.0.0.1",
    length: str | None = "",
    version: str = "HTTP/1.1",
) -> bytes:
    """A request; `length` is what it says of its body's length, the truth when empty, nothing when None."""
    lines = [f"{method} {target} {version}", "Connection: close", *headers]
    if host is not None:
        lines.append(host)
    if length is not None and (body or length):
        lines.append(f"Content-Length: {length or len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def part(name: str = "image", body: bytes = JPEG, file: str = '; filename="p.jpg"', more: str = "") -> bytes:
    """A part of a form, with its boundary before it."""
    return f'--X\r\nContent-Disposition: form-data; name="{name}"{file}\r\n{more}\r\n'.encode() + body + b"\r\n"


def form(*parts: bytes, headers: tuple[str, ...] = (), content_type: str = FORM, end: bytes = b"--X--\r\n") -> bytes:
    """A POST of a form."""
    return request("POST", URL, (f"Content-Type: {content_type}", *headers), b"".join(parts) + end)


def bare(content_type: str, body: bytes = JPEG, *headers: str) -> bytes:
    """A POST of a body alone."""
    return request("POST", URL, (f"Content-Type: {content_type}", *headers), body)


def chunked(chunks: bytes, *headers: str, content_type: str = "image/jpeg") -> bytes:
    """A POST whose body comes in chunks, already framed."""
    more = (f"Content-Type: {content_type}", "Transfer-Encoding: chunked", *headers)
    return request("POST", URL, more, chunks, length=None)


def chunk(body: bytes, extension: str = "") -> bytes:
    """One chunk."""
    return f"{len(body):x}{extension}\r\n".encode() + body + b"\r\n"


def _cases(statuses: set[int], word: str = "", /, **sent: bytes) -> dict[str, Case]:
    return {name.replace("_", " "): Case(data, frozenset(statuses), word) for name, data in sent.items()}


LAST = b"0\r\n\r\n"
BOMB = gzip.compress(bytes(64 * 2**20))

METHODS = _cases(
    {400, 404, 405},
    lower_case=request("get"),
    TRACE=request("TRACE"),
    CONNECT=request("CONNECT", "evil.example:443"),
    OPTIONS_of_everything=request("OPTIONS", "*"),
    PROPFIND=request("PROPFIND"),
    a_method_with_an_at_sign=request("G@T"),
    a_method_of_200_letters=request("X" * 200),
    POST_where_nothing_is_posted=request("POST", body=b"x"),
    PUT_of_a_comparison=request("PUT", f"{URL}/{ID}", body=b"x"),
    a_method_overridden=request("POST", "/v1/health", ("X-HTTP-Method-Override: GET",), b"x"),
    PRI_of_HTTP_2=b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    HTTP_0_9=b"GET /v1/health\r\n\r\n",
)
PATHS = _cases(
    {400, 404, 414},
    two_slashes=request(target="//v1/health"),
    dots=request(target="/v1/../v1/health"),
    dots_out_of_the_page=request(target="/../../../../etc/passwd"),
    dots_escaped_out_of_the_page=request(target="/..%2f..%2f..%2fetc%2fpasswd"),
    backslashes=request(target="/..\\..\\etc\\passwd"),
    NUL_escaped=request(target="/v1/health%00"),
    NUL_of_the_page=request(target="/index.html%00.js"),
    a_path_of_60_kB=request(target="/v1/" + "x" * 60_000),
    a_path_of_10_kB=request(target="/v1/" + "x" * 10_000),
    bytes_that_are_no_UTF_8=request(target="/v1/\xff\xfe"),
    escapes_that_are_no_UTF_8=request(target="/v1/%ff%fe"),
    half_an_escape=request(target="/v1/%f"),
    a_surrogate=request(target=f"{URL}/%ed%a0%80"),
    id_in_capitals=request(target=f"{URL}/{'A' * 64}"),
    id_of_63=request(target=f"{URL}/{'0' * 63}"),
    id_of_65=request(target=f"{URL}/{'0' * 65}"),
    id_with_a_newline=request(target=f"{URL}/{ID}%0a"),
    id_in_wide_digits=request(target=f"{URL}/{'%ef%bc%90' * 64}"),
    id_in_arabic_digits=request(target=f"{URL}/{'%d9%a0' * 64}"),
    id_with_dots=request(target=f"{URL}/..%2f{ID}"),
    a_model_with_dots=request(target=f"{URL}/{ID}/..%2f..%2fenet/labels.png"),
    a_version_with_dots=request(target=f"{URL}/{ID}/enet/labels.png?v=../../x"),
    a_version_in_capitals=request(target=f"{URL}/{ID}/enet/labels.png?v=ABCDEFABCDEF"),
    another_picture=request(target=f"{URL}/{ID}/enet/result.json"),
    a_model_in_the_query=request(target=f"{URL}/{ID}?models=ENET%00"),
    ten_thousand_models=request(target=f"{URL}/{ID}?" + "models=enet&" * 2_000),
    a_sample_with_dots=request(target="/v1/samples/..%2fsamples.json/image.jpg"),
    a_file_of_the_documentation=request(target="/v1/docs/..%2fstart.js"),
    a_fragment=request(target="/v1/health#x"),
    another_host_in_the_target=request(target="http://evil.example/v1/nothing"),
)
READ = _cases(
    {200, 304, 400, 431},  # a large header may come in pieces, and is then refused
    a_body_of_a_GET=request(body=b"x" * 1000),
    a_query_that_nobody_asked_for=request(target="/v1/health?" + "a=b&" * 1000),
    a_query_with_half_an_escape=request(target="/v1/health?%f&%00"),
    If_None_Match_of_anything=request(target="/v1/models", headers=("If-None-Match: *",)),
    If_None_Match_that_is_none=request(target="/v1/models", headers=("If-None-Match: \xff'\"",)),
    If_Modified_Since_never=request(target="/v1/models", headers=("If-Modified-Since: never",)),
    If_Match=request(target="/v1/models", headers=('If-Match: "x"',)),
    Accept_of_nothing=request(headers=("Accept: text/html;q=0",)),
    Accept_Encoding_of_nothing=request(headers=("Accept-Encoding: identity;q=0, *;q=0",)),
    Accept_Language_flood=request(headers=("Accept-Language: " + "de;q=0.1," * 1000,)),
    a_line_that_goes_on=request(headers=("A: b\r\n c", "Transfer-Encoding:\r\n chunked")),
    cookies=request(headers=("Cookie: " + "a=b; " * 1000,)),
    addresses=request(headers=("X-Forwarded-For: " + "10.0.0.1, " * 1000,)),
    a_request_id_that_is_an_attack=request(headers=("X-Request-Id: ${jndi:ldap://x}",)),
    a_request_id_of_1000=request(headers=("X-Request-Id: " + "a" * 1000,)),
    two_request_ids=request(headers=("X-Request-Id: aaaaaaaa", "X-Request-Id: bbbbbbbb")),
    an_upgrade_to_websocket=request(
        headers=("Upgrade: websocket", "Sec-WebSocket-Key: eA==", "Sec-WebSocket-Version: 13")
    ),
    an_upgrade_to_HTTP_2=request(headers=("Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA")),
    a_host_in_capitals=request(host="Host: LOCALHOST:80"),
    HTTP_1_0=request(version="HTTP/1.0"),
    HTTP_9=request(version="HTTP/9.9"),
    a_header_of_100_kB=request(headers=("A: " + "x" * 100_000,)),
    two_thousand_headers=request(headers=tuple(f"A{n}: {'x' * 40}" for n in range(2000))),
)
HEADERS = _cases(
    {400, 413, 431},
    a_header_without_a_colon=request(headers=("nonsense",)),
    a_header_with_a_space_in_its_name=request(headers=("A B: c",)),
    a_header_with_NUL=request(headers=("A: \0",)),
    no_host=request(host=None),
    two_hosts=request(headers=("Host: 127.0.0.1",)),
    a_host_with_a_user=request(host="Host: 127.0.0.1@evil.example"),
    a_host_of_nothing=request(host="Host: "),
    another_host=request(host="Host: evil.example"),
    a_host_that_looks_like_ours=request(host="Host: 127.0.0.1.evil.example"),
    two_lengths=request("POST", URL, ("Content-Length: 3",), b"xxxx"),
    a_length_below_zero=request("POST", URL, (), b"xxxx", length="-1"),
    a_length_with_a_plus=request("POST", URL, (), b"xxxx", length="+4"),
    a_length_in_hexadecimal=request("POST", URL, (), b"xxxx", length="0x4"),
    a_length_of_words=request("POST", URL, (), b"xxxx", length="four"),
    a_length_of_two=request("POST", URL, (), b"xxxx", length="4, 5"),
    a_length_in_arabic=request("POST", URL, (), b"xxxx", length="\xb2"),
    a_length_of_thirty_digits=request("POST", URL, (), b"xxxx", length="9" * 30),
    chunks_of_gzip=chunked(LAST).replace(b": chunked", b": gzip, chunked"),
    chunks_twice=chunked(LAST).replace(b": chunked", b": chunked, chunked"),
    chunks_with_a_tab=chunked(LAST).replace(b": chunked", b": \x0bchunked"),
)
CHUNKS = _cases(
    {400, 408, 413, 415, 422, CLOSED},
    a_length_that_lies=request(
        "POST", URL, ("Content-Type: image/jpeg", "Transfer-Encoding: chunked"), LAST, length="9"
    ),
    a_size_that_is_none=chunked(b"zz\r\nxx\r\n" + LAST),
    a_size_below_zero=chunked(b"-1\r\nxx\r\n" + LAST),
    a_size_of_sixteen_Fs=chunked(b"f" * 16 + b"\r\nxx"),
    a_size_of_forty_Fs=chunked(b"f" * 40 + b"\r\nxx"),
    an_extension_of_100_kB=chunked(chunk(b"x", ";" + "a" * 100_000) + LAST),
    a_chunk_without_its_end=chunked(b"4\r\nxxxxyyyy" + LAST),
    a_trailer_flood=chunked(chunk(b"x") + b"0\r\n" + b"A: b\r\n" * 5000 + b"\r\n"),
    more_than_may_be=chunked(chunk(b"\xff\xd8\xff" + bytes(5 * 2**20)) + LAST),
    thirty_thousand_chunks_of_a_byte=chunked(chunk(b"x") * 30_000 + LAST),
    no_chunk_at_all=chunked(LAST),
)
FORMS = _cases(
    {413, 415, 422},
    a_thousand_fields=form(*[part("models", b"enet", "")] * 1000),
    a_thousand_files=form(*[part("image", b"x")] * 1000),
    a_name_of_100_kB=form(part("x" * 100_000)),
    a_name_of_NUL=form(part("image\0")),
    a_name_that_is_no_UTF_8=form(part().replace(b'"image"', b'"\xff\xfe"')),
    no_boundary=form(part(), content_type="multipart/form-data"),
    an_empty_boundary=form(part(), content_type="multipart/form-data; boundary="),
    a_boundary_of_10_kB=form(part(), content_type="multipart/form-data; boundary=" + "X" * 10_000),
    another_boundary=form(part(), content_type="multipart/form-data; boundary=Y"),
    a_boundary_in_Latin_1=form(part(), content_type="multipart/form-data; boundary=\xe9"),
    a_part_within_a_part=form(
        part(more="Content-Type: multipart/mixed; boundary=Z\r\n", body=b"--Z\r\n\r\nx\r\n--Z--")
    ),
    a_part_with_a_thousand_headers=form(part(more="A: b\r\n" * 1000)),
    a_part_with_a_header_of_1_MB=form(part(more="A: " + "b" * 2**20 + "\r\n")),
    a_part_without_a_disposition=form(b"--X\r\n\r\nx\r\n"),
    a_part_that_is_no_form_data=form(b'--X\r\nContent-Disposition: attachment; name="image"\r\n\r\nx\r\n'),
    a_file_name_of_100_kB=form(part(file='; filename="' + "p" * 100_000 + '"')),
    a_preamble=form(b"preamble\r\n" * 1000, part()),
    half_an_end=form(part(), end=b"--X-"),
    nothing_but_the_end=form(),
    only_newlines_between=form(part().replace(b"\r\n", b"\n"), end=b"--X--\n"),
    a_photo_in_base64=form(part(more="Content-Transfer-Encoding: base64\r\n", body=b"/9j/4AAQ")),
    an_image_that_is_text=form(part(file="")),
    half_escapes=request("POST", URL, ("Content-Type: application/x-www-form-urlencoded",), b"sample=%f%&%=%00"),
    a_field_of_the_form_that_is_none=form(part("__proto__")),
    two_types=form(part(), headers=("Content-Type: image/jpeg",), content_type="application/json"),
)
MISTAKEN = _cases(
    {422},
    "hold text",
    a_sample_that_is_a_file=form(part("sample")),
    models_that_are_a_file=form(part(), part("models")),
    files_that_are_no_image=form(part("sample"), part("models")),
)
LONG = _cases(
    {413},
    "A form without a file",
    a_form_of_addresses_of_1_MB=request(
        "POST", URL, ("Content-Type: application/x-www-form-urlencoded",), b"image=" + b"x" * 2**20
    ),
    a_form_of_nothing_but_ampersands=request(
        "POST", URL, ("Content-Type: application/x-www-form-urlencoded",), b"&" * 2**20
    ),
)
TAKEN = _cases(
    {200},
    a_file_name_with_a_path=form(part(file='; filename="../../../etc/passwd"')),
    a_file_name_in_two_ways=form(part(file="; filename=\"p\"; filename*=UTF-8''%ff%00")),
    a_file_name_with_tags=form(part(file='; filename="<script>alert(1)</script>"')),
    an_epilogue=form(part(), end=b"--X--\r\n" + b"x" * 100_000),
    a_type_of_another_kind=form(part(more="Content-Type: text/html\r\n")),
    a_charset_that_is_none=form(part(), content_type=FORM + "; charset=utf-99"),
    a_type_in_capitals=bare("IMAGE/JPEG"),
    a_PNG_that_says_it_is_a_JPEG=bare("image/jpeg", photos.GOOD["PNG"]),
    an_Expect_of_100=bare("image/jpeg", JPEG, "Expect: 100-continue"),
    an_Expect_of_nonsense=bare("image/jpeg", JPEG, "Expect: the unexpected"),
    chunks_of_HTTP_1_0=chunked(chunk(JPEG) + LAST).replace(b"HTTP/1.1", b"HTTP/1.0"),
    a_photo_in_chunks=chunked(chunk(JPEG[:100]) + chunk(JPEG[100:], ';x="y"') + LAST),
    an_HTML_page_within_a_JPEG=bare("image/jpeg", JPEG + b"<html><script>alert(1)</script></html>"),
    a_ZIP_behind_a_PNG=bare("image/png", photos.GOOD["PNG"] + b"PK\x05\x06" + bytes(18)),
    models_named_twice=form(part(), part("models", b"enet,enet,,enet", ""), part("models", b"enet", "")),
)
ENCODED = _cases(
    {415},
    "Content-Encoding",
    a_photo_in_gzip=bare("image/jpeg", gzip.compress(JPEG), "Content-Encoding: gzip"),
    a_gzip_bomb=bare("image/jpeg", BOMB, "Content-Encoding: gzip"),
    a_form_in_gzip=request(
        "POST", URL, (f"Content-Type: {FORM}", "Content-Encoding: gzip"), gzip.compress(part() + b"--X--\r\n")
    ),
    a_photo_in_brotli=bare("image/jpeg", JPEG, "Content-Encoding: br"),
    a_photo_that_is_deflated=bare("image/png", zlib.compress(JPEG), "Content-Encoding: deflate"),
)
BODIES = _cases(
    {408, 415, 422},
    no_type=request("POST", URL, (), JPEG),
    a_type_that_is_none=bare("image"),
    a_type_of_nothing=bare(""),
    two_types_at_once=bare("image/jpeg, image/png"),
    a_type_with_a_parameter_without_end=bare('text/plain; x="'),
    octets=bare("application/octet-stream"),
    an_SVG=bare("image/svg+xml", b"<svg/>"),
    an_SVG_that_says_it_is_a_PNG=bare("image/png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    an_address=bare("text/plain", b"http://169.254.169.254/latest/meta-data/"),
    JSON_that_is_deep=bare("application/json", b"[" * 100_000),
    XML_that_multiplies=bare("application/xml", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;&a;</x>'),
)
DELETES = _cases(
    {400, 403, 404, 431},
    no_token=request("DELETE", f"{URL}/{ID}"),
    a_token_of_50_kB=request("DELETE", f"{URL}/{ID}", ("X-Delete-Token: " + "x" * 50_000,)),
    a_token_in_Latin_1=request("DELETE", f"{URL}/{ID}", ("X-Delete-Token: \xff\xfe",)),
    a_token_with_dots=request("DELETE", f"{URL}/{ID}", ("X-Delete-Token: ../../x",)),
    two_tokens=request("DELETE", f"{URL}/{ID}", ("X-Delete-Token: a", "X-Delete-Token: b")),
    a_sample=request("DELETE", f"{URL}/sunny_oldtown", ("X-Delete-Token: a",)),
    for_another_site=request("DELETE", f"{URL}/{ID}", ("Sec-Fetch-Site: cross-site",)),
    with_a_body=request("DELETE", f"{URL}/{ID}", (), b"x" * 1000),
)
SPELLED = _cases(
    {400, 404, 405},
    POST_with_an_escape=request("POST", "/v1/comparison%73", (), JPEG),
    POST_with_two_escapes=request("POST", "/v1/comparison%2573", (), JPEG),
    POST_in_capitals=request("POST", "/V1/Comparisons", (), JPEG),
    POST_with_a_slash_behind=request("POST", f"{URL}/", (), JPEG),
    POST_with_a_slash_escaped=request("POST", "/v1%2fcomparisons", (), JPEG),
    POST_with_two_slashes=request("POST", "/v1//comparisons", (), JPEG),
    POST_with_slashes_before=request("POST", "//v1/comparisons", (), JPEG),
    POST_with_a_dot=request("POST", "/v1/./comparisons", (), JPEG),
    POST_with_dots=request("POST", "/v1/x/../comparisons", (), JPEG),
    POST_with_dots_escaped=request("POST", "/v1/x/%2e%2e/comparisons", (), JPEG),
    POST_with_a_parameter=request("POST", f"{URL};x=1", (), JPEG),
    POST_with_a_parameter_in_between=request("POST", "/v1;x/comparisons", (), JPEG),
    POST_with_a_space_behind=request("POST", f"{URL}%20", (), JPEG),
    POST_with_NUL_behind=request("POST", f"{URL}%00", (), JPEG),
    POST_with_a_newline_behind=request("POST", f"{URL}%0a", (), JPEG),
    POST_in_wide_letters=request("POST", "/v1/%ef%bd%83omparisons", (), JPEG),
    POST_in_long_UTF_8=request("POST", "/v1/%c1%a3omparisons", (), JPEG),
    POST_with_an_invisible_letter=request("POST", "/v1/com%e2%80%8bparisons", (), JPEG),
    POST_with_a_backslash=request("POST", "/v1\\comparisons", (), JPEG),
    GET_in_capitals=request(target="/V1/health"),
    GET_with_a_slash_behind=request(target="/v1/health/"),
    GET_with_a_parameter=request(target="/v1/health;x=1"),
    GET_with_dots_to_the_code=request(target="/modules/..%2f..%2flocal/server.py"),
    GET_with_dots_escaped_to_the_code=request(target="/%2e%2e/local/server.py"),
    GET_with_dots_escaped_twice=request(target="/%252e%252e/local/server.py"),
    GET_with_four_slashes=request(target="////etc/passwd"),
    GET_of_a_folder=request(target="/modules"),
    GET_of_a_hidden_file=request(target="/.git/config"),
)
RANGES = _cases(
    {200, 206, 304, 400, 412, 416, 431},
    all_of_it=request(target="/icon.svg", headers=("Range: bytes=0-",)),
    nothing_of_it=request(target="/icon.svg", headers=("Range: bytes=9999999999-",)),
    backwards=request(target="/icon.svg", headers=("Range: bytes=5-2",)),
    the_last_of_more_than_there_is=request(target="/icon.svg", headers=("Range: bytes=-999999999999999999999",)),
    a_number_of_4000_digits=request(target="/icon.svg", headers=("Range: bytes=0-" + "9" * 4000,)),
    lines=request(target="/icon.svg", headers=("Range: lines=1-2",)),
    nonsense=request(target="/icon.svg", headers=("Range: bytes=a-b,,=-",)),
    a_thousand_of_them=request(target="/icon.svg", headers=("Range: bytes=" + ",".join(["0-"] * 1000),)),
    ten_thousand_of_a_byte=request(
        target="/icon.svg", headers=("Range: bytes=" + ",".join(f"{n}-{n}" for n in range(0, 20_000, 2)),)
    ),
    digits_without_end=request(target="/icon.svg", headers=("Range: bytes=" + "9" * 50_000,)),
    If_Range_of_anything=request(target="/icon.svg", headers=("Range: bytes=0-1", "If-Range: never")),
    of_an_answer_that_is_made=request(target="/v1/models", headers=("Range: bytes=0-1",)),
    If_None_Match_flood=request(target="/v1/models", headers=("If-None-Match: " + '"x", ' * 10_000,)),
    If_Modified_Since_in_the_year_0=request(
        target="/icon.svg", headers=("If-Modified-Since: Mon, 00 Jan 0000 00:00:00 GMT",)
    ),
    If_Unmodified_Since=request(target="/icon.svg", headers=("If-Unmodified-Since: Mon, 01 Jan 1990 00:00:00 GMT",)),
)
SMUGGLED = _cases(
    {400, CLOSED},
    a_space_before_the_colon=request(headers=("Transfer-Encoding : chunked",)),
    a_tab_before_the_colon=request(headers=("Content-Length\t: 4",)),
    a_return_within_a_header=request(headers=("A: b\rTransfer-Encoding: chunked",)),
    a_newline_within_the_target=request(target="/v1/health\nX: y"),
    chunks_by_another_name=chunked(chunk(JPEG) + LAST).replace(b": chunked", b": xchunked"),
    chunks_that_are_quoted=chunked(chunk(JPEG) + LAST).replace(b": chunked", b': "chunked"'),
    chunks_and_the_identity=chunked(chunk(JPEG) + LAST).replace(b": chunked", b": chunked, identity"),
    a_size_with_an_x=chunked(b"0x4\r\nxxxx\r\n" + LAST),
    a_size_with_an_underscore=chunked(b"1_0\r\n" + b"x" * 16 + b"\r\n" + LAST),
    a_size_with_a_plus=chunked(b"+4\r\nxxxx\r\n" + LAST),
    two_requests_in_one_line=b"GET /v1/health HTTP/1.1 GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    a_target_with_a_space=request(target="/v1/health x"),
    no_target=b"GET  HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    a_name_in_wide_letters=request(headers=("\xefransfer-Encoding: chunked",)),
    TLS_on_a_plain_connection=b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03" + bytes(500),
    nothing_but_newlines=b"\r\n" * 100_000,
    nothing_but_zeros=bytes(200_000),
)
FOREIGN = _cases(
    {403},
    an_origin_of_null=request(headers=("Origin: null",)),
    an_origin_that_is_no_address=request(headers=("Origin: http://[",)),
    an_origin_with_our_name_in_it=request(headers=("Origin: http://127.0.0.1.evil.example",)),
    an_origin_of_another_port=request(headers=("Origin: http://127.0.0.1:1",)),
    a_picture_on_another_site=request(headers=("Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors")),
    a_form_on_another_site=form(part(), headers=("Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate")),
)

CASES: dict[str, Case] = {
    f"{kind}: {name}": case
    for kind, cases in {
        "method": METHODS,
        "path": PATHS,
        "read": READ,
        "header": HEADERS,
        "chunks": CHUNKS,
        "form": FORMS,
        "taken": TAKEN,
        "body": BODIES,
        "mistaken": MISTAKEN,
        "long": LONG,
        "encoded": ENCODED,
        "delete": DELETES,
        "foreign": FOREIGN,
        "spelled": SPELLED,
        "range": RANGES,
        "smuggled": SMUGGLED,
    }.items()
    for name, case in cases.items()
}
