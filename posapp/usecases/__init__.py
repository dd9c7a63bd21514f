"""What people do: one class an area, one method a verb. Never imports Qt."""
