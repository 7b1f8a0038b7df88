"""The API's documentation, as a programmer first tries it."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visit import MODELS, PATIENCE_MS, street

pytestmark = pytest.mark.browser


def test_try_it_out_compares_a_photo_as_the_form_opens(page: Page, painted):
    page.goto(f"{painted.url}/v1/docs")
    operation = page.locator("#operations-comparisons-compare")
    operation.locator(".opblock-summary").click(timeout=30_000)
    operation.get_by_role("button", name="Try it out").click()
    operation.locator("input[type=file]").set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": street(70)}
    )
    operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table .response")
    expect(answer.locator(".response-col_status")).to_contain_text("200", timeout=PATIENCE_MS)
    document = json.loads(answer.locator(".highlight-code code").inner_text())
    assert document["models"].keys() == set(MODELS)
