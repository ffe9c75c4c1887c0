"""Explains the parts of Python that are not available here: Python's own messages name the platform, or no reason."""
import errno
import os
import sys

AVAILABLE = (
    "Handlers have Python's standard library, the packages that they declare, flask's Request, Response, jsonify, make_response and abort, "
    "and this service's modules portico, tables and pq."
)
_FETCH = "Use portico.fetch(url) or urllib.request, for hosts on the endpoint's egress list."
_TABLES = "Use the module tables for the service's tables."
_NOT_DECLARED = "It is not among the packages that the script declares."
_NOT_HERE = "This part of the standard library is not available here."
_PROCESSES = "Other processes are not available."
_INSTEAD = {
    **dict.fromkeys(("requests", "httpx", "urllib3", "aiohttp"), _FETCH),
    **dict.fromkeys(("sqlalchemy", "pymysql"), _TABLES),
    "_multiprocessing": _PROCESSES,
}
# Parts of messages, and their explanations.
_WORDS = (
    ("can't start new thread", "Threads are not available. Use asyncio, or several calls at once."),
    ("does not support processes", _PROCESSES),
    ("OS process APIs", _PROCESSES),
    ("lacks multiprocessing", _PROCESSES),
    ("Host is unreachable", "Sockets are not available. " + _FETCH),
    ("raw socket access", "Sockets are not available. " + _FETCH),
)


def explain(error):
    """Returns why an exception was raised here and what to use instead, or None."""
    if not isinstance(error, (OSError, RuntimeError)):
        return None
    message = str(error)
    return next((words for part, words in _WORDS if part in message), None)


def missing_module(name):
    """Returns a message that a module is not available, with the reason and an alternative."""
    top = (name or "").partition(".")[0]
    why = _NOT_HERE if top in sys.stdlib_module_names else _NOT_DECLARED
    return "No module named %r. %s %s" % (name, why, _INSTEAD.get(top) or AVAILABLE)


def refuse_processes():
    """Makes the functions that start another program raise. os.system would return -1, which programs rarely check."""
    for name in ("system", "fork", "execv", "execve"):
        setattr(os, name, _refusal(name))


def _refusal(name):
    def refuse(*args, **kwargs):
        raise OSError(errno.ENOTSUP, "os.%s() cannot run here. %s" % (name, _PROCESSES))

    refuse.__name__ = refuse.__qualname__ = name
    return refuse
