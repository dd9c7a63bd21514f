"""What the service says: HTTP in, domain values out. The only home of httpx."""
