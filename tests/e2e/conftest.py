"""Fixtures of the package."""

from tests.sample import told_file

__all__ = ["told_file"]
