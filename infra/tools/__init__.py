"""What an operator runs, beside the CDK: see docs/operations.md."""
