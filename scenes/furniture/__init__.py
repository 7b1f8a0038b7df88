"""What stands on pavements: lamps, signs, signals, bollards, railings, fences, bins, tables."""
