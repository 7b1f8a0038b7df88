"""Findings of cfn-lint and checkov that are intended, with reasons; cdk-nag's are in `infra/constructs`.

`make checks` and a test hold this to what both find: nothing more, and nothing that is no longer found.
"""

from __future__ import annotations

from typing import NamedTuple


class Meant(NamedTuple):
    """Findings of one rule on resources whose logical ids match one of `resources`, and why they are intended."""

    rule: str
    resources: tuple[str, ...]
    reason: str


OF_THE_CDK = ("Custom*", "AWS679f53fac002430cb0da5b7982bd2287*")
"""Functions that the CDK brings for a deployment; only CloudFormation calls them."""
SCRIPTS = ("BrakeStopFunction*", "ProbeVisitorFunction*")

CFN_LINT = (
    Meant("W3005", ("*",), "The CDK declares twice that a function depends on its role, which is harmless."),
    Meant("WS1000", (*SCRIPTS, *OF_THE_CDK), "What runs once an hour, or in a deployment, needs no traces."),
    Meant(
        "WS1004",
        ("*",),
        "Every function has a log group that forgets, by LoggingConfig, which this rule does not read.",
    ),
    Meant(
        "ES1005",
        OF_THE_CDK[1:],
        "The CDK leaves this function's memory at Lambda's 128 MB, which is enough for one call.",
    ),
    Meant("ES1007", ("ProbeHourly*",), "Lambda's own two retries suffice, and an alarm reports the rest."),
    Meant("ES4000", ("ProbeHourly*",), "A failed visit need not be kept: the next is an hour later."),
)

CHECKOV = (
    Meant(
        "CKV_AWS_115",
        ("*",),
        "An account that starts with ten executions refuses reservations; the daily limit bounds the cost.",
    ),
    Meant(
        "CKV_AWS_116",
        ("*",),
        "Calls are answered; asynchronous ones are retried, and alarms report failures.",
    ),
    Meant(
        "CKV_AWS_117",
        ("*",),
        "Our own network would need rights to create interfaces, and time to tear down: see security.md.",
    ),
    Meant("CKV_AWS_149", ("OriginSecret*",), "AWS's key is as safe; our own would cost $1 a month."),
    Meant(
        "CKV_AWS_158", ("*Log*",), "Logs are encrypted with AWS's key; they hold addresses for 30 days, and no photo."
    ),
    Meant(
        "CKV_AWS_173",
        ("*Function*", OF_THE_CDK[0]),
        "Variables are encrypted with AWS's key; the only secret is rotated.",
    ),
    Meant(
        "CKV_AWS_174",
        ("SiteDistribution*",),
        "CloudFront decides this for its own name; `domainName` makes it TLS 1.2.",
    ),
    Meant("CKV_AWS_18", ("Logs*",), "This is the bucket of access logs, which cannot log access to itself."),
    Meant(
        "CKV_AWS_21",
        ("Logs*", "DataBucket*"),
        "A deleted photo must be gone, and versioning would keep it; logs are written once.",
    ),
    Meant("CKV_AWS_26", ("AlertsTopic*",), "Alarms contain nothing secret, and are sent by e-mail."),
    Meant(
        "CKV_AWS_68",
        ("SiteDistribution*",),
        "A firewall costs $6 a month and more; `requestsPerFiveMinutes` brings one.",
    ),
)
