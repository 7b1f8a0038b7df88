"""The secret by which the orchestrator knows that a request came through CloudFront, and how it is exchanged.

Each secret has a number; CloudFormation makes its value, and nobody else ever holds it. `(3,)` is the ordinary state.
To exchange it three deployments follow each other: `(3, 4)` makes another that is taken too, `(4, 3)` has CloudFront
send it, `(4,)` forgets the first. So every request is taken, whichever of them is under way.
"""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.nag import acknowledge

LENGTH = 48


class OriginSecrets(Construct):
    """`sent` is what CloudFront sends in `ORIGIN_HEADER`, `taken` what the orchestrator takes, separated by commas.

    Both are references that CloudFormation resolves when it deploys: no value stands in the template.
    """

    def __init__(self, scope: Construct, construct_id: str, *, numbers: Sequence[int]) -> None:
        """Secrets of these `numbers`, of which the first is sent and all are taken."""
        super().__init__(scope, construct_id)
        values = {number: self._value(number) for number in numbers}
        self.sent = values[numbers[0]]
        self.taken = ",".join(values[number] for number in sorted(values))

    def _value(self, number: int) -> str:
        secret = secretsmanager.Secret(
            self,
            f"Secret{number}",
            description="Tripane: identifies CloudFront to the API, so that nobody bypasses it",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=LENGTH, exclude_punctuation=True
            ),
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        acknowledge(secret, "`make rotate` rotates it, in an order that no rotation function could follow.", "SMG4")
        return secret.secret_value.unsafe_unwrap()
