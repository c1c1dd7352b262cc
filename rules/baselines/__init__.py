"""What is usual: expected counts and their ranges."""
