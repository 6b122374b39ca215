"""What can be said more simply, or has no effect."""
