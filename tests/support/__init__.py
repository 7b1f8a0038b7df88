"""What tests of several parts have in common."""
