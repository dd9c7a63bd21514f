"""What people do: one class an area, one method a verb. Checks permissions; never imports Qt, httpx
or SQLAlchemy.
"""
