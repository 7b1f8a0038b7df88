"""The stack fits into a new account, twice."""

from __future__ import annotations

import pytest

from infra.quotas import table, unknown
from infra.tools.quotas import as_markdown
from shared.paths import ROOT
from tests.infra.conftest import synthesize
from tests.infra.test_options import CERTIFICATE


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """A stack with everything that can be chosen, while its secret is exchanged."""
    return synthesize(
        tmp_path_factory.mktemp("full"),
        domainName="tripane.example.org",
        certificateArn=CERTIFICATE,
        accessTokenSha256="0" * 64,
        requestsPerFiveMinutes="1000",
        alarmEmail="operator@example.org",
        provisionedConcurrency="1",
        originSecrets="1+2",
        batchBuckets="my-photos",
    ).document


def test_a_new_account_has_room_for_two_stacks(template, full):
    for document in (template.document, full):
        too_many = [row for row in table(document) if 2 * row[1] > row[2]]
        assert too_many == []


def test_every_kind_of_resource_was_thought_of(template, full):
    assert unknown(template.document) == set()
    assert unknown(full) == set()


def test_a_stack_that_grew_too_large_would_be_found(template):
    grown = {f"Policy{i}": {"Type": "AWS::CloudFront::CachePolicy", "Properties": {}} for i in range(11)}
    assert ("CloudFront::CachePolicy", 11, 20) in table({"Resources": grown})
    assert unknown({"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}) == {"AWS::SQS::Queue"}


def test_the_documentation_has_the_table(template):
    assert as_markdown(template.document) in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
