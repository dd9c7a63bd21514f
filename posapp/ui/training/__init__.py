"""The training room: the next outcome, lessons, the coach. Only there in training."""
