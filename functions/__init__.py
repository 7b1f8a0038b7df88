"""What runs on Lambda: one orchestrator, and one segmenter for each network in `models`."""
