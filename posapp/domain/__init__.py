"""What is true in the shop: values and rules. Imports the standard library only."""
