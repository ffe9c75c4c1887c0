"""The call being served.

Several calls can be parked in one interpreter, each waiting for the host. A context variable separates them: Pyodide restores a
call's context when it resumes the call, and asyncio passes it to the tasks that the call starts.
"""
from contextvars import ContextVar


class Call:
    """State of one call: its log, its request (None for a function called by name) and its metadata."""

    __slots__ = ("info", "log", "params", "request", "tasks")

    def __init__(self, info, params, log):
        self.info, self.params, self.log, self.request = info, params, log, None
        # asyncio tasks that it started; None before the first.
        self.tasks = None


_call = ContextVar("portico_call", default=None)
current = _call.get
enter = _call.set


def call_in(context):
    """Returns the call that a context belongs to, or None."""
    return context.get(_call)
