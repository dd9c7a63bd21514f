"""The window's building blocks: knows Qt, knows nothing of the shop's areas."""
