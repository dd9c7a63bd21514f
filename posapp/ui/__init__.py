"""What people see: the only home of Qt. Never talks HTTP or SQL."""
