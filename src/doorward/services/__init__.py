"""One function per AWS operation."""
