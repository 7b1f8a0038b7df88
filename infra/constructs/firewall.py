"""A web application firewall with one rule: a limit on the requests from one address in five minutes."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

REGION = "us-east-1"
"""Where CloudFront's firewalls are made; a stack elsewhere cannot have one."""


class Firewall(Construct):
    """`arn` is what a distribution is given; more than `requests` from an address are answered 429."""

    def __init__(self, scope: Construct, construct_id: str, *, requests: int) -> None:
        super().__init__(scope, construct_id)
        stack = cdk.Stack.of(self)
        cdk.CfnRule(
            self,
            "Region",
            assertions=[
                cdk.CfnRuleAssertion(
                    assert_=cdk.Fn.condition_equals(stack.region, REGION),
                    assert_description=f"requestsPerFiveMinutes needs {REGION}, where CloudFront's firewalls are",
                )
            ],
        )
        rule = waf.CfnWebACL.RuleProperty(
            name="requests-of-one-address",
            priority=0,
            statement=waf.CfnWebACL.StatementProperty(
                rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(
                    limit=requests, aggregate_key_type="IP", evaluation_window_sec=300
                )
            ),
            action=waf.CfnWebACL.RuleActionProperty(
                block=waf.CfnWebACL.BlockActionProperty(
                    custom_response=waf.CfnWebACL.CustomResponseProperty(
                        response_code=429,
                        response_headers=[waf.CfnWebACL.CustomHTTPHeaderProperty(name="Retry-After", value="300")],
                    )
                )
            ),
            visibility_config=_visible("requests-of-one-address"),
        )
        acl = waf.CfnWebACL(
            self,
            "Acl",
            scope="CLOUDFRONT",
            default_action=waf.CfnWebACL.DefaultActionProperty(allow=waf.CfnWebACL.AllowActionProperty()),
            rules=[rule],
            visibility_config=_visible("all"),
        )
        self.arn = acl.attr_arn


def _visible(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )
