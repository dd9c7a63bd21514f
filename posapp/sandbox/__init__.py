"""A pretend Digital River, behind training, tests and the demo. Imports nothing of ours."""
