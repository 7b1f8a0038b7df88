"""How right label maps are where the truth is known, and how far a figure over some photos can be trusted."""
