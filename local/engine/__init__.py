"""What runs the networks in the page, for a machine that has nothing of npm."""
