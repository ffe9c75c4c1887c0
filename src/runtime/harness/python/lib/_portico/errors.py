"""Describes an exception for the run: its name, its message, and the user's own lines."""
import traceback

from .absent import explain, missing_module
from .folder import PACKAGE
from .script import ALIASES

MESSAGE_LIMIT = 4096
# A run keeps this much of a stack, from its start. Cut here, so that its end is kept too.
STACK_LIMIT = 4096

# Of the interpreter, in MiB; `runner.start` sets it.
memory_limit = 80


class BadAnswer(Exception):
    """The handler returned a value that cannot be an answer."""


def is_ours(filename):
    """Returns True for the harness, Pyodide and the standard library: all files that are not the user's."""
    return filename.startswith(("/lib/", "<frozen "))


def message_of(error):
    try:
        if isinstance(error, ModuleNotFoundError) and error.name:
            if error.name.startswith(PACKAGE + "."):
                return "No module named %r in the folder of the handler" % error.name.removeprefix(PACKAGE)
            return missing_module(error.name)
        if isinstance(error, NameError) and error.name in ALIASES:
            return "%s; %s" % (error, missing_module(ALIASES[error.name]))
        if isinstance(error, SystemExit):
            return "the handler called exit(%s)" % ("" if error.code is None else repr(error.code))
        if isinstance(error, MemoryError) and not str(error):
            return "the handler needs more memory than it has (%s MB with the interpreter itself)" % memory_limit
        words = explain(error)
        return "%s. %s" % (str(error).rstrip("."), words) if words else str(error)
    except BaseException:
        return "(an exception whose text cannot be read)"


def describe(error):
    """Returns {name, message, stack} of an exception. Causes and contexts are in the stack, each with the user's frames only."""
    try:
        trace = traceback.TracebackException.from_exception(error, compact=True)
        _keep_user_frames(trace)
        stack = "".join(trace.format())
    except BaseException:
        stack = ""
    return {"name": _name_of(type(error)), "message": message_of(error)[:MESSAGE_LIMIT], "stack": _ends(stack)}


# The names of classes, past a metaclass that has another idea of them.
_name_of = type.__dict__["__name__"].__get__


def _keep_user_frames(trace):
    """Removes the harness's frames from a trace, its causes, contexts and parts: a chain of them may be longer than the stack is deep."""
    left, seen = [trace], set()
    while left:
        trace = left.pop()
        if trace is None or id(trace) in seen:
            continue
        seen.add(id(trace))
        trace.stack[:] = [frame for frame in trace.stack if not is_ours(frame.filename)]
        left += [trace.__cause__, trace.__context__, *(trace.exceptions or ())]


def _ends(stack):
    """Keeps the beginning and the end, which has the exception itself."""
    if len(stack) <= STACK_LIMIT:
        return stack
    half = STACK_LIMIT // 2 - 10
    return stack[:half] + "\n    …\n" + stack[-half:]
