"""Calls of the service: synchronous for Python, while other calls of the isolate continue."""
import json

from pyodide.ffi import JsException, run_sync

from .jsontext import dumps

# async (op, json) -> json; the JavaScript side sets it when the interpreter starts.
_send = None


class HostError(Exception):
    """The service refused or failed. `code` is the service's error code, `errors` has the issues of an input."""

    __module__ = "portico"

    def __init__(self, message, code="host_error", errors=()):
        super().__init__(message)
        self.code, self.errors = code, list(errors)


def lend(send):
    global _send
    _send = send


def ask(op, arguments):
    """Asks the service for `op` and returns the result. Raises HostError. The service checks every right itself."""
    if _send is None:
        raise HostError("%s: available in handlers only, not in operations of graphs" % op)
    try:
        answer = json.loads(run_sync(_send(op, dumps(arguments))))
    except JsException as error:
        raise HostError("%s: %s" % (op, error.message)) from None
    if "error" in answer:
        error = answer["error"]
        raise HostError(str(error.get("message", op)), str(error.get("code", "host_error")), error.get("errors", ()))
    return answer.get("ok")
