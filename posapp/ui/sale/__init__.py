"""The sale at the till: one page a step, the basket always beside it. Never calls the service."""
