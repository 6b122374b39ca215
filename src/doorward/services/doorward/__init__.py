"""Doorward's own operations: decisions for other applications, and the tokens they call with."""

from doorward.services.doorward import access_questions, authorize, authzen, forwarded, tokens

__all__ = ["access_questions", "authorize", "authzen", "forwarded", "tokens"]
