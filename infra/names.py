"""The stack's name, by which CloudFormation knows it."""

STACK = "Tripane"
