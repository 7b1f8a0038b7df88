"""The ground: carriageway, kerbs, pavements, verges, markings and what lies on them."""
