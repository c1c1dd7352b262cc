"""The command line, as the acceptance tests drive it."""

from tests.cli import tocsin

__all__ = ["tocsin"]
