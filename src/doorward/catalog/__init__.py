"""Facts about AWS: read-only look-ups of generated data."""
