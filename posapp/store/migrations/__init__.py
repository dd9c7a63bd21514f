"""Steps from older stores to ours. Never imported unless a step is due."""
