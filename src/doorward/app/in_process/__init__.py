"""A whole Doorward in memory, for tests: no port, no file, and AWS's own clients."""

from doorward.app.in_process.clock import Clock
from doorward.app.in_process.in_process import InProcess
from doorward.app.in_process.keys import Keys

__all__ = ["Clock", "InProcess", "Keys"]
