"""`main.py demo`: one day in the real window, a line and a picture a step, and the books
compared.
"""
