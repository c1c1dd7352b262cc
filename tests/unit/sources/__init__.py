"""Tests of reading extracts."""
