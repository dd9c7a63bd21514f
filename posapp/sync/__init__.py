"""What happens by itself: the feed in, the outbox out, doubts looked up. Never imports Qt or
usecases.
"""
