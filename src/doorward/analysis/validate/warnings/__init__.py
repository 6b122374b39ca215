"""What works otherwise than one may think."""
