"""From a fresh clone to a running program: standard library only, nothing else of posapp."""
