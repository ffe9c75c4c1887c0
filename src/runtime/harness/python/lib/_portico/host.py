"""Calls of the service: synchronous to Python, while other calls of the isolate go on."""
import json

from pyodide.ffi import JsException, run_sync

from .jsontext import dumps

# async (op, json) -> json, lent by the JavaScript side when the interpreter starts.
_send = None


class HostError(Exception):
    """The service refused or failed. `code` is the service's word for it, `errors` has the offences of an input."""

    __module__ = "portico"

    def __init__(self, message, code="host_error", errors=()):
        super().__init__(message)
        self.code, self.errors = code, list(errors)


def lend(send):
    global _send
    _send = send


def ask(op, arguments):
    """Asks the service for `op`; the answer's value, or HostError. The service checks every right itself."""
    if _send is None:
        raise HostError("%s: only handlers can ask the service, not operations of graphs" % op)
    try:
        answer = json.loads(run_sync(_send(op, dumps(arguments))))
    except JsException as error:
        raise HostError("%s: %s" % (op, error.message)) from None
    if "error" in answer:
        error = answer["error"]
        raise HostError(str(error.get("message", op)), str(error.get("code", "host_error")), error.get("errors", ()))
    return answer.get("ok")
