"""The manager's desk: what is held, blocked, unpaid or in doubt. Nobody approves here."""
