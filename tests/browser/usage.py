"""Count what one comparison by the page takes, for infra/tools/costs.py: `python -m tests.browser.usage`.

A visitor opens the page on the local system, whose first sample has been computed, and chooses a photo.
"""

from __future__ import annotations

import io
from collections import Counter

import boto3
from PIL import Image
from playwright.sync_api import Page, Response, sync_playwright

from local.isolation import isolate
from shared.paths import SAMPLES_DIR
from tests.browser.conftest import FLAGS
from tests.browser.install import executable
from tests.browser.visit import choose, open_page, wait_for_results
from tests.support.system import served


def main() -> None:
    """Print requests, bytes and S3's operations of the opening, then of the photo."""
    operations: Counter[str] = Counter()
    isolate()
    boto3.setup_default_session()
    assert boto3.DEFAULT_SESSION is not None
    # Those of the orchestrator, which runs in this process; each model gets the photo and puts three objects.
    boto3.DEFAULT_SESSION.events.register("before-call.s3", lambda model, **_: operations.update([model.name]))
    photo = io.BytesIO()
    sample = Image.open(SAMPLES_DIR / "sunny_oldtown.jpg")
    sample.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(photo, "JPEG")
    with served() as tripane, sync_playwright() as playwright:
        url = tripane.url
        browser = playwright.chromium.launch(executable_path=executable(), args=FLAGS.split())
        open_page(browser.new_page(), url)
        page = browser.new_page()
        took = Took(page)
        operations.clear()
        open_page(page, url)
        page.wait_for_load_state("networkidle")
        print("opening:", took.summary(), dict(operations), flush=True)
        took.clear()
        operations.clear()
        choose(page, photo.getvalue())
        page.wait_for_timeout(500)
        wait_for_results(page)
        page.wait_for_load_state("networkidle")
        print("a photo:", took.summary(), dict(operations))
        browser.close()


class Took:
    """What a page has asked for."""

    def __init__(self, page: Page) -> None:
        self.answers: list[Response] = []
        page.on("response", lambda answer: self.answers.append(answer))

    def clear(self) -> None:
        """Forget what has been."""
        self.answers.clear()

    def summary(self) -> str:
        """How many requests went to the API and for files, and how many bytes came."""
        api = [answer for answer in self.answers if "/v1/" in answer.url]
        # By their headers: what a worker fetched has no body here.
        size = sum(int(answer.headers.get("content-length", 0)) for answer in self.answers if answer.ok)
        return f"{len(api)} API requests, {len(self.answers) - len(api)} files, {size} bytes"


if __name__ == "__main__":
    main()
