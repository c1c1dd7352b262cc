"""The command line and the told sample, as the acceptance tests have them."""

from tests.cli import tocsin
from tests.sample import told_file

__all__ = ["tocsin", "told_file"]
