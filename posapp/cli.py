"""The commands of main.py, once the environment exists. Imports nothing of Qt itself."""
