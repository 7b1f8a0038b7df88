"""What runs on Lambda: an orchestrator, a segmenter for each network in `models`, the brake and the probe."""
