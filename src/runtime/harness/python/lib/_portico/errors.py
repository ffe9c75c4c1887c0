"""What an exception says in the run: its name, its message, and the user's own lines."""
import traceback

MESSAGE_LIMIT = 4096
# A run keeps this much of a stack, from its start; so it is cut here, where its end can be kept.
STACK_LIMIT = 4096

AVAILABLE = (
    "Handlers have Python's standard library, flask's Request, Response, jsonify, make_response and abort, "
    "and this service's modules portico, tables and pq."
)
_COMPILED = frozenset(
    "pandas numpy xarray cubepy scipy sklearn matplotlib PIL cv2 torch tensorflow lxml psycopg2 pyarrow polars cryptography orjson".split()
)
# Names that Pyplan gives its nodes without an import.
_ALIASES = {"pd": "pandas", "np": "numpy", "xr": "xarray", "cp": "cubepy"}
_INSTEAD = {
    "requests": "Use portico.fetch(url) or urllib.request, for hosts on the endpoint's egress list.",
    "httpx": "Use portico.fetch(url) or urllib.request, for hosts on the endpoint's egress list.",
    "urllib3": "Use portico.fetch(url) or urllib.request, for hosts on the endpoint's egress list.",
    "aiohttp": "Use portico.fetch(url) or urllib.request, for hosts on the endpoint's egress list.",
    "sqlalchemy": "Use the module tables for the service's tables.",
    "pymysql": "Use the module tables for the service's tables.",
}


class BadAnswer(Exception):
    """The handler's value cannot be an answer."""


def is_ours(filename):
    """True for the harness, Pyodide and the standard library: everything that is not the user's."""
    return filename.startswith(("/lib/", "<frozen "))


def missing_module(name):
    """Says that a module is not here, why, and what there is."""
    top = (name or "").partition(".")[0]
    why = "It needs compiled extensions, which cannot run here. " if top in _COMPILED else ""
    return "No module named %r. %s%s" % (name, why, _INSTEAD.get(top) or AVAILABLE)


def message_of(error):
    try:
        if isinstance(error, ModuleNotFoundError) and error.name:
            return missing_module(error.name)
        if isinstance(error, NameError) and error.name in _ALIASES:
            return "%s; %s" % (error, missing_module(_ALIASES[error.name]))
        if isinstance(error, SystemExit):
            return "the handler called exit(%s)" % ("" if error.code is None else repr(error.code))
        if isinstance(error, MemoryError) and not str(error):
            return "the handler needs more memory than it has (80 MB with the interpreter itself)"
        return str(error)
    except Exception:
        return "(an exception whose text cannot be had)"


def describe(error):
    """{name, message, stack} of an exception. Causes and contexts are in the stack, each with the user's frames only."""
    try:
        trace = traceback.TracebackException.from_exception(error, compact=True)
        _keep_user_frames(trace, set())
        stack = "".join(trace.format())
    except Exception:
        stack = ""
    return {"name": type(error).__name__, "message": message_of(error)[:MESSAGE_LIMIT], "stack": _ends(stack)}


def _keep_user_frames(trace, seen):
    if trace is None or id(trace) in seen:
        return
    seen.add(id(trace))
    trace.stack[:] = [frame for frame in trace.stack if not is_ours(frame.filename)]
    _keep_user_frames(trace.__cause__, seen)
    _keep_user_frames(trace.__context__, seen)
    for part in trace.exceptions or ():
        _keep_user_frames(part, seen)


def _ends(stack):
    """The beginning and the end, where the exception itself stands."""
    if len(stack) <= STACK_LIMIT:
        return stack
    half = STACK_LIMIT // 2 - 10
    return stack[:half] + "\n    …\n" + stack[-half:]
