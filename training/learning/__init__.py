"""The parts of a training run: networks to start from, losses, weight averaging, options."""
