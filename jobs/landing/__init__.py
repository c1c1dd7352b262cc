"""A file comes in: read, weighed, landed. One extract is one transaction."""
