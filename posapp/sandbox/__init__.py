"""A pretend Digital River. Imports nothing from the rest of posapp."""
