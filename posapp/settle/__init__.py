"""Send once, look up on doubt: the only place that repeats a write. Never imports Qt."""
