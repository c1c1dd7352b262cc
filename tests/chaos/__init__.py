"""Measured trust: see __main__.py."""
