"""The constructs that `infra.stack` composes, one concern each, and what they share."""
