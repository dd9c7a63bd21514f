"""posapp: a point of sale and back office for shops that sell through Digital River."""
