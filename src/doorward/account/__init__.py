"""An AWS account as a value."""
