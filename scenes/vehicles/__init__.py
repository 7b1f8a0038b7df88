"""Cars and vans: their shapes, bodies, parts, and where they drive and stand."""
