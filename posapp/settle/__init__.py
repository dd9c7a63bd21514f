"""The one place that sends a write and settles a lost answer.

Nothing outside it repeats a write.
"""
