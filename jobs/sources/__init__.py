"""Readers of extracts: bytes in, a validated Reading or a Rejected out."""
