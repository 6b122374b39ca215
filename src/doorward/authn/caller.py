"""Who is calling, once it is proven."""

from doorward.account.caller import Caller, CallerKind

__all__ = ["Caller", "CallerKind"]
