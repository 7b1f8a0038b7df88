"""Houses: their styles, walls, openings, shops, roofs, and the rows they stand in."""
