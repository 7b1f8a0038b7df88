"""A headless Chromium for the browser tests, and a page whose models paint."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, sync_playwright

from tests.browser import painted as painting
from tests.browser.install import executable
from tests.browser.painted import Painted

# Chromium would otherwise call home, and its sandbox cannot be had as root in a container.
FLAGS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"


# One for each module, not for the session: while Playwright is open its event loop counts as this thread's running one,
# and whatever test comes after could run none of its own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = executable()
    if path is None:
        pytest.skip("there is no Chromium: `python -m tests.browser.install` says how to get one")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS.split())
        yield chromium
        chromium.close()


@pytest.fixture
def options() -> dict:
    """What the browser's context is made with; a test may have its own by parametrizing it."""
    return {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture
def page(browser: Browser, options: dict) -> Iterator[Page]:
    """A fresh page that fails the test if any script on it fails, or the page's security policy is broken."""
    context = browser.new_context(**options)
    page = context.new_page()
    errors: list[Error] = []
    messages: list[ConsoleMessage] = []
    page.on("pageerror", lambda error: errors.append(error))
    page.on("console", lambda message: messages.append(message))
    yield page
    context.close()
    assert not [error.stack for error in errors]
    assert not [message.text for message in messages if "Content Security Policy" in message.text]


@pytest.fixture(scope="session")
def _painted() -> Iterator[Painted]:
    with painting.running() as running:
        yield running


@pytest.fixture
def painted(_painted: Painted) -> Iterator[Painted]:
    """The page over the real API, with models that paint at once unless the test has them do otherwise."""
    yield _painted
    _painted.open_gates()
