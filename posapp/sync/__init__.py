"""What happens by itself: the feed, the outbox, the engine. Never imports Qt."""
