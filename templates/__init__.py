"""Wording only."""
