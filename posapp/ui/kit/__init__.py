"""Parts every screen is built of. Knows Qt and money, never an area of the shop."""
