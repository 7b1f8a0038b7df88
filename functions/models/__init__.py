"""One folder for each model: `network.py`, the network from its paper, and `card.json`, what it is and how good."""
