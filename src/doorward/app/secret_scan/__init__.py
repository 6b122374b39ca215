"""Find access keys where they should not be: in files, and in every version git remembers."""
