"""An account as it would be after a deployment: the template's references resolved, its roles' rights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

TLS = {"aws:SecureTransport", "s3:TlsVersion"}
ACCOUNT, REGION, BUCKET = "123456789012", "us-east-1", "tripane-data"


@dataclass(frozen=True)
class Right:
    """One action on one resource, with wildcards, that a role has."""

    role: str
    action: str
    resource: str


class Account:
    """The names that a deployment would give to what the template has."""

    def __init__(self, template: Any) -> None:
        self.resources = template.document["Resources"]

    def text(self, value: Any) -> str:
        """A value of the template, its references resolved."""
        if isinstance(value, str):
            return value
        ((kind, argument),) = value.items()
        if kind == "Fn::Join":
            return str(argument[0]).join(self.text(part) for part in argument[1])
        if kind == "Ref":
            return {"AWS::Partition": "aws", "AWS::Region": REGION, "AWS::AccountId": ACCOUNT}.get(
                argument
            ) or self.name(argument)
        assert kind == "Fn::GetAtt", value
        return self.arn(argument[0])

    def name(self, logical_id: str) -> str:
        """What Ref gives."""
        kind, properties = self.resources[logical_id]["Type"], self.resources[logical_id].get("Properties", {})
        if kind == "AWS::Lambda::Version":
            return f"{self.arn(properties['FunctionName']['Ref'])}:1"
        if kind == "AWS::Lambda::Alias":
            return f"{self.arn(properties['FunctionName']['Ref'])}:{properties['Name']}"
        return BUCKET if logical_id.startswith("DataBucket") else logical_id

    def arn(self, logical_id: str) -> str:
        """What Fn::GetAtt gives of an ARN."""
        kind = self.resources[logical_id]["Type"]
        if kind == "AWS::StepFunctions::StateMachine":
            return logical_id  # of which the name alone is asked for
        if kind == "AWS::S3::Bucket":
            return f"arn:aws:s3:::{self.name(logical_id)}"
        service = {"AWS::Lambda::Function": "lambda", "AWS::Logs::LogGroup": "logs"}[kind]
        return f"arn:aws:{service}:{REGION}:{ACCOUNT}:function:{logical_id}"

    def policies(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The policies of roles that have one, by the policy's logical id, resolved."""
        for logical_id, resource in self.resources.items():
            if resource["Type"] == "AWS::IAM::Policy":
                statements = [
                    {
                        "Effect": statement["Effect"],
                        "Action": listed(statement["Action"]),
                        "Resource": [self.text(one) for one in listed(statement["Resource"])],
                        "Condition": statement.get("Condition"),
                    }
                    for statement in resource["Properties"]["PolicyDocument"]["Statement"]
                ]
                yield logical_id, {"Version": "2012-10-17", "Statement": statements}

    def denied_by_buckets(self) -> list[dict[str, Any]]:
        """What buckets deny to everybody, but for their conditions on TLS, which every call of ours meets."""
        return [
            {
                "Effect": "Deny",
                "Action": listed(statement["Action"]),
                "Resource": [self.text(one) for one in listed(statement["Resource"])],
                "Condition": statement["Condition"],
            }
            for resource in self.resources.values()
            if resource["Type"] == "AWS::S3::BucketPolicy"
            for statement in resource["Properties"]["PolicyDocument"]["Statement"]
            if statement["Effect"] == "Deny"
            and not TLS & {key for test in statement["Condition"].values() for key in test}
        ]

    def rights(self) -> set[Right]:
        return {
            Right(role, action, resource)
            for role, policy in self.policies()
            for statement in policy["Statement"]
            if statement["Effect"] == "Allow"
            for action in statement["Action"]
            for resource in statement["Resource"]
        }


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
