"""What we remember: journal and shared store. The only home of SQLAlchemy; rows never leave."""
