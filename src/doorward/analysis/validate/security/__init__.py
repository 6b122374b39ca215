"""What gives more than it seems to."""
