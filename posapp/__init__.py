"""posapp: a point of sale and back office for shops that sell through Digital River."""

__version__ = "0.1.0"
