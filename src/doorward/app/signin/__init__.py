"""Signing in: the ways a person gets a session, and what ends it."""
