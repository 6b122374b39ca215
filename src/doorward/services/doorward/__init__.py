"""Doorward's own operations: decisions for other applications, and the tokens they call with."""
