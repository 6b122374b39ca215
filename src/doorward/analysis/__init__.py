"""What follows from an account and its policies: who can, what can, is this policy sound."""
