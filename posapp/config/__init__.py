"""What this computer provides: settings, secrets, paths, logs, clock. Never imports Qt."""
