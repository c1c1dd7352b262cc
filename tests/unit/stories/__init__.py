"""The published stories, planted in synthetic counties and judged by the whole rule book."""
