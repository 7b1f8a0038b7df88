"""Scores of label maps against ground truth, and confidence intervals of figures over photos."""
