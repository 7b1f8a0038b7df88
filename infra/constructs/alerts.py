"""Where alarms and the budget are told, and to whom."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

TELLING = ("cloudwatch.amazonaws.com", "budgets.amazonaws.com")


class Alerts(Construct):
    """`topic`, which alarms and a monthly budget of the whole account write to and `email` reads."""

    def __init__(self, scope: Construct, construct_id: str, *, email: str, monthly_budget_usd: int) -> None:
        """Without an `email` the topic has no reader, and alarms are seen on the dashboard only."""
        super().__init__(scope, construct_id)
        self.topic = sns.Topic(self, "Topic", enforce_ssl=True)
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal(service) for service in TELLING],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": cdk.Stack.of(self).account}},
            )
        )
        if email:
            self.topic.add_subscription(subscriptions.EmailSubscription(email))
        budget = budgets.CfnBudget(
            self,
            "Budget",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(amount=monthly_budget_usd, unit="USD"),
            ),
            notifications_with_subscribers=[self._notice("ACTUAL", 80), self._notice("FORECASTED", 100)],
        )
        budget.node.add_dependency(self.topic)

    def _notice(self, kind: str, percent: int) -> budgets.CfnBudget.NotificationWithSubscribersProperty:
        """Notify when `kind` of spending exceeds `percent` of the budget."""
        return budgets.CfnBudget.NotificationWithSubscribersProperty(
            notification=budgets.CfnBudget.NotificationProperty(
                notification_type=kind,
                comparison_operator="GREATER_THAN",
                threshold=percent,
                threshold_type="PERCENTAGE",
            ),
            subscribers=[budgets.CfnBudget.SubscriberProperty(subscription_type="SNS", address=self.topic.topic_arn)],
        )
