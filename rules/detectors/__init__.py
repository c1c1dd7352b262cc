"""What rings: one small file a detector."""
