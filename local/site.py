"""Write a demo of the page that any static host serves, without an API: `make site`, or `python -m local.site`.

Page, networks, what runs them in a browser, and the samples with their results, which the local system computes first.
Photos of a visitor's own run on their device; nothing is sent anywhere, for there is nothing to send it to.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from functions.orchestrator.precompute import SamplesMissedError
from local.expected import LocalError, in_a_sentence
from local.isolation import isolate
from local.server import listen, make_server
from local.system import started
from shared import page_files
from shared.contracts.card import load_cards
from shared.contracts.routes import PREFIX
from shared.paths import PAGE_DIR, ROOT

DATA = "data/"
INDEX_CHANGES = (
    (r'href="/v1/(models|samples)"', rf'href="{DATA}\1.json"'),
    (r'\n *<a class="plain" href="/v1/docs">API</a>', ""),
    (r'This page needs JavaScript; the <a href="/v1/docs">API</a> does not\.', "This page needs JavaScript."),
    (r'(<p id="privacy">).*?(</p>)', r"\1A photo stays on your device: there is no server that it could be sent to.\2"),
    (r'(<p id="there">).*?(</p>)', r"\1There is no server here. Of the samples the results were computed before.\2"),
    (r'\n *<meta property="og:(url|image|image:alt)"[^>]*>', ""),  # whose address is not known here
    (r">There, on the server<", ">Samples as computed before<"),
)
"""Replacements in the page where there is no API: patterns in index.html, each found at least once."""

Get = Callable[[str], bytes]


def write_site(get: Get, out: Path, tell: Callable[[str], None] = print) -> None:
    """Write the demo to `out`, which is emptied first; `get` answers to a path of the API.

    Raises `EngineMissingError`, `ModelFileError`, and whatever `get` does.
    """
    engine = page_files.engine_files()
    shutil.rmtree(out, ignore_errors=True)
    for file in PAGE_DIR.rglob("*"):
        if file.is_file():
            _write(out / file.relative_to(PAGE_DIR), file.read_bytes())
    shutil.copyfile(PAGE_DIR / "modules" / "here" / "static-api.js", out / "modules" / "api.js")
    index = out / "index.html"
    index.write_text(_without_api(index.read_text(encoding="utf-8")), encoding="utf-8")
    for address, content in [
        *((address, file.read()) for address, file in page_files.networks(load_cards().values(), brought=True).items()),
        *((address, path.read_bytes()) for address, path in engine.items()),
    ]:
        _write(out / address, content)
    documents = [f"{PREFIX}models", f"{PREFIX}samples"]
    documents += [sample["comparison"] for sample in json.loads(get(documents[1]))["samples"]]
    for at, path in enumerate(documents, 1):
        tell(f"  {at} of {len(documents)} documents, with their pictures")
        document = _kept(json.loads(get(path)), get, out)
        _write(out / f"{_place(path)}.json", json.dumps(document).encode())


def _without_api(html: str) -> str:
    for pattern, words in INDEX_CHANGES:
        html, found = re.subn(pattern, words, html, flags=re.DOTALL)
        if not found:
            raise ValueError(f"index.html has nothing like {pattern!r} any more: mend INDEX_CHANGES")
    return html


def _kept(part: Any, get: Get, out: Path) -> Any:
    """A part of a document, whose pictures are copied to `out` and linked there."""
    if isinstance(part, dict):
        return {key: _kept(value, get, out) for key, value in part.items()}
    if isinstance(part, list):
        return [_kept(value, get, out) for value in part]
    if not isinstance(part, str) or not part.startswith(PREFIX):
        return part
    place = _place(part)
    if Path(place).suffix or place.endswith("/image"):  # a picture; other documents are written for themselves
        _write(out / place, get(part))
        return place
    return f"{place}.json"


def _place(path: str) -> str:
    """The file of the demo for the API's `path`."""
    return DATA + urlsplit(path).path.removeprefix(PREFIX)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def over_http(url: str) -> Get:
    """`get` by HTTP, past proxies: the system is on this machine."""
    opener = build_opener(ProxyHandler({}))

    def get(path: str) -> bytes:
        with opener.open(url + path, timeout=60) as answer:
            content: bytes = answer.read()
            return content

    return get


@in_a_sentence
def main() -> int:
    """Parse the command line, start the system, have the samples computed, write the demo; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m local.site", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "site", help="folder, emptied first")
    out: Path = parser.parse_args().out
    isolate()
    page_files.engine_files()
    print("Starting the model functions …", flush=True)
    with started() as (api, _):
        print("Computing the samples: a minute or two.", flush=True)
        try:
            api.state.compute_samples()
        except SamplesMissedError as error:
            raise LocalError(f"{error} No demo was written, since it would lack them: try again.") from error
        listener, ready = listen(0), threading.Event()
        server = make_server(api, PAGE_DIR, ready.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            ready.wait(30)
            write_site(over_http(f"http://127.0.0.1:{listener.getsockname()[1]}"), out)
        finally:
            server.should_exit = True
            thread.join(10)
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    print(f"{out}: {size / 1e6:.0f} MB for any static host. Try it: python3 -m http.server --directory {out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
