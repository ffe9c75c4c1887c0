"""The call being served.

Several calls can be parked in one interpreter, each waiting for the host. A context variable keeps them apart: Pyodide puts a
call's context back when it resumes, and asyncio hands it to the tasks that the call starts.
"""
from contextvars import ContextVar


class Call:
    """What belongs to one call: its log, its request (None for a function fed by name) and what is known about it."""

    __slots__ = ("info", "log", "params", "request", "tasks")

    def __init__(self, info, params, log):
        self.info, self.params, self.log, self.request = info, params, log, None
        # asyncio tasks that it started, once there is one.
        self.tasks = None


_call = ContextVar("portico_call", default=None)
current = _call.get
enter = _call.set


def call_in(context):
    """The call that a context belongs to, or None."""
    return context.get(_call)
