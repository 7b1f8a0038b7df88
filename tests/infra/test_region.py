"""AWS_REGION says where the commands of infra and `tripane batch` look, as it says where the CDK's command deploys."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from shared import paths

LOOKS = {
    "infra": "import infra, boto3; print(boto3.client('lambda').meta.region_name)",
    "tripane batch": "from tripane.batch.aws import client; print(client('s3').meta.region_name)",
}


@pytest.mark.parametrize("command", LOOKS)
@pytest.mark.parametrize("other", [{}, {"AWS_DEFAULT_REGION": "us-east-1"}])
def test_the_region_is_that_of_aws_region(command, other):
    env = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    env |= {"AWS_REGION": "eu-central-1", "AWS_CONFIG_FILE": os.devnull, **other}
    run = subprocess.run(
        [sys.executable, "-c", LOOKS[command]], env=env, cwd=paths.ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "eu-central-1"
