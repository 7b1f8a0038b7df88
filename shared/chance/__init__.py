"""The chance of being right, without labels: from how many models agree, and how sure they are."""
