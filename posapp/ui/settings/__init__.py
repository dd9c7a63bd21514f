"""Who is at the till, and what the shop has set: sign-in and settings."""
