"""The user's own truth: which label map belongs to a photo, and what its ids or colours mean."""
