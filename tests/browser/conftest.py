"""A headless Chromium for the browser tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, sync_playwright

from tests.browser.install import executable

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
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page that fails the test if any script on it fails, or the page's security policy is broken."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    errors: list[Error] = []
    messages: list[ConsoleMessage] = []
    page.on("pageerror", lambda error: errors.append(error))
    page.on("console", lambda message: messages.append(message))
    yield page
    context.close()
    assert not errors
    assert not [message.text for message in messages if "Content Security Policy" in message.text]
