"""The order queue and one order beside it: who waits for what, and what may be done about it."""
