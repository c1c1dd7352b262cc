"""Invented counties with known truth: how often each rule cries wolf, and what it finds."""
