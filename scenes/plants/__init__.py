"""Trees, hedges and shrubs, and where they grow."""
